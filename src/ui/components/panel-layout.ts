/**
 * Where on the panel a setting stands. Only order and folds: what a setting is, the schema says. A setting that is named
 * nowhere here falls into the advanced part of its group's fold, so a new one is never lost (settings.test.ts). A fold shows
 * where the experiment has any of its settings, whichever method brings them.
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
export const TOP_ROWS = ['task.', 'policy', 'method.name', 'steps', 'seed'] as const;

export const FOLDS: readonly Fold[] = [
  {
    id: 'objective',
    title: 'Objective',
    groups: ['Objective'],
    gist: ['method.loss_type', 'method.beta'],
    paths: ['method.loss_type', 'method.scale_rewards', 'method.beta', 'method.epsilon'],
  },
  { id: 'passes', title: 'Passes', groups: ['Passes'], paths: [] },
  {
    id: 'value',
    title: 'Value',
    groups: ['PPO'],
    gist: ['method.value_learning_rate'],
    paths: ['method.value_learning_rate', 'method.lam', 'method.kl_coef'],
  },
  { id: 'continuations', title: 'Continuations', groups: ['VinePPO'], paths: [] },
  {
    id: 'rounds',
    title: 'Rounds',
    groups: ['Rounds'],
    paths: ['method.rounds', 'method.compare'],
  },
  {
    id: 'critic',
    title: 'Critic',
    groups: ['Critic'],
    paths: ['method.verdicts', 'method.tau_pol', 'method.tau_crit', 'method.replay_share'],
    gist: ['method.tau_pol', 'method.tau_crit'],
  },
  {
    id: 'discriminator',
    title: 'Learned reward',
    groups: ['Learned reward', 'Discriminator'],
    paths: [
      ...['method.granularity', 'method.advantage_form', 'method.reward_clip'],
      ...['method.reward_warmup_steps', 'method.reward_learning_rate'],
    ],
    gist: ['method.granularity', 'method.advantage_form'],
  },
  {
    id: 'teacher',
    title: 'Teacher',
    groups: ['Teacher'],
    gist: ['method.teacher'],
    paths: ['method.teacher', 'method.shown'],
  },
  {
    id: 'expert',
    title: 'Expert',
    groups: ['Expert'],
    paths: ['method.target', 'method.style', 'method.slips'],
    gist: ['method.target'],
  },
  {
    id: 'sampling',
    title: 'Sampling',
    groups: ['Batch', 'Sampling'],
    gist: ['method.num_generations'],
    paths: [
      'method.num_generations',
      'method.prompts_per_step',
      'method.max_completion_length',
      'method.temperature',
    ],
  },
  {
    id: 'optimiser',
    title: 'Learning rate',
    groups: ['Optimiser'],
    paths: [
      'method.learning_rate',
      'method.lr_scheduler_type',
      'method.warmup_steps',
      'method.max_grad_norm',
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
