/** Live settings of a run as they were at its steps: a change tells what stood there before it. Pure. */

/** A live setting that took effect. */
export interface Change {
  /** The first step with it. */
  readonly step: number;
  readonly path: string;
  readonly value: unknown;
  /** What it was before; undefined where that is not known. */
  readonly was?: unknown;
}

/** What a setting was at a step: what it is now, less the changes that came later. */
export function valueAtStep<T>(changes: readonly Change[], path: string, step: number, now: T): T {
  const later = changes.find((one) => one.path === path && one.step > step);
  return later === undefined || later.was === undefined ? now : (later.was as T);
}
