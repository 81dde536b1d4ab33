/** A sweep as a person writes it, and the file that `lab sweep` runs too. */
import { type BatonError, badFile } from '../../errors.ts';
import type { Value } from '../../rl/experiment/field.ts';
import type { Experiment } from '../../rl/experiment/schema.ts';
import { isShallow } from '../../untrusted.ts';
import { settingAt } from '../settings.ts';

/** One setting with the values that it takes, as they are typed. */
export interface Axis {
  readonly path: string;
  readonly values: string;
}

export interface SweepDraft {
  readonly experiment: Experiment;
  readonly axes: readonly Axis[];
  readonly seeds: string;
}

/** Most settings that are varied at once in the page. */
export const MOST_AXES = 4;
const MAX_TEXT = 2 ** 20;

/** The file of a draft. @throws BatonError BadFile for what cannot be read as values or seeds, naming the field */
export function sweepFile({ experiment, axes, seeds }: SweepDraft): object {
  const grid = Object.fromEntries(
    axes.map(({ path, values }) => [path, readValues(experiment, path, values)]),
  );
  return { version: 1, experiment, grid, seeds: readSeeds(seeds) };
}

/** `1e-4, 4e-4`, or a range: `0.001 to 0.1 in 3`, with `log` behind it in equal ratios. */
export function readValues(experiment: Experiment, path: string, text: string): object {
  const range = /^\s*(\S+)\s+to\s+(\S+)\s+in\s+(\d+)\s*(log)?\s*$/i.exec(text);
  if (range) {
    const [, from, to, count, log] = range;
    const ends = { from: numberOf(path, from), to: numberOf(path, to), count: Number(count) };
    return { ...ends, ...(log && { scale: 'log' }) };
  }
  const parts = text.split(',').map((part) => part.trim());
  if (parts.some((part) => part === '')) throw wrong(path, 'needs its values, with commas between');
  return parts.map((part) => valueOfText(experiment, path, part));
}

function valueOfText(experiment: Experiment, path: string, text: string): Value {
  const setting = settingAt(experiment, path)?.setting;
  if (setting?.nullMeans !== undefined && text === 'null') return null;
  if (setting?.kind === 'number') return numberOf(path, text);
  if (setting?.kind !== 'flag') return text;
  if (text !== 'true' && text !== 'false') throw wrong(path, 'is true or false');
  return text === 'true';
}

function numberOf(path: string, text: string): number {
  const value = Number(text.replace('−', '-'));
  if (text.trim() === '' || !Number.isFinite(value))
    throw wrong(path, `takes numbers, and ${text} is none`);
  return value;
}

/** `1 to 5`, or `1, 3, 8`. */
export function readSeeds(text: string): readonly number[] {
  const range = /^\s*(\d+)\s+to\s+(\d+)\s*$/.exec(text);
  if (range) {
    const [from, to] = [Number(range[1]), Number(range[2])];
    if (to < from || to - from >= 1000)
      throw wrong('seeds', 'go from a smaller to a larger number');
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  }
  return text.split(',').map((part) => {
    const seed = Number(part);
    if (part.trim() === '' || !Number.isSafeInteger(seed) || seed < 0)
      throw wrong('seeds', 'are whole numbers, such as 1 to 5');
    return seed;
  });
}

function wrong(field: string, why: string): BatonError {
  return badFile(field, `${field} ${why}`, 'Nothing is queued yet. Correct it.');
}

/** The JSON of a sweep's file; `planSweep` says whether it is one. @throws BatonError BadFile */
export function readSweepText(text: string): unknown {
  try {
    if (text.length <= MAX_TEXT) {
      const json: unknown = JSON.parse(text);
      if (isShallow(json)) return json;
    }
  } catch {}
  throw badFile('sweep', 'This file is no sweep', 'Nothing was changed. Choose another file.');
}
