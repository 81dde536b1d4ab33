import type { ReactNode } from 'react';
import { useCursor, type XAxisKind } from './cursor-store.ts';
import { RunKey } from './run-key.tsx';
import { type ChartRun, slotOf } from './runs.ts';

interface Props {
  readonly runs: readonly ChartRun[];
  readonly onDraw: (id: string, on: boolean) => void;
  readonly onLift: (slot: number | null) => void;
  /** A button beside the runs. */
  readonly children?: ReactNode;
}

const AXES: readonly (readonly [XAxisKind, string])[] = [
  ['step', 'Step'],
  ['time', 'Time'],
  ['tokens', 'Tokens'],
];

/** Above the charts: which runs, how smooth, over what. */
export function ChartBar({ runs, onDraw, onLift, children }: Props) {
  const smoothing = useCursor((state) => state.smoothing);
  const xAxis = useCursor((state) => state.xAxis);
  const range = useCursor((state) => state.range);
  const { setSmoothing, setXAxis, setRange } = useCursor.getState();
  return (
    <div className="chartbar">
      <ul className="runs" aria-label="Runs">
        {runs.map((run) => (
          <li key={run.id}>
            <button
              className="chip"
              type="button"
              aria-pressed={!run.hidden}
              title={run.hidden ? 'Show this run' : 'Hide this run'}
              onClick={() => onDraw(run.id, run.hidden === true)}
              onPointerEnter={() => onLift(slotOf(run))}
              onPointerLeave={() => onLift(null)}
            >
              <RunKey run={run} />
              <b>{run.label}</b>
              <span className="faint">{run.stands ?? (run.live ? 'live' : 'done')}</span>
            </button>
          </li>
        ))}
      </ul>
      {children}
      <label className="smooth">
        <span className="label">Smoothing</span>
        <input
          className="range"
          aria-label="Smoothing"
          type="range"
          min={0}
          max={0.99}
          step={0.01}
          value={smoothing}
          onChange={(event) => setSmoothing(event.currentTarget.valueAsNumber)}
        />
        <output>{smoothing.toFixed(2)}</output>
      </label>
      {range ? (
        <button className="btn" type="button" onClick={() => setRange(null)}>
          All steps
        </button>
      ) : null}
      <fieldset className="segmented">
        <legend className="sr">Horizontal axis</legend>
        {AXES.map(([kind, label]) => (
          <label key={kind}>
            <input
              type="radio"
              name="chart-axis"
              checked={xAxis === kind}
              onChange={() => setXAxis(kind)}
            />
            {label}
          </label>
        ))}
      </fieldset>
    </div>
  );
}
