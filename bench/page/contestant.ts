/** What the bench compares: one piece of work, done by Baton and by peers. */

/** Work that is ready: its operands are on the device, and nothing has been computed. */
export interface Running {
  /** Does the work `times` times and waits once, for the last. */
  run(times: number): Promise<void>;
  /** What the first run computed, in the order that the work defines. */
  result(): Promise<Float32Array>;
  /** One number for each run so far, for work that continues from run to run (training). */
  trace?(): readonly number[];
  /** Milliseconds of the parts of the last run. */
  parts?(): Readonly<Record<string, number>>;
  close(): void | Promise<void>;
}

/** A library that can do the work, or why there is none. */
export interface Contestant {
  readonly name: string;
  readonly open: (() => Promise<Running>) | string;
}

export interface Work {
  readonly group: Group;
  readonly name: string;
  /** Floating-point operations of one run; 0 if the count would say little. */
  readonly flop: number;
  /** Necessary memory traffic of one run: every operand once. */
  readonly bytes: number;
  /** The most that a number may differ from ours, relative to our largest number. */
  readonly tolerance: number;
  /** Compares results instead of `tolerance`: what is wrong with the peer's, or null. */
  readonly differ?: (ours: Float32Array, theirs: Float32Array) => string | null;
  /** Checks our own result, if there is a way to: what is wrong with it, or null. */
  readonly prove?: (ours: Float32Array) => string | null;
  /** Most milliseconds for all timed rounds of one contestant. */
  readonly box: number;
  /** Runs per measurement; if left out, it follows from the time that one of our runs takes. */
  readonly burst?: number;
  /** Ours first. */
  readonly contestants: readonly Contestant[];
}

export const GROUPS = ['matmul', 'softmax', 'attention', 'train', 'generate', 'grpo'] as const;
export type Group = (typeof GROUPS)[number];

/** The results of one contestant. */
export interface Row {
  readonly name: string;
  /** The first run, including compilation, in milliseconds. */
  readonly first?: number;
  /** Milliseconds of one run, one entry per round. */
  readonly rounds: readonly number[];
  readonly median?: number;
  /** Their time divided by ours. */
  readonly ratio?: number;
  readonly gflops?: number;
  readonly gbs?: number;
  readonly parts?: Readonly<Record<string, number>>;
  /** Why there is no median, or a remark about it. */
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
