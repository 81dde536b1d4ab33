/** What takes part in the bench: one piece of work, done by us and by peers. */

/** Work that is ready: its operands are on the device, nothing has been computed. */
export interface Running {
  /** Does the work `times` times, waits once, for the last. */
  run(times: number): Promise<void>;
  /** What the first run computed, in the order that the work says. */
  result(): Promise<Float32Array>;
  /** One number for each run so far, for work that goes on from where it was (training). */
  trace?(): readonly number[];
  /** Milliseconds of the parts of the last run. */
  parts?(): Readonly<Record<string, number>>;
  close(): void | Promise<void>;
}

/** Somebody who can do the work, or why there is nobody. */
export interface Contestant {
  readonly name: string;
  readonly open: (() => Promise<Running>) | string;
}

export interface Work {
  readonly group: Group;
  readonly name: string;
  /** Operations of one run; 0 where counting them would say little. */
  readonly flop: number;
  /** Necessary traffic of one run, every operand once. */
  readonly bytes: number;
  /** Most that a number may differ from ours, as a share of our largest. */
  readonly tolerance: number;
  /** Judges results in place of `tolerance`: what is wrong with theirs, or null. */
  readonly differ?: (ours: Float32Array, theirs: Float32Array) => string | null;
  /** What our result has to be, where there is a way to know: what is wrong with it, or null. */
  readonly prove?: (ours: Float32Array) => string | null;
  /** Milliseconds that the timed rounds of one contestant may take in all. */
  readonly box: number;
  /** Runs of one measurement, where it is not to follow from the time that we take. */
  readonly burst?: number;
  /** Ours first. */
  readonly contestants: readonly Contestant[];
}

export const GROUPS = ['matmul', 'softmax', 'attention', 'train', 'generate', 'grpo'] as const;
export type Group = (typeof GROUPS)[number];

/** How one contestant did. */
export interface Row {
  readonly name: string;
  /** The first run, compiling included, milliseconds. */
  readonly first?: number;
  /** Milliseconds of one run, one entry a round. */
  readonly rounds: readonly number[];
  readonly median?: number;
  /** Their time over ours. */
  readonly ratio?: number;
  readonly gflops?: number;
  readonly gbs?: number;
  readonly parts?: Readonly<Record<string, number>>;
  /** Why there is no median, or what to know about it. */
  readonly note?: string;
}

export interface Outcome {
  readonly group: Group;
  readonly name: string;
  readonly rows: readonly Row[];
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
