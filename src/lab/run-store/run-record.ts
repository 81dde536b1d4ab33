/** What a stored run had recorded, as plain data. */
import type { Evaluation } from '../../rl/evaluate/evaluate.ts';
import type { EvaluationOrder } from '../../rl/evaluate/order.ts';
import type { MetricsRow, SampleGroup, TimingsRow } from '../../rl/records.ts';

export interface Row {
  readonly metrics: MetricsRow;
  readonly timings: TimingsRow;
}

export interface Change {
  readonly step: number;
  readonly path: string;
  readonly value: unknown;
}

export interface Evaluated {
  readonly order: EvaluationOrder;
  readonly step: number;
  readonly evaluation: Evaluation;
}

/** Everything that a stored run had recorded up to a step. */
export interface RunRecord {
  readonly rows: readonly Row[];
  /** Groups by logged step, ascending; the oldest are sparse. */
  readonly samples: readonly (readonly SampleGroup[])[];
  readonly changes: readonly Change[];
  readonly evaluations: readonly Evaluated[];
}
