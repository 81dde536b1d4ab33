/** The arms on chains: RARO, what learns from the same answers without a critic, RARO's ablations, and its numbers changed. */
import type { Arm } from '../lib/design.ts';
import { RARO } from './numbers.ts';
import { fromAnswers, verified, withSeeds } from './rivals.ts';
import { FEW } from './setting.ts';

const [sft, ...others] = fromAnswers(4);

const NO_TIES = { tau_crit: 0, tau_pol: 0 };

const ablations: Arm[] = [
  { id: 'no-tie', label: 'RARO without ties', change: { method: NO_TIES } },
  {
    id: 'blind',
    label: 'RARO, critic without reasoning',
    change: { method: { critic_reasoning: false } },
  },
  {
    id: 'blind-no-tie',
    label: 'RARO, without reasoning or ties',
    change: { method: { critic_reasoning: false, ...NO_TIES } },
  },
  {
    id: 'binary',
    label: 'RARO, one answer at a time',
    change: { method: { binary_critic: true } },
  },
  {
    id: 'separate',
    label: 'RARO, weights of its own',
    change: { method: { separate_critic: true } },
  },
  { id: 'no-replay', label: 'RARO without replay', change: { method: { replay_share: 0 } } },
  {
    id: 'noise-25',
    label: 'RARO, every fourth expert wrong',
    change: { method: { expert_noise: 0.25 } },
  },
  {
    id: 'noise-10',
    label: 'RARO, every tenth expert wrong',
    change: { method: { expert_noise: 0.1 } },
  },
];

/** What a tie pays and what the roles weigh, and how long an answer may be: 21 tokens is the mean of a right one. */
const numbers: Arm[] = [
  { id: 'tie-half', label: 'A tie pays half', change: { method: { tau_crit: 0.5, tau_pol: 0.5 } } },
  {
    id: 'tie-high',
    label: 'A tie pays 0.8',
    change: { method: { tau_crit: 0.8, tau_pol: 0.8 } },
  },
  {
    id: 'even',
    label: 'Both roles weigh one half',
    change: { method: { lambda_pol: 0.5, lambda_crit: 0.5 } },
  },
  {
    id: 'policy-first',
    label: 'The policy weighs 8/9',
    change: { method: { lambda_pol: 8 / 9, lambda_crit: 1 / 9 } },
  },
  {
    id: 'short-16',
    label: 'Answers of 16 tokens at most',
    change: { method: { max_completion_length: 16 } },
  },
  {
    id: 'short-20',
    label: 'Answers of 20 tokens at most',
    change: { method: { max_completion_length: 20 } },
  },
];

export const ARMS: readonly Arm[] = [
  { id: RARO, label: 'RARO', change: {} },
  verified,
  sft,
  ...withSeeds(others, FEW),
  ...withSeeds(ablations, FEW),
  ...withSeeds(numbers, FEW),
];

/** Arms that have no critic: each is tried at several learning rates. */
export const WITHOUT_CRITIC = [verified, sft, ...others].map(({ id }) => id);
