/** AdamW's settings for one update, from a method's settings and the number of the update in the run. */
import type { AdamWSettings } from '../../kernels/optimizer/adamw.ts';

/** Under the names of TRL 1.13. */
export interface OptimizerConfig {
  readonly adam_beta1: number;
  readonly adam_beta2: number;
  readonly adam_epsilon: number;
  readonly weight_decay: number;
  readonly max_grad_norm: number;
}

/** @param step number of the update, from 1, for AdamW's bias correction */
export function adamw(config: OptimizerConfig, learningRate: number, step: number): AdamWSettings {
  return {
    learningRate,
    beta1: config.adam_beta1,
    beta2: config.adam_beta2,
    epsilon: config.adam_epsilon,
    weightDecay: config.weight_decay,
    maxGradNorm: config.max_grad_norm,
    step,
  };
}
