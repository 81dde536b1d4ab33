/** A group in one line of a table: how it learned, and what it came to with its interval. */
import { curveOf, type SeedResult, seriesOf } from '../../lab/run-groups/over-steps.ts';
import type { SeedRun } from '../../lab/run-groups/seed-run.ts';
import { decimate } from '../charts/decimate.ts';
import { linePath } from '../plot/frame.ts';

/** What all rows share, so that shapes can be compared. */
export interface Span {
  readonly low: number;
  readonly high: number;
}

const WIDTH = 100;
const HEIGHT = 28;
const POINTS = 50;

interface SparkProps {
  readonly runs: readonly SeedRun[];
  readonly metric: string;
  readonly span: Span;
  /** The run colour of a group that is compared, from 1; 0 for ink. */
  readonly slot: number;
}

/** A thin line for each seed and one for their mean. The numbers stand beside it. */
export function Spark({ runs, metric, span, slot }: SparkProps) {
  const steps = Math.max(1, ...runs.map(({ experiment }) => experiment.steps));
  const path = (xs: readonly number[], ys: readonly number[]) => {
    const kept = decimate(ys, 0, ys.length, POINTS);
    return linePath(
      kept,
      (i) => (WIDTH * xs[i]) / steps,
      (i) => HEIGHT * (1 - shareIn(span, ys[i])),
    );
  };
  const mean = curveOf(runs, metric);
  return (
    <svg
      className={slot > 0 ? `spark r${slot}` : 'spark'}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {runs.length > 1 &&
        runs.map((run) => {
          const { steps: xs, values } = seriesOf(run, metric);
          return <path key={run.id} className="one" d={path(xs, values)} />;
        })}
      <path
        className="mid"
        d={path(
          mean.map(({ step }) => step),
          mean.map(({ estimate }) => estimate.mean),
        )}
      />
    </svg>
  );
}

interface WhiskerProps {
  readonly result: SeedResult;
  readonly span: Span;
  readonly ticks: readonly number[];
  readonly slot: number;
}

/** The mean as a disc on its 95 % line, seeds as ticks. What lies outside ends at the edge. */
export function Whisker({ result, span, ticks, slot }: WhiskerProps) {
  const at = (value: number) => `${100 * shareIn(span, value)}%`;
  const { mean, low, high } = result.estimate;
  return (
    <svg className={slot > 0 ? `whisk r${slot}` : 'whisk'} aria-hidden="true">
      {ticks.map((tick) => (
        <line key={tick} className="ref" x1={at(tick)} x2={at(tick)} y1="-24" y2="44" />
      ))}
      {low !== null && high !== null && (
        <line className="span" x1={at(low)} x2={at(high)} y1="10" y2="10" />
      )}
      {result.values.map(({ seed, value }) => (
        <line key={seed} className="seed" x1={at(value)} x2={at(value)} y1="5" y2="15" />
      ))}
      {result.values.length > 1 && <circle className="m" cx={at(mean)} cy="10" r="4" />}
    </svg>
  );
}

/** Where a value lies in a span, within 0 and 1. */
function shareIn({ low, high }: Span, value: number): number {
  return Math.min(1, Math.max(0, (value - low) / (high - low)));
}
