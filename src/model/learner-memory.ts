/** How much memory a learner will hold, counted by the code that allocates it. */
import type { MemoryTally } from '../gpu/memory.ts';
import { allocateLearner, type LearnerOptions } from './learner-buffers.ts';
import type { ParameterLayout } from './parameters.ts';
import { allocateScalar } from './scalar-head.ts';

/** Bytes, by what they are for. */
export interface LearnerMemory {
  /** Parameters, those of a scalar head among them. */
  readonly weights: number;
  /** Gradients, both moments and the copies that a failed step goes back to; with a scalar head all of its training buffers. */
  readonly optimizer: number;
  /** The rest: what a batch of the most tokens passes through. */
  readonly activations: number;
}

/** Adds a learner to a tally. */
export function learnerMemory(
  tally: MemoryTally,
  layout: ParameterLayout,
  options: LearnerOptions,
): LearnerMemory {
  const before = tally.bytes;
  const { parameters, training } = allocateLearner(tally, layout, options);
  const trained = training
    ? [training.gradients, training.m, training.v, ...training.backups.flat()]
    : [];
  const optimizer = trained.reduce((sum, { size }) => sum + size, 0);
  const activations = tally.bytes - before - parameters.size - optimizer;
  const { scalar, tokens, train, snapshots = 1 } = options;
  if (!scalar) return { weights: parameters.size, optimizer, activations };
  const width = layout.config.hidden_size;
  const head = allocateScalar(tally, { width, tokens, train, snapshots });
  const own = head.all.reduce((sum, { size }) => sum + size, 0) - head.parameters.size;
  return {
    weights: parameters.size + head.parameters.size,
    optimizer: optimizer + own,
    activations,
  };
}
