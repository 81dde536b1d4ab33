/** What goes wrong with a discriminator whose logit is the policy's reward, read off a run's rows, and what the page says of it. Pure data. */
import type { MethodSettings } from '../../rl/experiment/schema.ts';
import type { MetricsRow } from '../../rl/records.ts';
import { type Alert, type AlertKind, alertsFrom } from './alert.ts';
import { firstMean, lastMean, movement } from './series.ts';

export type DiscriminatorAlert = 'won' | 'lost' | 'hacked';

export const DISCRIMINATOR_ALERTS: Readonly<Record<DiscriminatorAlert, AlertKind>> = {
  won: {
    title:
      'The discriminator has won: it tells nearly every trace, and most rewards stand at the clip.',
    why: 'All answers are then paid the same, and the policy learns nothing from it. Let the discriminator learn more slowly, smooth its labels more, or clip the reward later.',
    setting: 'method.reward_clip',
    chart: 'discriminator/clipped',
    when: 'discriminator/accuracy is at least 0.98 and discriminator/clipped at least 0.5 over 5 steps',
    because: 'either alone is what a good discriminator looks like for a while.',
  },
  lost: {
    title: 'The discriminator guesses: it tells experts from the policy no better than chance.',
    why: 'The reward is then noise. Either the policy writes as the expert does, or its mistakes cannot be seen: let the discriminator learn faster or longer before the policy does.',
    setting: 'method.reward_learning_rate',
    chart: 'discriminator/accuracy',
    when: 'discriminator/accuracy over 20 steps is below 0.55, and accuracy, where it is known, is not higher by more than 0.1 than at the start',
    because:
      '0.5 is a coin; twenty steps let it learn first. Where accuracy has risen, a discriminator that guesses is what success looks like: before this was asked, it fired on all healthy runs of the study.',
  },
  hacked: {
    title: 'The learned reward rises while accuracy falls.',
    why: 'The policy has found what the discriminator pays by mistake. The verifier that says so is only watched. Let the discriminator go on learning, and more often, or stop earlier.',
    setting: 'method.reward_updates',
    showsPaid: true,
    chart: 'accuracy',
    when: 'the learned reward of the last 10 steps is above that of the first 10 by more than 0.5 of its deviation, and accuracy lower by more than 0.1',
    because: 'half a deviation and ten points are each beyond the noise of ten steps.',
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
/** The reward has risen by more than this many of the deviations that it had among the answers of a step, and accuracy has moved by more than this. */
const RISEN = 0.5;
const MOVED = 0.1;

/** In the order of the table. Empty where no reward is learned, or the run is too young to tell. */
export function discriminatorAlerts(rows: readonly MetricsRow[], method: MethodSettings): Alert[] {
  const alone = 'reward_warmup_steps' in method ? method.reward_warmup_steps : 0;
  // Before it has learned on its own it must guess, and the policy has not begun.
  const trained = rows.filter(({ step }) => step > alone);
  return alertsFrom(DISCRIMINATOR_ALERTS, {
    won:
      lastMean(trained, 'discriminator/accuracy', LAST_STEPS) >= NEARLY_ALL &&
      lastMean(trained, 'discriminator/clipped', LAST_STEPS) >= MOST,
    lost:
      lastMean(trained, 'discriminator/accuracy', PATIENT_STEPS) < CHANCE &&
      !(movement(trained, 'accuracy', COMPARED_STEPS) > MOVED),
    hacked:
      movement(trained, 'rewards/learned/mean', COMPARED_STEPS) >
        RISEN * firstMean(trained, 'rewards/learned/std', COMPARED_STEPS) &&
      movement(trained, 'accuracy', COMPARED_STEPS) < -MOVED,
  });
}
