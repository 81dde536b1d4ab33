/** What goes wrong with a critic that compares answers, read off the last steps of a run, and what the page says of it. Pure data. */
import { payoffsOf } from '../../rl/critic/payoffs.ts';
import { mean } from '../../rl/evaluate/statistics.ts';
import type { MethodSettings } from '../../rl/experiment/schema.ts';
import type { MetricsRow } from '../../rl/records.ts';
import { type Alert, type AlertKind, alertsFrom } from './alert.ts';

export type CriticAlert =
  | 'ties'
  | 'first'
  | 'second'
  | 'below-tie'
  | 'unreadable'
  | 'no-replay'
  | 'dropped'
  | 'not-shown'
  | 'equal'
  | 'expert-wrong';

export const CRITIC_ALERTS: Readonly<Record<CriticAlert, AlertKind>> = {
  ties: {
    title: 'The critic always ties.',
    why: 'Then both rewards are constant and nothing more is learned. Let a tie pay the critic less, or begin with a critic that sees more.',
    setting: 'method.tau_crit',
    chart: 'critic/tie_rate',
    when: 'critic/tie_rate is at least 0.98 over 5 steps',
    because: 'always, but for a slip in a hundred verdicts.',
  },
  first: {
    title: 'The critic always names the answer that is shown first.',
    why: 'It does not look at what the answers say, so the policy’s reward is noise. Show pairs in both orders, and let ties pay.',
    setting: 'method.both_orders',
    chart: 'critic/order_bias',
    when: 'critic/order_bias is at least 0.48 over 5 steps',
    because: '0.5 is a critic that always names the first.',
  },
  second: {
    title: 'The critic always names the answer that is shown second.',
    why: 'It does not look at what the answers say, so the policy’s reward is noise. Show pairs in both orders, and let ties pay.',
    setting: 'method.both_orders',
    chart: 'critic/order_bias',
    when: 'critic/order_bias is at most -0.48 over 5 steps',
    because: '-0.5 is a critic that always names the second.',
  },
  'below-tie': {
    title: 'The critic’s best pick is right less often than a tie pays.',
    why: 'So it does best to tie always, after which nothing is learned. Let a tie pay it less, or begin with a critic that sees more.',
    setting: 'method.tau_crit',
    chart: 'critic/accuracy',
    when: 'critic/accuracy over 20 steps is below what a tie pays (method.tau_crit)',
    because: 'the run’s own payoff is the threshold; twenty steps let the critic learn first.',
  },
  unreadable: {
    title: 'More than one verdict in ten cannot be read.',
    why: 'Such a verdict pays the critic nothing and is left out of the policy’s reward. Allow longer verdicts, or begin with a policy that knows the critic’s form.',
    setting: 'method.max_critic_length',
    chart: 'critic/unreadable',
    when: 'critic/unreadable is above 0.1 over 5 steps',
    because: 'one in ten moves the mean reward by less than its noise.',
  },
  'no-replay': {
    title: 'No earlier pair is replayed: none is stored.',
    why: 'No answer of the policy could be shown to the critic: they cannot be read, or are too long.',
    setting: 'method.max_answer_length',
    chart: 'critic/replay_age',
    when: 'replay is on and no replayed pair was judged in 5 steps',
    because:
      'the store fills in the first step, so five empty ones mean that nothing can be stored.',
  },
  dropped: {
    title: 'More than one answer in ten is dropped, because it met its token budget.',
    why: 'Dropped answers are not judged and teach nothing. Allow longer answers.',
    setting: 'method.max_completion_length',
    chart: 'cut-off',
    when: 'completions/clipped_ratio is above 0.1 over 5 steps, where a critic judges',
    because: 'as for verdicts: more than one in ten.',
  },
  'not-shown': {
    title: 'More than one answer in ten is not shown to the critic.',
    why: 'It cannot be read, or is longer than the critic is shown, and is not scored. Show longer answers, or begin with a policy that knows the task’s form.',
    setting: 'method.max_answer_length',
    chart: 'critic/pairs',
    when: 'more than 0.1 of the answers ended in time and were not judged over 5 steps',
    because: 'as for verdicts: more than one in ten.',
  },
  equal: {
    title: 'Nearly all pairs have two equal answers.',
    why: 'On these only a tie is fair, so the critic has little left to learn from, and the policy too. Ask harder questions, or replay more earlier pairs.',
    setting: 'method.replay_share',
    chart: 'critic/identical',
    when: 'critic/identical is at least 0.95 over 5 steps',
    because: 'one pair in twenty is then left to learn from.',
  },
  'expert-wrong': {
    title: 'The expert’s answer is wrong in more than one pair in twenty.',
    why: 'The critic is then paid for naming a wrong answer. The verifier that says so is only watched. Where this is no control, look at the experts’ answers.',
    setting: 'method.expert_noise',
    chart: 'critic/identical',
    when: 'critic/expert_wrong is above 0.05 over 5 steps',
    because: 'one wrong lesson in twenty is as much as careless demonstrations have.',
  },
};

/** Steps at the end that are looked at, and those over which a critic must have stayed below what a tie pays: it may learn. */
export const LAST_STEPS = 5;
export const PATIENT_STEPS = 20;

/** Shares from which "always" and "more than one in ten" are said. */
const ALWAYS = 0.98;
const MANY = 0.1;
const NEARLY_ALL = 0.95;
const FEW = 0.05;
/** An order bias of 0.5 is a critic that always names the first. */
const ONE_PLACE = ALWAYS - 0.5;

/** In the order of the table. None where the method has no critic that is asked in pairs, or the run is too young to tell. */
export function criticAlerts(rows: readonly MetricsRow[], method: MethodSettings): Alert[] {
  const payoffs = payoffsOf(method);
  if (payoffs === null) return [];
  // The row of step 0 is an evaluation: nothing is judged there.
  const judged = rows.filter((row) => 'critic/pairs' in row);
  if (judged.length < LAST_STEPS) return [];
  const over = (column: string, steps: number) =>
    mean(judged.slice(-steps).flatMap((row) => row[column] ?? []));
  const last = (column: string) => over(column, LAST_STEPS);
  // Who judges one answer alone has no order and no tie.
  const compares = judged.some((row) => 'critic/tie_rate' in row);
  const patient = judged.length >= PATIENT_STEPS;
  return alertsFrom(CRITIC_ALERTS, {
    ties: last('critic/tie_rate') >= ALWAYS,
    first: last('critic/order_bias') >= ONE_PLACE,
    second: last('critic/order_bias') <= -ONE_PLACE,
    'below-tie': patient && compares && over('critic/accuracy', PATIENT_STEPS) < payoffs.tau_crit,
    unreadable: last('critic/unreadable') > MANY,
    'no-replay':
      'replay_share' in method &&
      method.replay_share > 0 &&
      Number.isNaN(last('critic/replay_age')),
    dropped: last('completions/clipped_ratio') > MANY,
    'not-shown': notShown(method, last) > MANY,
    equal: last('critic/identical') >= NEARLY_ALL,
    'expert-wrong': last('critic/expert_wrong') > FEW,
  });
}

/** The share of a step's answers that ended within their budget and were not shown all the same. */
function notShown(method: MethodSettings, last: (column: string) => number): number {
  if (!('num_generations' in method)) return 0;
  const all = method.prompts_per_step * method.num_generations;
  return 1 - last('critic/pairs') / all - last('completions/clipped_ratio');
}
