/** What goes wrong with training itself, whatever the method: the alerts that users of TRL 1.13 know. Pure. */
import type { Experiment } from '../../rl/experiment/schema.ts';
import { methodOf } from '../../rl/methods/index.ts';
import type { MetricsRow } from '../../rl/records.ts';
import { type Alert, type AlertKind, alertsFrom } from './alert.ts';
import { firstMean, lastMean, movement, numbersOf } from './series.ts';

export type TrainingAlert =
  | 'silent'
  | 'flattened'
  | 'few-signals'
  | 'entropy-collapse'
  | 'length-runaway'
  | 'reward-hacked'
  | 'kl-blow-up'
  | 'clipped'
  | 'truncated';

/** Steps at each end of a run that are compared, and those at the end that decide by themselves. */
export const COMPARED_STEPS = 10;
export const LAST_STEPS = 5;

const FEW_SIGNALS = 0.8;
const COLLAPSED = { share: 0.2, nats: 0.1 };
const LONGER = { times: 2, tokens: 10 };
const LEARNED = 0.05;
/** Accuracy has fallen by so much since the first step. */
const LOST = 0.05;
const RISEN = 0.5;
const FAR = 1;
const CLIPPED = 0.3;
const TRUNCATED = { half: 0.5, grown: 0.25, by: 0.1 };

/** Changes that give groups a signal again. */
const LOUDER = [
  { path: 'method.temperature', next: (value: number) => Number((value + 0.2).toFixed(2)) },
  { path: 'method.num_generations', next: (value: number) => 2 * value },
];

export const TRAINING_ALERTS: Readonly<Record<TrainingAlert, AlertKind>> = {
  silent: {
    title: `No group had a signal for ${COMPARED_STEPS} steps.`,
    why: 'Every answer to a question scored the same, so nothing is learned. Raise the temperature, ask for more answers, or take easier questions.',
    chart: 'no-signal',
    offers: LOUDER,
    when: `frac_reward_zero_std is 1 for ${COMPARED_STEPS} steps in a row`,
    because:
      'a step may be silent by chance; ten in a row are not, and the gradient of each was 0.',
  },
  flattened: {
    title: `No group had a signal for ${COMPARED_STEPS} steps, and the policy is worse than it began.`,
    why: 'Every answer to a question scores the same because the policy has lost what it knew: accuracy or entropy fell first. The learning rate is the likely cause. Start again with a tenth of it.',
    chart: 'no-signal',
    offers: [
      { path: 'method.learning_rate', next: (value) => Number((value / 10).toPrecision(2)) },
    ],
    when: `as silent, and accuracy is lower by ${LOST} than at the first step, or no answer is right and the mean entropy of the last ${COMPARED_STEPS} steps is below ${COLLAPSED.share} of that of the first step`,
    because:
      'groups that are all right are silent too, but no policy gets worse by that. A rate that is too large destroys a policy within a step or two, so the first step is what it is compared with.',
  },
  'few-signals': {
    title: 'Four groups in five have no signal.',
    why: 'Their answers all scored the same, so most of what is sampled teaches nothing. Where they are all right, take harder questions or stop; where they are all wrong, easier ones, or more answers to each.',
    chart: 'no-signal',
    setting: 'method.num_generations',
    when: `the mean of frac_reward_zero_std over ${COMPARED_STEPS} steps is at least ${FEW_SIGNALS}, and not every group was silent`,
    because:
      'at a fifth of the groups a step learns from a fifth of what it paid for; DAPO (arXiv 2503.14476) samples such groups again.',
  },
  'entropy-collapse': {
    title: 'Entropy has collapsed.',
    why: 'The policy writes nearly the same answer every time, so it finds nothing new. Raise the temperature, lower the learning rate, or keep it nearer to the reference.',
    chart: 'entropy',
    setting: 'method.temperature',
    when: `the mean entropy of the last ${COMPARED_STEPS} steps is below ${COLLAPSED.share} of that of the first ${COMPARED_STEPS} and below ${COLLAPSED.nats} nats`,
    because:
      'a fall alone is what learning looks like; at 0.1 nats a token some nine in ten are certain.',
  },
  'length-runaway': {
    title: 'Answers grow longer, and no better.',
    why: 'Something pays for length: a loss that weighs tokens, or a reward that is easier to get with more text. Look at the longest answers, and at how the loss is averaged.',
    chart: 'length',
    setting: 'method.loss_type',
    when: `the mean length of the last ${LAST_STEPS} steps is ${LONGER.times} times that of the first ${COMPARED_STEPS} and ${LONGER.tokens} tokens more, while accuracy rose by less than ${LEARNED}`,
    because: 'reasoning that pays off may double too; then accuracy rises with it.',
  },
  'reward-hacked': {
    title: 'The reward rises while held-out accuracy falls.',
    why: 'The policy has found what the reward pays by mistake. Read the answers that are paid best, and pay for what they lack.',
    chart: 'accuracy',
    showsPaid: true,
    when: `the mean reward of the last ${COMPARED_STEPS} steps is above that of the first ${COMPARED_STEPS} by more than ${RISEN} of reward_std, and the 95 % interval of the last held-out accuracy lies below that of the first`,
    because:
      'half a deviation is beyond the noise of ten steps, and intervals that do not touch differ by more than chance.',
  },
  'kl-blow-up': {
    title: 'The policy has moved far from its reference.',
    why: 'More than one nat a token lies between them: what the policy knew is being lost. Lower the learning rate, raise beta, or go back to an earlier checkpoint.',
    chart: 'kl',
    setting: 'method.beta',
    when: `the mean of kl over ${LAST_STEPS} steps is above ${FAR} nat per token`,
    because:
      'at 1 nat a token is 2.7 times as likely as under the reference, at every token of an answer.',
  },
  clipped: {
    title: 'Three tokens in ten are clipped.',
    why: 'Their gradient is 0, so much of what was sampled is thrown away: the policy moves further within a step than the clip allows. Lower the learning rate, or make fewer passes.',
    chart: 'clip',
    setting: 'method.learning_rate',
    when: `the shares clipped at both ends together are at least ${CLIPPED} over ${LAST_STEPS} steps`,
    because:
      'healthy PPO runs clip up to a fifth of their tokens; at three tenths the step is too long.',
  },
  truncated: {
    title: 'Many answers are cut off.',
    why: 'A cut answer is seldom right, whatever it would have said, so the reward speaks of length. Allow longer answers, or leave cut ones out of the loss.',
    chart: 'cut-off',
    setting: 'method.max_completion_length',
    when: `completions/clipped_ratio over ${LAST_STEPS} steps is at least ${TRUNCATED.half}, or at least ${TRUNCATED.grown} and ${TRUNCATED.by} more than at the start`,
    because:
      'from a half on cut answers decide what a group teaches, and a share that grows is on its way there. Methods with a critic say so from one in ten, because they drop such answers.',
  },
};

