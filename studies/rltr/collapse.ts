/** Runs whose answers became almost empty. */
import type { RawRun } from '../lib/raw.ts';
import { points } from '../lib/results.ts';

/** A run has collapsed where answers are shorter than this share of what they were when it began. */
export const COLLAPSED = 1 / 5;

/** The first step at which a run had collapsed, of the blocks of steps that are kept; undefined where it never had. */
export function collapsedAt({ series }: RawRun): number | undefined {
  const lengths = points(series['completions/mean_length']);
  const start = lengths.at(0)?.[1];
  return start === undefined
    ? undefined
    : lengths.find(([, length]) => length < COLLAPSED * start)?.[0];
}
