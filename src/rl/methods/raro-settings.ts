/** The settings of RARO. The paper's values are those of its DeepMath runs; what it leaves open is ours. */
import { flag, number } from '../experiment/field.ts';
import { headed } from '../experiment/structure.ts';
import { grpoSettings } from './grpo-settings.ts';
import { clipping, common } from './settings.ts';

const share = { min: 0, max: 1, step: 0.05 } as const;

const critic = headed('Critic', {
  verdicts: number({
    label: 'Verdicts per pair',
    help: 'How often the critic judges each pair, in both orders by turns. They are one group of its own.',
    unit: 'verdicts',
    min: 2,
    max: 32,
    integer: true,
    default: 4,
  }),
  tau_crit: number({
    label: 'A tie pays the critic',
    help: 'Above what guessing pays (one half), a critic that cannot tell says so. Below it, it gambles.',
    ...share,
    default: 0.55,
    source: 'paper',
  }),
  tau_pol: number({
    label: 'A tie pays the policy',
    help: 'Being taken for the expert pays 1, being told from it 0.',
    ...share,
    default: 0.6,
    source: 'paper',
  }),
  lambda_pol: number({
    label: 'Weight of the policy’s loss',
    help: 'The policy’s share of an update that both roles make together.',
    min: 0,
    max: 10,
    step: 0.01,
    default: 1 / 9,
    source: 'paper',
  }),
  lambda_crit: number({
    label: 'Weight of the critic’s loss',
    help: 'The critic’s share of an update that both roles make together.',
    min: 0,
    max: 10,
    step: 0.01,
    default: 8 / 9,
    source: 'paper',
  }),
  permuted: flag({
    label: 'Permuted within the group',
    help: 'A control: what answers are paid is shuffled among those to a question, so that it says nothing of them. The critic is paid its own.',
    default: false,
  }),
  replay_share: number({
    label: 'Replayed pairs',
    help: 'The share of the critic’s pairs that come from earlier steps, so that it does not forget what it saw through before. 0 is off.',
    ...share,
    max: 0.9,
    default: 0.5,
    source: 'paper',
  }),
  replay_capacity: number({
    label: 'Pairs kept',
    help: 'Beyond it the oldest are dropped.',
    unit: 'pairs',
    min: 1,
    max: 100_000,
    integer: true,
    default: 2048,
  }),
  separate_critic: flag({
    label: 'Weights of its own',
    help: 'Ablation: the critic is a copy of the policy that is trained apart. Otherwise one model plays both roles.',
    default: false,
    source: 'paper',
  }),
  binary_critic: flag({
    label: 'One answer at a time',
    help: 'Ablation, and the predecessor: the critic judges one answer alone, and knows no tie.',
    default: false,
    source: 'paper',
  }),
  both_orders: flag({
    label: 'Both orders',
    help: 'Shows a pair in both orders by turns, so that a liking for the first answer cancels.',
    default: true,
  }),
  critic_reasoning: flag({
    label: 'The critic reasons',
    help: 'Ablation where it is off: the critic gives its verdict at once.',
    default: true,
    source: 'paper',
  }),
  max_critic_length: number({
    label: 'Longest verdict',
    help: 'The critic’s token budget, its reasoning included. A verdict that does not end within it counts as unreadable and is not trained on.',
    unit: 'tokens',
    min: 2,
    max: 1024,
    integer: true,
    default: 96,
  }),
  max_answer_length: number({
    label: 'Longest answer shown',
    help: 'Answers with more tokens are not shown to the critic, and their completions are not scored.',
    unit: 'tokens',
    min: 1,
    max: 512,
    integer: true,
    default: 24,
  }),
  expert_noise: number({
    label: 'Wrong expert answers',
    help: 'A control: the share of questions whose expert is wrong.',
    ...share,
    default: 0,
  }),
});

const kl = headed('Objective', {
  beta: number({
    label: 'KL weight',
    help: 'Weight of the k3 estimate of the divergence from the frozen starting policy, in both roles. At 0 no reference is kept.',
    min: 0,
    max: 10,
    step: 0.001,
    default: 0.001,
    source: 'paper',
  }),
});

/** The policy's group is GRPO's. */
const { num_generations } = grpoSettings;

export const raroSettings = { num_generations, ...critic, ...clipping, ...kl, ...common };
