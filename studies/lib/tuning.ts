/** Learning rates that are chosen by trials: for every arm the same rates, steps and seed, before its own runs. */

import { meanOf } from '../../src/rl/over-seeds.ts';
import type { Arm, Part } from './design.ts';
import { armExperiment, askedMark } from './plan.ts';
import type { RawRun } from './raw.ts';
import { points } from './results.ts';

/** A trial counts with the mean of its last evaluations during training, which ask other questions than those that decide a claim. */
export const LAST = 3;

/** An arm at one learning rate. */
function atRate(arm: Arm, learning_rate: number): Arm {
  return { ...arm, change: { ...arm.change, method: { ...arm.change.method, learning_rate } } };
}

/** `5e-5`: for names and tables. */
export const rateText = (rate: number): string => rate.toExponential();

/** The trial of an arm at one rate, itself an arm with one seed. */
export function trialOf({ seed }: { readonly seed: number }, arm: Arm, rate: number): Arm {
  return {
    ...atRate(arm, rate),
    id: `${arm.id}-lr${rateText(rate)}`,
    label: `${arm.label}, trial at rate ${rateText(rate)}`,
    seeds: [seed],
    trialOf: arm.id,
  };
}

/** Held-out accuracy at the end of a trial. */
function cameTo(run: RawRun): number | undefined {
  const last = points(run.series['eval/accuracy']).slice(-LAST);
  return last.length === 0 ? undefined : meanOf(last.map(([, value]) => value));
}

/** The arms of a part that have trials. */
export function triedArms({ arms, tuning }: Part): readonly Arm[] {
  return tuning ? arms.filter(({ id }) => tuning.arms?.includes(id) ?? true) : [];
}

export interface Trial {
  readonly rate: number;
  /** Undefined where the trial has not been run. */
  readonly accuracy: number | undefined;
}

/** What the trials of an arm came to, in the order of the rates. */
export function trialsOf(part: Part, arm: Arm, runs: readonly RawRun[]): Trial[] {
  const { tuning } = part;
  if (!tuning) return [];
  return tuning.learning_rates.map((rate) => {
    const trial = trialOf(tuning, arm, rate);
    const asked = askedMark({ ...armExperiment(part, trial), seed: tuning.seed });
    const run = runs.find((one) => one.arm === trial.id && one.asked === asked);
    return { rate, accuracy: run && cameTo(run) };
  });
}

/** The rate whose trial ended most accurate, the smaller of equals; undefined until all trials of the arm are there. */
export function chosenRate(trials: readonly Trial[]): number | undefined {
  let best: { readonly rate: number; readonly accuracy: number } | undefined;
  for (const { rate, accuracy } of [...trials].sort((a, b) => a.rate - b.rate)) {
    if (accuracy === undefined) return undefined;
    if (!best || accuracy > best.accuracy) best = { rate, accuracy };
  }
  return best?.rate;
}

/**
 * The part with its tuned arms as plain ones: each at the rate that its trials chose, and the trials behind them. An arm whose trials
 * are not all there is left out until they are. A part without tuning is returned as it is.
 */
export function settled<P extends Part>(part: P, runs: readonly RawRun[]): P {
  const { tuning, evaluation } = part;
  if (!tuning) return part;
  const tried = triedArms(part);
  const own = part.arms.flatMap((arm) => {
    if (!tried.includes(arm)) return [arm];
    const rate = chosenRate(trialsOf(part, arm, runs));
    return rate === undefined ? [] : [atRate(arm, rate)];
  });
  const trials = tried.flatMap((arm) =>
    tuning.learning_rates.map((rate) => trialOf(tuning, arm, rate)),
  );
  return {
    ...part,
    arms: [...own, ...trials],
    // Trials are judged by their evaluations during training.
    evaluation: evaluation && {
      ...evaluation,
      arms: evaluation.arms ?? part.arms.map(({ id }) => id),
    },
  };
}
