/** The arms on chains: AIRL at four granularities, its rivals, and what is changed in the dense one. */
import type { Arm } from '../lib/design.ts';
import { byGranularity, FEW, opsd, rivals } from './setting.ts';

const changed = (id: string, label: string, method: Arm['change']['method']): Arm => ({
  ...{ id, label, change: { method }, seeds: FEW },
});

const controls: readonly Arm[] = [
  changed('frozen', 'Frozen after its warm-up', { freeze_reward: true }),
  changed('no-centring', 'Rewards not centred in their group', { center_rewards: false }),
  changed('switching', 'Labels switched by the answer key', { label_switching: true }),
];

const numbers: readonly Arm[] = [
  changed('clip-1', 'Reward kept within 1', { reward_clip: 1 }),
  changed('clip-10', 'Reward kept within 10', { reward_clip: 10 }),
  changed('noise-10', 'Every tenth expert wrong', { expert_noise: 0.1 }),
  changed('noise-25', 'Every fourth expert wrong', { expert_noise: 0.25 }),
];

/** Other forms of the method. */
const forms: readonly Arm[] = [
  changed('token', 'Advantages per token, gamma 0.9', { advantage_form: 'token' }),
  changed('gad', 'GAD: pairs, read at the last token', {
    granularity: 'sparse',
    reward_loss: 'pairwise',
  }),
  changed('perturbed', 'Perturbed experts beside (0.25)', { perturbed_share: 0.25 }),
  changed('replay', 'Earlier answers beside (0.25)', { replay_share: 0.25 }),
  changed('score-first', 'Scored before it learns', { reward_order: 'score_first' }),
];

export const ARMS: readonly Arm[] = [
  ...byGranularity,
  ...rivals,
  opsd,
  ...controls,
  ...numbers,
  ...forms,
];
