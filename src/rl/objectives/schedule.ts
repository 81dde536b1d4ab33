/** Learning-rate schedules, under the names of transformers' `lr_scheduler_type`. */

export const LR_SCHEDULER_TYPES = ['constant', 'constant_with_warmup', 'linear', 'cosine'] as const;
export type LrSchedulerType = (typeof LR_SCHEDULER_TYPES)[number];

export interface ScheduleSettings {
  readonly lr_scheduler_type: LrSchedulerType;
  /** The peak. */
  readonly learning_rate: number;
  /** Steps over which the rate rises linearly from 0, in the unit of `step`; `constant` ignores it. */
  readonly warmup_steps: number;
  /** Steps of the whole run, where linear and cosine reach 0. */
  readonly max_steps: number;
}

/**
 * The learning rate of step `step` (from 0). Source: transformers, optimization.py (get_linear_schedule_with_warmup and
 * its neighbours). Trap, as there: with warm-up the very first step has rate 0.
 */
export function learningRate(step: number, settings: ScheduleSettings): number {
  return settings.learning_rate * scheduleFactor(step, settings);
}

function scheduleFactor(step: number, settings: ScheduleSettings): number {
  const { lr_scheduler_type: type, warmup_steps: warmup, max_steps: steps } = settings;
  if (type === 'constant') return 1;
  if (step < warmup) return step / warmup;
  if (type === 'constant_with_warmup') return 1;
  const progress = Math.min(1, (step - warmup) / Math.max(1, steps - warmup));
  return type === 'linear' ? 1 - progress : (1 + Math.cos(Math.PI * progress)) / 2;
}
