/** Scores token sequences with a loaded model on the GPU, in micro-batches that keep their order. */
import type { Gpu } from '../gpu/gpu.ts';
import { microBatches, packBatch, rowsOf, type SequenceTokens } from '../model/batch.ts';
import { type Coefficients, Learner, type TokenScores } from '../model/learner.ts';
import type { LearnerOptions } from '../model/learner-buffers.ts';
import type { LoadedModel } from '../model/load.ts';
import { requireFinite } from './finite.ts';

/** Most tokens in a micro-batch, unless a single line has more. It bounds memory and changes no score. */
const MICRO_BATCH = 1024;
/** Rows are rounded up to this, so that few shapes are compiled. */
const BUCKET = 64;

/** One micro-batch with its scores, per completion token, in the order of the sequences. */
export interface ScoredBatch<T extends SequenceTokens> {
  readonly sequences: readonly T[];
  readonly scores: TokenScores;
}

/** Opens a learner with room for the longest sequence, does the work, and frees it. @throws BatonError OutOfMemory */
async function withLearner<R>(
  gpu: Gpu,
  model: LoadedModel,
  sequences: readonly SequenceTokens[],
  options: Pick<LearnerOptions, 'temperature' | 'train'>,
  work: (learner: Learner, tokens: number) => Promise<R>,
): Promise<R> {
  const longest = sequences.reduce((length, one) => Math.max(length, rowsOf(one)), 0);
  const tokens = Math.max(MICRO_BATCH, Math.ceil(longest / BUCKET) * BUCKET);
  const learner = await Learner.create(gpu, model.layout, {
    tokens,
    positions: longest,
    ...options,
    tokenHead: model.layout.tokenHead,
    ...(model.scalar && { scalar: { rows: 'at', trunk: 'shared' } }),
  });
  try {
    learner.setParameters(model.parameters);
    if (model.scalar) learner.scalar?.setParameters(model.scalar.head);
    return await work(learner, tokens);
  } finally {
    learner.destroy();
  }
}

/** @throws BatonError NonFinite */
function requireFiniteScores({ logprobs, values }: TokenScores): void {
  requireFinite(logprobs, 'A log-probability');
  if (values) requireFinite(values, 'A value');
}

/**
 * Scores all sequences in order, one micro-batch at a time.
 * @param each called with every micro-batch
 * @throws BatonError NonFinite if a log-prob or a value is not finite
 */
export function scoreSequences<T extends SequenceTokens>(
  gpu: Gpu,
  model: LoadedModel,
  sequences: readonly T[],
  temperature: number,
  each: (batch: ScoredBatch<T>) => void,
): Promise<void> {
  const options = { temperature, train: false };
  return withLearner(gpu, model, sequences, options, async (learner, tokens) => {
    for (const batch of microBatches(sequences, tokens, rowsOf)) {
      const scores = await learner.score(packBatch(batch, BUCKET));
      requireFiniteScores(scores);
      each({ sequences: batch, scores });
    }
  });
}

/**
 * The gradient of a loss over all sequences, summed over micro-batches.
 * @param coefficientsOf called with every micro-batch, in order
 * @returns the gradient, in the order of the model's parameters
 * @throws BatonError NonFinite if a log-prob or a value is not finite
 */
export function gradientOver<T extends SequenceTokens>(
  gpu: Gpu,
  model: LoadedModel,
  sequences: readonly T[],
  temperature: number,
  coefficientsOf: (batch: ScoredBatch<T>) => Coefficients,
): Promise<Pick<LoadedModel, 'parameters' | 'scalar'>> {
  const options = { temperature, train: true };
  return withLearner(gpu, model, sequences, options, async (learner, tokens) => {
    for (const batch of microBatches(sequences, tokens, rowsOf)) {
      await learner.accumulate(packBatch(batch, BUCKET), (scores) => {
        requireFiniteScores(scores);
        return coefficientsOf({ sequences: batch, scores });
      });
    }
    const head = await learner.scalar?.readGradients();
    return {
      parameters: await learner.readGradients(),
      scalar: model.scalar && head ? { ...model.scalar, head } : null,
    };
  });
}
