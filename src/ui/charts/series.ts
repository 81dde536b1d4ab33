import type { MetricsRow, TimingsRow } from '../../rl/records.ts';

/** One measured quantity over the steps of a run. */
interface Column {
  readonly values: number[];
  /** Steps at which a value was reported but was not a finite number. */
  readonly notFinite: number[];
}

/**
 * The full series of one run, outside React: one row a step, one column a name.
 *
 * Columns are dense arrays of doubles (which engines store unboxed), so that a reader gets them without a copy: take
 * them as read-only, and read them again when `version` has changed. Columns of timings are called
 * `timings/step_time`, `timings/phases/<phase>`, `timings/tokens_per_second/<phase>` and `timings/elapsed` (seconds
 * since the first step, summed over steps).
 */
export class SeriesStore {
  #steps: number[] = [];
  #columns = new Map<string, Column>();
  #listeners = new Set<() => void>();
  #version = 0;

  /** Grows with every change: equal versions mean equal contents. */
  get version(): number {
    return this.#version;
  }

  /** Number of rows. */
  get length(): number {
    return this.#steps.length;
  }

  /** Step numbers, ascending. */
  steps(): readonly number[] {
    return this.#steps;
  }

  /** Values of a column, one a row; NaN where the value is absent or not finite. Empty for an unknown name. */
  column(name: string): readonly number[] {
    return this.#columns.get(name)?.values ?? EMPTY;
  }

  /** How many values of a column were reported and were not finite. An absent value is not counted. */
  nonFinite(name: string): number {
    return this.#columns.get(name)?.notFinite.length ?? 0;
  }

  /** The steps at which a column was not finite, ascending. */
  nonFiniteSteps(name: string): readonly number[] {
    return this.#columns.get(name)?.notFinite ?? EMPTY;
  }

  /** Names of all columns, in the order in which they first appeared. */
  names(): string[] {
    return [...this.#columns.keys()];
  }

  /** Is told after every change; the answer takes the listener away again. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Adds the row of a step. Where the step is not above the last one (a run that went on from an earlier checkpoint),
   * the rows from that step on are replaced.
   */
  push(metrics: MetricsRow, timings: TimingsRow): void {
    this.#cutFrom(metrics.step);
    const before = this.#columns.get('timings/elapsed')?.values.at(-1) ?? 0;
    this.#steps.push(metrics.step);
    for (const [name, value] of Object.entries(metrics)) {
      if (name !== 'step') this.#add(name, value, metrics.step);
    }
    for (const [name, value] of timingColumns(timings)) this.#add(name, value, metrics.step);
    const spent = Number.isFinite(timings.step_time) ? timings.step_time : 0;
    this.#add('timings/elapsed', (Number.isFinite(before) ? before : 0) + spent, metrics.step);
    const length = this.#steps.length;
    for (const { values } of this.#columns.values()) {
      while (values.length < length) values.push(Number.NaN);
    }
    this.#changed();
  }

  /** Forgets everything, as after a reset. */
  clear(): void {
    this.#steps = [];
    this.#columns = new Map();
    this.#changed();
  }

  #add(name: string, value: number | null, step: number): void {
    let column = this.#columns.get(name);
    if (!column) {
      column = { values: [], notFinite: [] };
      this.#columns.set(name, column);
    }
    while (column.values.length < this.#steps.length - 1) column.values.push(Number.NaN);
    const finite = value !== null && Number.isFinite(value);
    column.values.push(finite ? value : Number.NaN);
    if (!finite) column.notFinite.push(step);
  }

  #cutFrom(step: number): void {
    let length = this.#steps.length;
    while (length > 0 && this.#steps[length - 1] >= step) length -= 1;
    if (length === this.#steps.length) return;
    this.#steps.length = length;
    for (const { values, notFinite } of this.#columns.values()) {
      values.length = length;
      while (notFinite.length > 0 && notFinite[notFinite.length - 1] >= step) notFinite.pop();
    }
  }

  #changed(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}

const EMPTY: readonly number[] = Object.freeze([]);

function* timingColumns(timings: TimingsRow): Generator<[string, number]> {
  yield ['timings/step_time', timings.step_time];
  for (const [phase, value] of Object.entries(timings.phases)) {
    yield [`timings/phases/${phase}`, value];
  }
  for (const [phase, value] of Object.entries(timings.tokens_per_second)) {
    yield [`timings/tokens_per_second/${phase}`, value];
  }
}
