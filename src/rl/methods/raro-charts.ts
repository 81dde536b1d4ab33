/** What RARO's charts show: both rewards beside what blind critics would be paid, and how the critic judges. */
import { type Payoffs, payoffsOf, WITHOUT_TIES } from '../critic/payoffs.ts';
import { GUESSING_REWARDS, tyingRewards } from '../critic/threshold.ts';
import type { Values } from '../experiment/field.ts';
import { type ChartLevel, type MethodCharts, type OwnChart, WATCHED } from './method.ts';
import type { raroSettings } from './raro-settings.ts';

type Settings = Values<typeof raroSettings>;

const REWARDS_HELP =
  'The policy is paid for being taken for the expert, the critic for naming the expert. The dotted lines are what both would be paid if ' +
  'the critic did not look at the answers: if it always said tie, and if it named one by chance. Rewards on these lines teach nothing.';

const ACCURACY_HELP =
  'Of the verdicts on two different answers that name one: the share that names the expert’s. Where it lies below the dotted line, a tie ' +
  'pays the critic more than its best pick.';

const TIES_HELP =
  'The share of ties among readable verdicts: of all pairs, and of pairs whose two answers differ. On equal answers only a tie is fair.';

const BIAS_HELP =
  'Where the critic names an answer, it should not matter which of the two is shown first. At 0 it does not; at 0.5 the critic always names ' +
  'the first, at -0.5 always the second.';

export function raroCharts(settings: Settings): MethodCharts {
  return {
    ...{ ratio: 'always-1', reference: settings.beta !== 0, values: false, groups: true },
    lossNote: 'Of both roles together. Not 0: the divisor is fixed. Watch the rewards.',
    watched: WATCHED,
    main: {
      ...{ column: 'rewards/policy/mean', name: 'policy' },
      beside: [{ column: 'rewards/critic/mean', name: 'critic' }],
      ...{ title: 'Rewards of policy and critic', unit: 'per answer, per verdict' },
      ...{ levels: blindLevels(settings), help: REWARDS_HELP },
      note: 'A game: the policy’s reward may fall while it gets better, because its critic does too. Read the accuracy.',
    },
    own: [...judging(settings), ...counted(settings)],
  };
}

/** What a critic that does not look would be paid, and the policy under it. Lines that coincide are one. */
function blindLevels(settings: Settings): ChartLevel[] {
  const guesses = { value: GUESSING_REWARDS.policy, name: 'both, if it guesses' };
  if (!hasTies(settings)) return [guesses];
  const { critic, policy } = tyingRewards(tiesOf(settings));
  const ties =
    critic === policy
      ? [{ value: policy, name: 'both, if it always ties' }]
      : [
          { value: policy, name: 'policy, if it always ties' },
          { value: critic, name: 'critic, if it always ties' },
        ];
  return [...ties, guesses];
}

function judging(settings: Settings): OwnChart[] {
  const { tau_crit } = tiesOf(settings);
  const accuracy = { column: 'critic/accuracy', title: 'Critic right', share: true };
  if (settings.binary_critic) return [{ ...accuracy, unit: 'of readable verdicts' }];
  return [
    {
      ...{ ...accuracy, unit: 'of picks', help: ACCURACY_HELP },
      levels: [
        hasTies(settings)
          ? { value: tau_crit, name: `a tie pays ${tau_crit}` }
          : { value: GUESSING_REWARDS.critic, name: 'guesses' },
      ],
    },
    {
      ...{
        column: 'critic/tie_rate',
        name: 'all',
        title: 'Ties',
        unit: 'of verdicts',
        share: true,
      },
      beside: [{ column: 'critic/tie_rate_differing', name: 'differing' }],
      help: TIES_HELP,
    },
    {
      ...{ column: 'critic/order_bias', title: 'Order bias', unit: 'to the first' },
      ...{ levels: [{ value: 0, name: 'none' }], help: BIAS_HELP },
    },
  ];
}

const JUDGED_HELP =
  'How many of the step’s answers were shown to the critic. An answer is not where it met its token budget, cannot be read, or is longer ' +
  'than the critic is shown; it then teaches nothing.';

/** What a critic has to do with, and what it cannot do anything with. */
function counted({ replay_share, prompts_per_step, num_generations }: Settings): OwnChart[] {
  const all = prompts_per_step * num_generations;
  return [
    {
      ...{ column: 'critic/pairs', title: 'Judged', unit: 'answers' },
      ...{ levels: [{ value: all, name: 'all answers' }], help: JUDGED_HELP },
    },
    ...(replay_share === 0
      ? []
      : [{ column: 'critic/replay_age', title: 'Replay age', unit: 'steps, mean' }]),
    { column: 'critic/unreadable', title: 'Unreadable', unit: 'of verdicts', share: true },
    {
      ...{ column: 'critic/identical', name: 'equal', title: 'Pairs', unit: 'share', share: true },
      beside: [{ column: 'critic/expert_wrong', name: 'expert wrong' }],
      help: 'The share of pairs whose two answers are equal, and of those whose expert is wrong, which is 0 unless the experiment asks for it.',
    },
  ];
}

function tiesOf(settings: Settings): Payoffs {
  return payoffsOf(settings) ?? WITHOUT_TIES;
}

function hasTies(settings: Settings): boolean {
  const { tau_crit, tau_pol } = tiesOf(settings);
  return !settings.binary_critic && (tau_crit > 0 || tau_pol > 0);
}
