/** The grid of a study: one experiment for every arm and seed. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../../src/rl/experiment/canonical.ts';
import { asThen } from '../../src/rl/experiment/former.ts';
import type { Differences } from '../../src/rl/experiment/presets/preset.ts';
import type { Arm, StudyDesign } from './design.ts';
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
export function armExperiment(study: StudyDesign, arm: Arm): Differences {
  return merge(study.base, arm.change);
}

/**
 * The runs in the order in which they are done: seed by seed, so that what is there after an early end can be compared in pairs.
 * @throws StudyError where an arm is unknown
 */
export function plan(study: StudyDesign, choice: Choice = {}): PlannedRun[] {
  const known = study.arms.map(({ id }) => id);
  for (const id of choice.arms ?? []) {
    if (!known.includes(id)) {
      throw new StudyError(`${study.name} has no arm ${id}; its arms are ${known.join(', ')}`);
    }
  }
  const arms = study.arms.filter(({ id }) => choice.arms?.includes(id) ?? true);
  return (choice.seeds ?? study.seeds).flatMap((seed) =>
    arms.map((arm) => ({
      id: runId(arm.id, seed),
      arm,
      seed,
      experiment: {
        ...armExperiment(study, arm),
        seed,
        ...(choice.steps !== undefined && { steps: choice.steps }),
      },
    })),
  );
}
