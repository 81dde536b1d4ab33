/** The grid of a part: one experiment for every arm and seed. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../src/rl/experiment/canonical.ts';
import { asThen } from '../../src/rl/experiment/former.ts';
import type { Differences } from '../../src/rl/experiment/presets/preset.ts';
import type { Arm, Part } from './design.ts';
import { StudyError } from './study-error.ts';

export interface PlannedRun {
  readonly id: string;
  readonly arm: Arm;
  readonly seed: number;
  readonly experiment: Differences;
}

export interface Choice {
  readonly seeds?: readonly number[];
  readonly arms?: readonly string[];
  readonly steps?: number;
}

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Lays one set of differences over another: objects key by key, everything else whole; `undefined` takes a key away. */
export function merge<T>(base: T, change: unknown): T {
  if (!isObject(base) || !isObject(change)) return change as T;
  const out: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(change)) {
    if (value === undefined) {
      delete out[key];
      continue;
    }
    out[key] = key in base ? merge(base[key as keyof typeof base], value) : value;
  }
  return out as T;
}

export function runId(arm: string, seed: number): string {
  return `${arm}-s${seed}`;
}

/** What a run asks for, whatever its number of steps: tells raw data of an earlier definition of an arm from today's. */
export function askedMark(experiment: Differences): string {
  const { steps: _, ...rest } = experiment;
  return createHash('sha256')
    .update(canonicalJson(asThen(rest)))
    .digest('hex')
    .slice(0, 16);
}

/** The experiment of an arm, before a seed is chosen. */
export function armExperiment(part: Part, arm: Arm): Differences {
  return merge(part.base, arm.change);
}

/** Seeds that an arm is run with: its own or the part's. */
export function seedsOf(part: Part, arm: Arm): readonly number[] {
  return arm.seeds ?? part.seeds;
}

/**
 * Seeds chosen by the caller take the place of the part's. An arm that has its own keeps to those of them that it has, and a trial of
 * a learning rate, without which its arm cannot begin, to its one.
 */
function chosenSeeds(part: Part, arm: Arm, seeds: Choice['seeds']): readonly number[] {
  if (!seeds || arm.trialOf !== undefined) return seedsOf(part, arm);
  return arm.seeds ? arm.seeds.filter((seed) => seeds.includes(seed)) : seeds;
}

/**
 * The parts that are asked for, in the study's order: those named, or without a name all but those of the past. Where arms are named,
 * parts that have none of them are left out.
 * @throws StudyError where a part or an arm is unknown
 */
export function chosenParts<P extends Part>(
  study: { readonly name: string; readonly parts: readonly P[] },
  ids: readonly string[] | undefined,
  arms: readonly string[] | undefined,
): P[] {
  const known = study.parts.map(({ id }) => id);
  const strange = ids?.find((id) => !known.includes(id));
  if (strange !== undefined) {
    throw new StudyError(`${study.name} has no part ${strange}; its parts are ${known.join(', ')}`);
  }
  const parts = study.parts.filter(({ id, past }) => ids?.includes(id) ?? !past);
  const own = [...new Set(parts.flatMap((part) => part.arms.map(({ id }) => id)))];
  for (const id of arms ?? []) {
    if (!own.includes(id)) {
      throw new StudyError(`${study.name} has no arm ${id}; its arms are ${own.join(', ')}`);
    }
  }
  return parts.filter((part) => !arms || part.arms.some(({ id }) => arms.includes(id)));
}

/** The runs in the order in which they are done: seed by seed, so that what is there after an early end can be compared in pairs. */
export function plan(part: Part, choice: Choice = {}): PlannedRun[] {
  const arms = part.arms
    .filter(({ id, trialOf = id }) => choice.arms?.includes(trialOf) ?? true)
    .map((arm) => ({ arm, seeds: chosenSeeds(part, arm, choice.seeds) }));
  const seeds = [...new Set(arms.flatMap((one) => one.seeds))];
  return seeds.flatMap((seed) =>
    arms
      .filter((one) => one.seeds.includes(seed))
      .map(({ arm }) => ({
        id: runId(arm.id, seed),
        arm,
        seed,
        experiment: {
          ...armExperiment(part, arm),
          seed,
          ...(choice.steps !== undefined && { steps: choice.steps }),
        },
      })),
  );
}
