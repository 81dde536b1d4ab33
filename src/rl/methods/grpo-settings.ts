/** The settings that only GRPO and its relatives have, by the names of the GRPOConfig of TRL 1.13. */
import { choice, number } from '../experiment/field.ts';
import { headed } from '../experiment/structure.ts';
import { clipping, common } from './settings.ts';

const grpoLoss = headed('Objective', {
  loss_type: choice({
    label: 'Loss',
    help: 'How token losses become one number. grpo: mean over completions of their token mean; bnpo and dapo: mean over all tokens of the batch; dr_grpo: sum over tokens divided by the longest allowed length, so length earns nothing; gspo: one ratio per completion; cispo: the clipped ratio is a fixed weight on the log-probability.',
    options: [
      { value: 'grpo', label: 'GRPO' },
      { value: 'bnpo', label: 'BNPO' },
      { value: 'dapo', label: 'DAPO' },
      { value: 'dr_grpo', label: 'Dr. GRPO' },
      { value: 'gspo', label: 'GSPO' },
      { value: 'cispo', label: 'CISPO' },
    ],
    default: 'dapo',
    source: 'trl',
  }),
  scale_rewards: choice({
    label: 'Scale advantages by',
    help: 'What an advantage is divided by, after the group mean is taken off: the standard deviation of its group, of the whole batch, or nothing (Dr. GRPO).',
    options: [
      { value: 'group', label: 'Group deviation' },
      { value: 'batch', label: 'Batch deviation' },
      { value: 'none', label: 'Nothing' },
    ],
    default: 'group',
    source: 'trl',
  }),
  importance_sampling_level: choice({
    label: 'Ratio per',
    help: 'Whether the policy ratio is taken per token or once per completion. The loss gspo always takes it per completion.',
    options: [
      { value: 'token', label: 'Token' },
      { value: 'sequence', label: 'Completion' },
    ],
    default: 'token',
    source: 'trl',
  }),
});

const grpoBatch = headed('Batch', {
  num_generations: number({
    label: 'Completions per question',
    help: 'The group size G. Advantages compare the completions of one group, so at least 2.',
    unit: 'completions',
    min: 2,
    max: 128,
    integer: true,
    default: 8,
    source: 'trl',
  }),
});

const grpoPasses = headed('Passes', {
  num_iterations: number({
    label: 'Passes per batch',
    help: 'Optimiser passes over each batch of completions. From the second pass on the ratio leaves 1 and clipping works.',
    unit: 'passes',
    min: 1,
    max: 16,
    integer: true,
    default: 1,
    source: 'trl',
  }),
});

export const grpoSettings = { ...grpoLoss, ...grpoBatch, ...grpoPasses, ...clipping, ...common };
