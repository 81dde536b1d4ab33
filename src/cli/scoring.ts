/** A loaded model on the GPU that goes through lines of tokens in micro-batches, each answered in the lines' order. */
import type { Gpu } from '../gpu/gpu.ts';
import { microBatches, packBatch, type SequenceTokens, sequenceLength } from '../model/batch.ts';
import type { LoadedModel } from '../model/load.ts';
import { Policy, type TokenScores } from '../model/policy.ts';
import { requireFinite } from './finite.ts';

/** Tokens of a micro-batch, unless one line alone has more: bounds memory, changes no score. */
const MICRO_BATCH = 1024;
/** Rows are rounded up to this, so that few shapes are compiled. */
const BUCKET = 64;

export interface ScoringOptions {
  readonly temperature: number;
  /** Whether gradients are needed. */
  readonly train: boolean;
}

/** One micro-batch, scored; the policy still holds its activations. */
export interface ScoredBatch<T extends SequenceTokens> {
  readonly sequences: readonly T[];
  readonly scores: TokenScores;
}

/** Opens the policy with room for the longest sequence. @throws BatonError OutOfMemory */
async function openPolicy(
  gpu: Gpu,
  model: LoadedModel,
  longest: number,
  options: ScoringOptions,
): Promise<{ policy: Policy; tokens: number }> {
  const tokens = Math.max(MICRO_BATCH, Math.ceil(longest / BUCKET) * BUCKET);
  const policy = await Policy.create(gpu, model.layout, {
    tokens,
    positions: longest,
    ...options,
  });
  policy.setParameters(model.parameters);
  return { policy, tokens };
}

/**
 * Scores all sequences in order, one micro-batch at a time.
 * @param each called after each micro-batch's forward pass, for a backward pass or for keeping the scores
 * @returns what `after` reads from the policy in the end
 * @throws BatonError NonFinite where a log-prob is not a number
 */
export async function scoreSequences<T extends SequenceTokens, R>(
  gpu: Gpu,
  model: LoadedModel,
  sequences: readonly T[],
  options: ScoringOptions,
  each: (batch: ScoredBatch<T>, policy: Policy) => Promise<void>,
  after: (policy: Policy) => Promise<R>,
): Promise<R> {
  const longest = Math.max(...sequences.map((s) => s.prompt.length + s.completion.length));
  const { policy, tokens } = await openPolicy(gpu, model, longest, options);
  try {
    for (const batch of microBatches(sequences, tokens, sequenceLength)) {
      const scores = await policy.forward(packBatch(batch, BUCKET));
      requireFinite(scores.logprobs, 'A log-probability');
      await each({ sequences: batch, scores }, policy);
    }
    return await after(policy);
  } finally {
    policy.destroy();
  }
}
