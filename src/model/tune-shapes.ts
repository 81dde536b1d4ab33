/** The matrix products on which a model spends most of its time: what the tuner measures. */
import type { TuneShapes } from '../kernels/tune.ts';
import type { ModelConfig } from './config.ts';

/** The products of gate and up, forward and backward, on `rows` rows. */
export function tuneShapes(config: ModelConfig, rows: number): TuneShapes {
  const { hidden_size: hidden, intermediate_size: inner } = config;
  return {
    nt: { m: rows, n: 2 * inner, k: hidden },
    nn: { m: rows, n: hidden, k: 2 * inner },
    tn: { m: 2 * inner, n: hidden, k: rows },
  };
}
