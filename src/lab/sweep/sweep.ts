/**
 * A sweep: one experiment with some settings at several values, each combination with several seeds. The file:
 *
 *     { "version": 1,
 *       "preset": "countdown-grpo",                     or "experiment": { ... }; left out, everything stands at its default
 *       "grid": { "method.learning_rate": [1e-4, 4e-4],
 *                 "method.beta": { "from": 0.001, "to": 0.1, "count": 3, "scale": "log" } },
 *       "seeds": [1, 2, 3] }
 */
import * as z from 'zod/mini';
import { type BatonError, badConfig, badFile } from '../../errors.ts';
import { experimentHash } from '../../rl/experiment/canonical.ts';
import { changeSetting } from '../../rl/experiment/change.ts';
import type { Value } from '../../rl/experiment/field.ts';
import { findPreset, presetExperiment } from '../../rl/experiment/presets/index.ts';
import { type Experiment, type Parsed, parseExperiment } from '../../rl/experiment/schema.ts';
import { isShallow } from '../../untrusted.ts';

/** Most runs of a sweep, so that a slip of the pen does not ask for years. */
export const MAX_RUNS = 10_000;
/** Most values of one setting. */
const MAX_VALUES = 1000;

const value = z.union([z.number(), z.string(), z.boolean(), z.null()]);
const range = z.strictObject({
  from: z.number(),
  to: z.number(),
  count: z.int().check(z.minimum(2), z.maximum(MAX_VALUES)),
  scale: z._default(z.enum(['linear', 'log']), 'linear'),
});
const seed = z.int().check(z.nonnegative());
const sweepSchema = z.strictObject({
  version: z.literal(1),
  preset: z.optional(z.string()),
  experiment: z.optional(z.unknown()),
  grid: z._default(
    z.record(
      z.string(),
      z.union([z.array(value).check(z.minLength(1), z.maxLength(MAX_VALUES)), range]),
    ),
    {},
  ),
  seeds: z._default(z.array(seed).check(z.minLength(1), z.maxLength(MAX_VALUES)), [1]),
});
type Sweep = z.output<typeof sweepSchema>;

/** One combination of values, by setting. */
export type Cell = Readonly<Record<string, Value>>;

export interface SweepRun {
  /** The first 16 digits of the experiment's hash: equal experiments share a run, whatever file asked for them. */
  readonly id: string;
  /** Its combination, by its place in `cells`. */
  readonly cell: number;
  readonly seed: number;
  readonly experiment: Experiment;
}

export interface Plan {
  readonly cells: readonly Cell[];
  /** Seed by seed, so that what is there after an early end can be compared. */
  readonly runs: readonly SweepRun[];
  /** Combinations that are no experiment, and why: none of them is among the runs. */
  readonly impossible: readonly { readonly cell: Cell; readonly why: string }[];
}

const REMEDY = 'Nothing was started. Settings, ranges and defaults are in docs/settings.md.';

function badSweep(field: string, why: string): BatonError {
  return badFile(field, `The sweep ${why}`, 'Nothing was started. Mend the file, and start again.');
}

/**
 * @param json parsed JSON of the file
 * @throws BatonError BadFile for what is no sweep, BadConfig for a base that is no experiment
 */
export async function planSweep(json: unknown): Promise<Plan> {
  const sweep = readSweep(json);
  const base = baseOf(sweep);
  const cells = cellsOf(sweep);
  if (cells.length * sweep.seeds.length > MAX_RUNS) {
    throw badSweep(
      'grid',
      `asks for ${cells.length * sweep.seeds.length} runs; most are ${MAX_RUNS}`,
    );
  }
  const impossible: { cell: Cell; why: string }[] = [];
  const possible: Cell[] = [];
  const experiments: Experiment[] = [];
  for (const cell of cells) {
    const built = build(base, cell);
    if (built.ok) {
      possible.push(cell);
      experiments.push(built.experiment);
    } else impossible.push({ cell, why: built.problems.map(({ message }) => message).join('; ') });
  }
  const runs: SweepRun[] = [];
  for (const own of sweep.seeds) {
    for (const [cell, chosen] of experiments.entries()) {
      const experiment = { ...chosen, seed: own };
      const id = (await experimentHash(experiment)).slice(0, 16);
      runs.push({ id, cell, seed: own, experiment });
    }
  }
  return { cells: possible, runs, impossible };
}

function readSweep(json: unknown): Sweep {
  if (!isShallow(json)) throw badSweep('sweep', 'nests too deep');
  const parsed = sweepSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const keys = issue?.code === 'unrecognized_keys' ? issue.keys : [];
    const field = [...(issue?.path ?? []), ...keys].map(String).join('.') || 'sweep';
    throw badSweep(field, `cannot be read at ${field}: ${issue?.message ?? 'it is no sweep'}`);
  }
  const { data } = parsed;
  if (data.preset !== undefined && data.experiment !== undefined)
    throw badSweep('preset', 'has a preset and an experiment; it begins with one of them');
  if (Object.hasOwn(data.grid, 'seed'))
    throw badSweep('grid.seed', 'has seed in its grid; seeds have a list of their own');
  if (new Set(data.seeds).size < data.seeds.length) throw badSweep('seeds', 'names a seed twice');
  return data;
}

function baseOf({ preset, experiment }: Sweep): Experiment {
  if (preset !== undefined) {
    const found = findPreset(preset);
    if (!found) throw badSweep('preset', `begins with the preset ${preset}, which there is not`);
    return presetExperiment(found);
  }
  const parsed = parseExperiment(experiment ?? { version: 1 });
  if (parsed.ok) return parsed.experiment;
  const [first] = parsed.problems;
  const why = parsed.problems.map(({ message }) => message).join('; ');
  throw badConfig(`experiment.${first.field}`, why, REMEDY);
}

/** All combinations, the last setting changing fastest. */
function cellsOf({ grid }: Sweep): Cell[] {
  let cells: Cell[] = [{}];
  for (const [path, given] of Object.entries(grid)) {
    const values = Array.isArray(given) ? given : valuesOf(path, given);
    if (new Set(values).size < values.length)
      throw badSweep(`grid.${path}`, `gives ${path} a value twice`);
    if (cells.length * values.length > MAX_RUNS)
      throw badSweep('grid', `has more than ${MAX_RUNS} combinations`);
    cells = cells.flatMap((cell) => values.map((one) => ({ ...cell, [path]: one })));
  }
  return cells;
}

function valuesOf(path: string, { from, to, count, scale }: z.output<typeof range>): number[] {
  if (scale === 'log' && !(from > 0 && to > 0))
    throw badSweep(`grid.${path}`, `goes through ${path} in ratios, and an end is not above 0`);
  const at = (i: number) => i / (count - 1);
  return Array.from({ length: count }, (_, i) => {
    if (i === 0 || i === count - 1) return i === 0 ? from : to;
    const exact = scale === 'log' ? from * (to / from) ** at(i) : from + (to - from) * at(i);
    // A few digits: a person wants to read the value, and to write it down.
    return Number(exact.toPrecision(6));
  });
}

/** Method and task come first, since another one brings its own settings. */
function build(base: Experiment, cell: Cell): Parsed {
  const first = ['method.name', 'task.id'].filter((path) => Object.hasOwn(cell, path));
  const rest = Object.keys(cell).filter((path) => !first.includes(path));
  let experiment = base;
  for (const path of [...first, ...rest]) {
    const changed = changeSetting(experiment, path, cell[path], { alone: true });
    if (!changed.ok) return changed;
    experiment = changed.experiment;
  }
  return parseExperiment(experiment);
}
