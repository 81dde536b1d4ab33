/**
 * Where on the panel a setting stands. Only order and folds: what a setting is, the schema says. A setting that is named
 * nowhere here falls into the advanced part of its group's fold, so a new one is never lost (settings.test.ts).
 */

export interface Fold {
  readonly id: string;
  readonly title: string;
  /** Settings whose values stand on the closed fold, by path, where those are not its first two. */
  readonly gist?: readonly string[];
  /** Settings shown when the fold is open, by path. */
  readonly paths: readonly string[];
  /** The schema's groups whose unnamed settings stand one level deeper. */
  readonly groups: readonly string[];
}

/** Rows above the folds, in order; a task's own options follow its choice. */
export const TOP_ROWS = ['task.', 'policy', 'steps', 'seed'] as const;

export const FOLDS: readonly Fold[] = [
  {
    id: 'objective',
    title: 'Objective',
    groups: ['Objective'],
    gist: ['objective.algorithm', 'objective.loss_type'],
    paths: [
      'objective.algorithm',
      'objective.loss_type',
      'objective.scale_rewards',
      'objective.beta',
      'objective.epsilon',
      'objective.num_iterations',
    ],
  },
  {
    id: 'ppo',
    title: 'Value and epochs',
    groups: ['PPO'],
    gist: ['objective.num_ppo_epochs'],
    paths: [
      'objective.num_ppo_epochs',
      'objective.num_mini_batches',
      'objective.value_learning_rate',
      'objective.lam',
      'objective.kl_coef',
    ],
  },
  {
    id: 'sampling',
    title: 'Sampling',
    groups: ['Batch', 'Sampling'],
    gist: ['objective.num_generations'],
    paths: [
      'objective.num_generations',
      'objective.prompts_per_step',
      'objective.max_completion_length',
      'objective.temperature',
    ],
  },
  {
    id: 'optimiser',
    title: 'Learning rate',
    groups: ['Optimiser'],
    paths: [
      'objective.learning_rate',
      'objective.lr_scheduler_type',
      'objective.warmup_steps',
      'objective.max_grad_norm',
    ],
  },
  { id: 'precision', title: 'Half precision', groups: ['Half precision'], paths: [] },
  { id: 'evaluation', title: 'Evaluation', groups: ['Evaluation'], paths: [] },
  { id: 'logging', title: 'Logging', groups: ['Logging'], paths: [] },
];

/** The fold that a setting stands in, or undefined for the rows and rewards above the folds. */
export function foldOf(setting: {
  readonly path: string;
  readonly group: string;
}): Fold | undefined {
  return (
    FOLDS.find((fold) => fold.paths.includes(setting.path)) ??
    FOLDS.find((fold) => fold.groups.includes(setting.group))
  );
}
