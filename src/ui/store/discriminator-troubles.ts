/** What goes wrong with a discriminator whose logit is the policy's reward, read off a run's rows, and what the page says of it. Pure data. */
import { mean } from '../../rl/evaluate/statistics.ts';
import type { MethodSettings } from '../../rl/experiment/schema.ts';
import type { MetricsRow } from '../../rl/records.ts';
import type { Words } from './trouble-words.ts';

export type DiscriminatorTrouble = 'won' | 'lost' | 'hacked';

export const DISCRIMINATOR_TROUBLES: Readonly<Record<DiscriminatorTrouble, Words>> = {
  won: {
    title:
      'The discriminator has won: it tells nearly every trace, and most rewards stand at the clip.',
    why: 'All answers are then paid the same, and the policy learns nothing from it. Let the discriminator learn more slowly, smooth its labels more, or clip the reward later.',
    setting: 'method.reward_clip',
  },
  lost: {
    title: 'The discriminator guesses: it tells experts from the policy no better than chance.',
    why: 'The reward is then noise. Either the policy writes as the expert does, or its mistakes cannot be seen: let the discriminator learn faster or longer before the policy does.',
    setting: 'method.reward_learning_rate',
  },
  hacked: {
    title: 'The learned reward rises while accuracy falls.',
    why: 'The policy has found what the discriminator pays by mistake. The verifier that says so is only watched. Let the discriminator go on learning, and more often, or stop earlier.',
    setting: 'method.reward_updates',
  },
};

/** Steps at the end that are looked at; those over which a discriminator must have guessed; and those of each side of a comparison. */
export const LAST_STEPS = 5;
export const PATIENT_STEPS = 20;
export const COMPARED_STEPS = 10;

/** Shares from which it tells nearly every trace, and from which most rewards stand at the clip. */
const NEARLY_ALL = 0.98;
const MOST = 0.5;
/** Below it, it does no better than a coin; half of a balanced choice is chance. */
const CHANCE = 0.55;
/** The reward has risen by more than this many of the deviations that it had among the answers of a step, and accuracy has fallen by more than this. */
const RISEN = 0.5;
const FALLEN = 0.1;

/** The numbers of a step of which the rows say something, in order. */
function numbersOf(rows: readonly MetricsRow[], column: string): number[] {
  return rows.flatMap((row) => row[column] ?? []);
}

/** In the order of the table. Empty where no reward is learned, or the run is too young to tell. */
export function discriminatorTroubles(
  rows: readonly MetricsRow[],
  method: MethodSettings,
): readonly DiscriminatorTrouble[] {
  const alone = 'reward_warmup_steps' in method ? method.reward_warmup_steps : 0;
  // Before it has learned on its own it must guess, and the policy has not begun.
  const trained = rows.filter(({ step }) => step > alone);
  const found: Readonly<Record<DiscriminatorTrouble, boolean>> = {
    won:
      lastMean(trained, 'discriminator/accuracy', LAST_STEPS) >= NEARLY_ALL &&
      lastMean(trained, 'discriminator/clipped', LAST_STEPS) >= MOST,
    lost: lastMean(trained, 'discriminator/accuracy', PATIENT_STEPS) < CHANCE,
    hacked:
      change(trained, 'rewards/learned/mean') > RISEN * first(trained, 'rewards/learned/std') &&
      change(trained, 'accuracy') < -FALLEN,
  };
  const all = Object.keys(DISCRIMINATOR_TROUBLES) as DiscriminatorTrouble[];
  return all.filter((trouble) => found[trouble]);
}

/** The mean of a column's last numbers; NaN where there are fewer, with which nothing is found. */
function lastMean(rows: readonly MetricsRow[], column: string, steps: number): number {
  const known = numbersOf(rows, column);
  return known.length < steps ? Number.NaN : mean(known.slice(-steps));
}

/** The mean of a column's first numbers. */
function first(rows: readonly MetricsRow[], column: string): number {
  return mean(numbersOf(rows, column).slice(0, COMPARED_STEPS));
}

/** How far a column has moved from its first numbers to its last; NaN where these would overlap. */
function change(rows: readonly MetricsRow[], column: string): number {
  const known = numbersOf(rows, column);
  if (known.length < 2 * COMPARED_STEPS) return Number.NaN;
  return mean(known.slice(-COMPARED_STEPS)) - mean(known.slice(0, COMPARED_STEPS));
}