/** None where the run is too young to tell, or the method has nothing of the kind. */
export function trainingAlerts(
  rows: readonly MetricsRow[],
  { method }: Pick<Experiment, 'method'>,
): Alert[] {
  // The row of step 0 is an evaluation: nothing is sampled there.
  const sampled = rows.filter((row) => 'completions/mean_length' in row);
  const last = (column: string) => lastMean(sampled, column, LAST_STEPS);
  const silent = lastMean(rows, 'frac_reward_zero_std', COMPARED_STEPS);
  return alertsFrom(TRAINING_ALERTS, {
    silent: silent === 1 && !flattened(sampled),
    flattened: silent === 1 && flattened(sampled),
    'few-signals': silent >= FEW_SIGNALS && silent < 1,
    'entropy-collapse': collapsed(sampled),
    'length-runaway': runsAway(sampled),
    'reward-hacked': hacked(rows),
    'kl-blow-up': last('kl') > FAR,
    clipped: clippedShare(sampled) >= CLIPPED,
    // Where a critic compares answers, cut ones are dropped, and an alert of its own says so.
    truncated: methodOf(method).critic === null && cutOff(sampled),
  });
}

/** Whether the policy has lost what it could do at its first step. */
function flattened(rows: readonly MetricsRow[]): boolean {
  const now = lastMean(rows, 'accuracy', COMPARED_STEPS);
  if (firstMean(rows, 'accuracy', 1) - now >= LOST) return true;
  const entropy = lastMean(rows, 'entropy', COMPARED_STEPS);
  return !(now > 0) && entropy < COLLAPSED.share * firstMean(rows, 'entropy', 1);
}

function collapsed(rows: readonly MetricsRow[]): boolean {
  if (Number.isNaN(movement(rows, 'entropy', COMPARED_STEPS))) return false;
  const now = lastMean(rows, 'entropy', COMPARED_STEPS);
  const first = firstMean(rows, 'entropy', COMPARED_STEPS);
  return now < COLLAPSED.share * first && now < COLLAPSED.nats;
}

function runsAway(rows: readonly MetricsRow[]): boolean {
  const column = 'completions/mean_length';
  if (Number.isNaN(movement(rows, column, COMPARED_STEPS))) return false;
  const first = firstMean(rows, column, COMPARED_STEPS);
  const now = lastMean(rows, column, LAST_STEPS);
  const better = movement(rows, 'accuracy', COMPARED_STEPS);
  return now >= LONGER.times * first && now - first >= LONGER.tokens && !(better >= LEARNED);
}

function hacked(rows: readonly MetricsRow[]): boolean {
  const [low, high] = ['eval/accuracy_low', 'eval/accuracy_high'].map((name) =>
    numbersOf(rows, name),
  );
  const fallen = high.length > 1 && high[high.length - 1] < low[0];
  const risen =
    movement(rows, 'reward', COMPARED_STEPS) >
    RISEN * firstMean(rows, 'reward_std', COMPARED_STEPS);
  return fallen && risen;
}

function cutOff(rows: readonly MetricsRow[]): boolean {
  const column = 'completions/clipped_ratio';
  const now = lastMean(rows, column, LAST_STEPS);
  if (now >= TRUNCATED.half) return true;
  return now >= TRUNCATED.grown && now - firstMean(rows, column, COMPARED_STEPS) >= TRUNCATED.by;
}

function clippedShare(rows: readonly MetricsRow[]): number {
  const share = (...names: string[]) =>
    names.map((name) => lastMean(rows, name, LAST_STEPS)).find((value) => !Number.isNaN(value));
  const high = share('clip_ratio/high_mean', 'cispo_clip_ratio');
  const low = share('clip_ratio/low_mean');
  return high === undefined && low === undefined ? Number.NaN : (high ?? 0) + (low ?? 0);
}
