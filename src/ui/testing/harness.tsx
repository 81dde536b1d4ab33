/**
 * Development only: the chart column and the sample browser with invented data, so that they can be looked at without a
 * GPU. `?runs=2&steps=84&total=150&theme=dark&live=1&beta=0` chooses what is shown.
 */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@fontsource/ibm-plex-sans/400.css';
import '@fontsource/ibm-plex-sans/500.css';
import '@fontsource/ibm-plex-sans/600.css';
import '@fontsource/ibm-plex-mono/400.css';
import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/fields.css';
import '../styles/marks.css';
import '../styles/floats.css';
import './harness.css';
import { ChartColumn } from '../charts/chart-column.tsx';
import { useCursor } from '../charts/cursor-store.ts';
import type { ChartMethod, ChartRun } from '../charts/runs.ts';
import { SeriesStore } from '../charts/series.ts';
import { SampleColumn } from '../samples/sample-column.tsx';
import { SampleStore } from '../samples/sample-store.ts';
import { syntheticGroups, syntheticRow } from './synthetic-run.ts';

const query = new URLSearchParams(location.search);
const number = (name: string, otherwise: number) => Number(query.get(name) ?? otherwise);
const steps = number('steps', 84);
const total = number('total', 150);
document.documentElement.dataset.theme = query.get('theme') ?? 'light';

const labels = ['RLTR', 'RLVR', 'SAR', 'RARO', 'SFT', 'DPO', 'VinePPO', 'PPO', 'RLOO'];
const runs: ChartRun[] = labels.slice(0, number('runs', 2)).map((label, i) => ({
  id: label,
  label,
  slot: i + 1,
  series: new SeriesStore(),
  live: i === 0,
  totalSteps: total,
  ...(i === 0 && { changes: [{ step: 20, label: 'learning rate 1.0e−4' }] }),
}));
const samples = new SampleStore();

function push(step: number): void {
  runs.forEach((run, i) => {
    if (i === 0 || step < total) run.series.push(...syntheticRow(step, i + 1, 1.4 - 0.35 * i));
  });
  samples.push(syntheticGroups(step, 4));
}

for (let step = 0; step < steps; step += 1) push(step);
for (let i = 1; i < runs.length; i += 1) {
  for (let step = steps; step < total; step += 1) {
    runs[i].series.push(...syntheticRow(step, i + 1, 1.4 - 0.35 * i));
  }
}
if (query.has('pin')) useCursor.getState().pin(number('pin', 0));
if (query.has('live')) {
  let step = steps;
  setInterval(() => {
    if (step < total) {
      const [row, timings] = syntheticRow(step, 1, 1.4);
      runs[0].series.push(row, timings);
      samples.push(syntheticGroups(step, 4));
      step += 1;
    }
  }, 1000 / number('live', 20));
}

const method: ChartMethod = {
  ...{ rewarded: true, values: false, groups: true, reference: number('beta', 0.01) !== 0 },
  ratio: number('iterations', 1) === 1 ? 'always-1' : 'moves',
};

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <div className="harness">
        <div className="head" />
        <div className="setup" />
        <ChartColumn
          runs={query.get('runs') === '0' ? [] : runs}
          onDraw={() => undefined}
          terms={[
            { term: 'answer', weight: 1 },
            { term: 'format', weight: 0.1 },
          ]}
          method={method}
          plannedSteps={total}
        />
        <SampleColumn
          samples={samples}
          terms={[
            { term: 'answer', weight: 1 },
            { term: 'format', weight: 0.1 },
          ]}
          groupSize={8}
          loading={query.get('loading') ?? undefined}
        />
      </div>
    </StrictMode>,
  );
}
