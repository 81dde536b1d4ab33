/** The lab: the run with its setup, charts and samples; where there is no GPU, what is missing and how to turn it on. */
import { useState } from 'react';
import { ChartsPane } from './components/charts-pane.tsx';
import { NoWebGpu } from './components/no-webgpu.tsx';
import { RunBar } from './components/run-bar.tsx';
import { SamplesPane } from './components/samples-pane.tsx';
import { SetupPanel } from './components/setup-panel.tsx';
import { useLab, usePage, useView } from './context.ts';
import { CannotTrain } from './first/cannot-train.tsx';
import { useFirstExpected } from './first/use-first.ts';
import { presentGroup } from './store/runs.ts';
import type { Pane } from './store/view.ts';

export function LabPage() {
  const noGpu = useLab((data) => data.noGpu);
  const pane = useView((view) => view.pane);
  // A recording can be read without a GPU.
  const recorded = useLab((data) => presentGroup(data)?.recordedIn !== undefined);
  const first = useFirstExpected();
  const [asked, ask] = useState(false);
  if (noGpu && !recorded && (asked || !first)) {
    return <NoWebGpu error={noGpu} {...(first && { onBack: () => ask(false) })} />;
  }
  const cannot = noGpu && !recorded;
  return (
    <div className="lab" data-pane={pane}>
      {cannot ? <CannotTrain error={noGpu} onAsk={() => ask(true)} /> : <RunBar />}
      <SetupPanel />
      <ChartsPane />
      <SamplesPane />
      <Panes />
    </div>
  );
}

const PANES: readonly (readonly [Pane, string])[] = [
  ['setup', 'Setup'],
  ['charts', 'Charts'],
  ['samples', 'Samples'],
];

/** One pane at a time on small screens: the bar at the foot. */
function Panes() {
  const { view } = usePage();
  const pane = useView((state) => state.pane);
  return (
    <nav className="panes" aria-label="Panes">
      {PANES.map(([id, label]) => (
        <button
          key={id}
          type="button"
          aria-pressed={pane === id}
          onClick={() => view.setState({ pane: id })}
        >
          {label}
        </button>
      ))}
    </nav>
  );
}
