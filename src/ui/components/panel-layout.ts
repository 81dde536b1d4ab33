/**
 * Where on the panel a setting stands. Only order and folds: what a setting is, the schema says. A setting that is named
 * nowhere here falls into the `more` of its group, so a new one is never lost (panel-layout.test.ts).
 */

export interface Fold {
  readonly id: string;
  readonly title: string;
  /** Settings shown when the fold is open, by path. */
  readonly paths: readonly string[];
  /** Settings one level deeper, by path. */
  readonly more: readonly string[];
  /** The schema's group whose unnamed settings stand in `more`. */
  readonly group?: string;
}

/** Rows above the folds, in order; a task's own options follow its choice. */
export const TOP_ROWS = ['task.', 'policy', 'steps', 'seed'] as const;

export const FOLDS: readonly Fold[] = [
  {
    id: 'objective',
    title: 'Objective',
    group: 'Objective',
    paths: [
      'objective.loss_type',
      'objective.scale_rewards',
      'objective.beta',
      'objective.epsilon',
    ],
    more: [],
  },
  {
    id: 'sampling',
    title: 'Sampling',
    paths: [
      'objective.num_generations',
      'objective.prompts_per_step',
      'objective.max_completion_length',
      'objective.temperature',
    ],
    more: ['objective.top_p', 'objective.top_k', 'objective.min_p'],
  },
  {
    id: 'optimiser',
    title: 'Learning rate',
    paths: [
      'objective.learning_rate',
      'objective.lr_scheduler_type',
      'objective.warmup_steps',
      'objective.max_grad_norm',
    ],
    more: [
      'objective.adam_beta1',
      'objective.adam_beta2',
      'objective.adam_epsilon',
      'objective.weight_decay',
    ],
  },
  { id: 'evaluation', title: 'Evaluation', group: 'Evaluation', paths: [], more: [] },
  { id: 'logging', title: 'Logging', group: 'Logging', paths: [], more: [] },
];
