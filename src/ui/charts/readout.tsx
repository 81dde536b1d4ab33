import { reading } from '../plot/numbers.ts';
import type { ChartSpec } from './chart-spec.ts';
import { heldStep, shownStep, useCursor } from './cursor-store.ts';
import type { DrawnLine } from './lines.ts';
import { valueAt, valueText } from './metric-frame.ts';
import { RunKey } from './run-key.tsx';
import type { ChartRun } from './runs.ts';

interface Props {
  readonly spec: ChartSpec;
  readonly runs: readonly ChartRun[];
  readonly lines: readonly DrawnLine[];
  /** False off screen, where nothing follows the pointer. */
  readonly live: boolean;
}

/** The values at the cursor, or the last ones, in the chart's title line: one entry a run. */
export function Readout({ spec, runs, lines, live }: Props) {
  const step = useCursor(live ? shownStep : heldStep);
  // With names at the line ends and one run, its key would say nothing.
  const entries = runs.flatMap((run) => {
    const own = lines.filter((line) => line.run.id === run.id);
    const read = own.map((line) => ({ line, point: valueAt(line, step) }));
    return own.length === 0 ? [] : [{ run, read }];
  });
  if (spec.ink || entries.length === 0) return null;
  return (
    <dl className="readout">
      {entries.map(({ run, read }) => (
        <div key={run.id}>
          <dt>
            <RunKey run={run} />
            <span className="sr">{run.label}</span>
          </dt>
          <dd>
            {read.map(({ line, point }, i) => (
              <span key={line.key} title={line.spec.name}>
                {i > 0 ? ', ' : ''}
                {valueText(line, point)}
              </span>
            ))}
            {spec.raw &&
            Number.isFinite(read[0]?.point?.raw) &&
            read[0].line.rawPoints.length > 0 ? (
              <span className="faint"> raw {reading(read[0].point?.raw ?? Number.NaN)}</span>
            ) : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}
