/** What arms are compared with, and how. */
import type { Measure, Results } from '../lib/results.ts';

export const BASE = 'rlvr';
export const MAIN = 'rltr';
/** Losing less than this is keeping. */
export const KEPT = -0.02;

/** An arm less RLVR, or less another arm of the same part. */
export const over =
  (results: Results) =>
  (measure: Measure, arm = MAIN, base = BASE) =>
    results.difference(arm, base, measure);
