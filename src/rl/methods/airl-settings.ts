/** The settings of AIRL. What its paper and its code have and a model this small does not want is given as `original`. */
import { readingFields } from '../airl/reading-fields.ts';
import { choice, flag, number } from '../experiment/field.ts';
import { headed } from '../experiment/structure.ts';
import { flawlessTraceFields } from './expert-traces.ts';
import { grpoSettings } from './grpo-settings.ts';
import { clipping, common } from './settings.ts';

const share = { min: 0, max: 1, step: 0.05 } as const;

const reward = headed('Learned reward', {
  ...readingFields(),
  advantage_form: choice({
    label: 'Advantages',
    help: 'The mean reward of a completion’s tokens, compared as in GRPO; or each token’s reward against the group’s last ones, and a discounted sum of what follows (the first version, less stable).',
    options: [
      { value: 'mean', label: 'Mean over tokens' },
      { value: 'token', label: 'Token by token' },
    ],
    default: 'mean',
    source: 'code',
  }),
  gamma: number({
    label: 'Discount',
    help: 'What an advantage one token later is worth. Only the advantages token by token have it.',
    min: 0,
    max: 1,
    step: 0.01,
    default: 0.9,
    source: 'code',
  }),
  center_rewards: flag({
    label: 'Compare within the group',
    help: 'A control where it is off: the reward itself is the advantage, neither centred in its group nor scaled.',
    default: true,
    source: 'code',
  }),
});

const discriminator = headed('Discriminator', {
  reward_loss: choice({
    label: 'Discriminator’s loss',
    help: 'Cross-entropy tells experts from all others, trace by trace. Pairs (GAD) compare two traces of one question at their last tokens.',
    options: [
      { value: 'bce', label: 'Cross-entropy' },
      { value: 'pairwise', label: 'Pairs (GAD)' },
    ],
    default: 'bce',
    source: 'paper',
  }),
  reward_trunk: choice({
    label: 'Trunk',
    help: 'The discriminator is a copy of the policy with a scalar head. The copy learns too, or the head alone. Or it is a small model of its own (2 x 32) that has learned nothing before and reads the 64 characters of the bundled policies.',
    options: [
      { value: 'trained', label: 'A copy of the policy' },
      { value: 'frozen', label: 'A frozen copy' },
      { value: 'own', label: 'A small model of its own' },
    ],
    default: 'trained',
  }),
  reward_learning_rate: number({
    label: 'Discriminator’s learning rate',
    help: 'The size of its AdamW steps, of the head too. Follows the same schedule as the policy’s.',
    min: 0,
    max: 0.1,
    scale: 'log',
    default: 1e-3,
    live: true,
    source: 'paper',
    original: 1e-5,
  }),
  reward_updates: number({
    label: 'Updates per step',
    help: 'How often the discriminator learns from the traces of a step.',
    unit: 'updates',
    min: 1,
    max: 16,
    integer: true,
    default: 2,
    source: 'code',
    original: 1,
  }),
  reward_warmup_steps: number({
    label: 'Discriminator alone',
    help: 'So many steps at the start in which the discriminator learns and the policy does not.',
    unit: 'steps',
    min: 0,
    max: 10_000,
    integer: true,
    default: 60,
    source: 'code',
    original: 250,
  }),
  reward_order: choice({
    label: 'Order',
    help: 'Whether the discriminator learns from a step’s completions before it scores them, as in the authors’ code, or after.',
    options: [
      { value: 'update_first', label: 'Learns, then scores' },
      { value: 'score_first', label: 'Scores, then learns' },
    ],
    default: 'update_first',
    source: 'code',
  }),
  freeze_reward: flag({
    label: 'Frozen after its start',
    help: 'A control: once the policy learns, the discriminator does not. The policy then finds what it pays by mistake.',
    default: false,
    source: 'paper',
  }),
  perturbed_share: number({
    label: 'Perturbed experts',
    help: 'Per completion, so many experts’ traces with one fault (an operator, a digit, the last number or a step) are told from experts too.',
    ...share,
    default: 0.25,
  }),
  replay_share: number({
    label: 'Replayed completions',
    help: 'The share of the policy’s completions that come from earlier steps, so that the discriminator does not forget them. 0 is off.',
    ...share,
    max: 0.9,
    default: 0.25,
  }),
  replay_capacity: number({
    label: 'Completions kept',
    help: 'Beyond it the oldest are dropped.',
    unit: 'completions',
    min: 1,
    max: 100_000,
    integer: true,
    default: 512,
  }),
  label_switching: flag({
    label: 'Label switching (uses the answer key)',
    help: 'Completions that the verifier finds right count as experts’. This is a verifier in disguise, so it is off. Later versions of the authors’ code have it on.',
    default: false,
    source: 'code',
    original: true,
  }),
  expert_noise: number({
    label: 'Wrong experts',
    help: 'A control: the share of questions whose expert ends at a wrong number.',
    ...share,
    default: 0,
  }),
});

const smoothing = headed('Discriminator', {
  label_smoothing: number({
    label: 'Label smoothing',
    help: 'Experts count as 1 less this and all others as this, so that no logit grows without end. Only cross-entropy has it.',
    min: 0,
    max: 0.49,
    step: 0.01,
    default: 0.1,
    source: 'code',
  }),
});

const { loss_type, scale_rewards, importance_sampling_level, num_generations, num_iterations } =
  grpoSettings;

/** What other methods have too stands in their order. */
export const airlSettings = {
  ...{ loss_type, scale_rewards, importance_sampling_level, num_generations, num_iterations },
  ...reward,
  ...discriminator,
  ...clipping,
  ...smoothing,
  ...flawlessTraceFields,
  ...common,
};
