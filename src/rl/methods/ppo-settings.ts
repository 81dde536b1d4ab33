/**
 * The settings that PPO has and GRPO has not, by the names of the PPOConfig of TRL 1.10. A setting of both has one name: TRL's `cliprange` is
 * `epsilon` here, and its `response_length` is `max_completion_length`.
 */
import { choice, flag, nullable, number } from '../experiment/field.ts';
import { headed } from '../experiment/structure.ts';
import { clipping, common } from './settings.ts';

const rollouts = headed('Batch', {
  num_generations: number({
    label: 'Completions per question',
    help: 'How many completions each question gets. PPO compares with its value and not within a group, so 1 will do (PPO in TRL 1.10, and the runs of SAR).',
    unit: 'completions',
    min: 1,
    max: 128,
    integer: true,
    default: 8,
  }),
});

/** How often the learner goes over a batch, and in how many updates. */
export const epochs = headed('Passes', {
  num_ppo_epochs: number({
    label: 'Epochs per batch',
    help: 'How often each batch of completions is gone through.',
    unit: 'epochs',
    min: 1,
    max: 16,
    integer: true,
    default: 4,
    source: 'trl',
  }),
  num_mini_batches: number({
    label: 'Minibatches',
    help: 'Into how many parts, shuffled anew in every epoch, a batch is cut; each is one update. At most as many as there are completions.',
    unit: 'minibatches',
    min: 1,
    max: 64,
    integer: true,
    default: 1,
    source: 'trl',
  }),
});

const critic = headed('PPO', {
  value_learning_rate: number({
    label: 'Value learning rate',
    help: 'The size of an AdamW step of the value head, which starts at zero and has to learn within the run. Follows the same schedule.',
    min: 0,
    max: 1,
    scale: 'log',
    default: 1e-3,
    live: true,
  }),
  vf_coef: number({
    label: 'Value loss weight',
    help: 'Weight of the value loss. Where the value has a head of its own and detached, AdamW takes the weight out again.',
    min: 0,
    max: 10,
    step: 0.01,
    default: 0.1,
    source: 'trl',
  }),
  cliprange_value: nullable({
    label: 'Value clip',
    help: 'How far a value may move from what it was at sampling before its gradient is held (the code of SAR uses 0.5).',
    min: 0,
    exclusiveMin: true,
    max: 10,
    step: 0.05,
    default: 0.2,
    nullMeans: 'off',
    source: 'trl',
  }),
  value_detach: flag({
    label: 'Detach the value',
    help: 'The value reads the policy’s hidden state and leaves the policy alone. Off, its gradient shapes the trunk too. TRL 1.10, verl and SAR’s code have a second model as critic, which does not touch the policy either.',
    default: true,
  }),
  gamma: number({
    label: 'Discount',
    help: 'What a reward one token later is worth.',
    min: 0,
    max: 1,
    step: 0.01,
    default: 1,
    source: 'trl',
  }),
  lam: number({
    label: 'GAE lambda',
    help: 'How far advantages look ahead: 0 trusts the values, 1 (SAR’s runs) the rewards alone.',
    min: 0,
    max: 1,
    step: 0.01,
    default: 0.95,
    source: 'trl',
  }),
  whiten_advantages: flag({
    label: 'Whiten advantages',
    help: 'Brings the token advantages of a step to mean 0 and deviation 1. TRL 1.10 always does.',
    default: true,
  }),
  whiten_rewards: flag({
    label: 'Whiten rewards',
    help: 'Brings the token rewards of a step to deviation 1 and leaves their mean.',
    default: false,
    source: 'trl',
  }),
  kl_coef: number({
    label: 'KL in the reward',
    help: 'What each token pays for leaving the frozen starting policy, out of its reward. 0 is off; the KL weight above puts it into the loss instead.',
    min: 0,
    max: 10,
    step: 0.01,
    default: 0,
    source: 'trl',
    original: 0.05,
  }),
  kl_estimator: choice({
    label: 'KL estimate',
    help: 'What a token pays by: k1 is the plain difference of the log-probs (may be negative), k3 is never negative.',
    options: [
      { value: 'k1', label: 'k1' },
      { value: 'k3', label: 'k3' },
    ],
    default: 'k1',
    source: 'trl',
  }),
  missing_eos_penalty: nullable({
    label: 'Penalty without an end',
    help: 'Taken off the reward of a completion that met the length limit before its end token.',
    min: 0,
    exclusiveMin: true,
    max: 10,
    step: 0.1,
    default: null,
    nullMeans: 'off',
    source: 'trl',
  }),
});

export const ppoSettings = { ...rollouts, ...epochs, ...critic, ...clipping, ...common };
