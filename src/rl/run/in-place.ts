/**
 * For the report on an adapter (`src/lab/adapter-report`), and for nobody else: the gate once more, inside a run's own buffers: the policy's log-probs and gradients as the learner computes them there, against the
 * float64 model. Some drivers compute a kernel right in a buffer of its own and wrong between those of a run. No run does
 * this by itself: the batch has a shape of its own, which brings recordings, and the float64 model takes longer than a run's start may.
 */
import { packBatch, type SequenceTokens } from '../../model/batch.ts';
import type { Learner } from '../../model/learner.ts';
import { referenceGradient, referenceScores } from '../../model/reference.ts';
import { randomStream } from '../random.ts';

/** Largest error and where it is. */
interface Worst {
  readonly error: number;
  readonly limit: number;
  readonly at: string;
}

export interface InPlaceCheck {
  readonly passed: boolean;
  /** |error| of a log-prob, in units of 1 + |log-prob|. */
  readonly logprobs: Worst;
  /** Largest error in a tensor's gradient, in units of the tensor's root mean square. */
  readonly gradients: Worst;
}

/** Scores are rounded sums along the width, layer after layer; a gradient takes twice as many and exps on the way. */
const LIMITS = { logprobs: 2e-5, gradients: 2e-3 } as const;
/** Prompt and completion tokens: few, since float64 in plain loops is slow. */
const LENGTHS = [
  [3, 9],
  [1, 1],
  [7, 24],
] as const;

function sequencesOf(vocabulary: number): SequenceTokens[] {
  const random = randomStream(5, 'in place');
  const draw = (n: number) => Array.from({ length: n }, () => random.below(vocabulary));
  return LENGTHS.map(([prompt, completion]) => ({
    prompt: draw(prompt),
    completion: draw(completion),
  }));
}

/**
 * Checks a learner that trains and has a token head, between steps: its gradients are zero before and after.
 * @param bucket rows of the batch are rounded up to a multiple of this, as the run's are
 * @throws RangeError where the learner has no room for 45 tokens or 31 positions; DeviceLost
 */
export async function checkInPlace(learner: Learner, bucket: number): Promise<InPlaceCheck> {
  const { layout, options } = learner;
  const batch = packBatch(sequencesOf(layout.config.vocab_size), bucket);
  const random = randomStream(6, 'in place');
  const coefficients = Array.from({ length: batch.targetCount }, () => random.normal());
  const entropyCoefficients = Array.from({ length: batch.targetCount }, () => random.normal());
  let logprobs: ArrayLike<number> = [];
  await learner.accumulate(batch, (scores) => {
    logprobs = scores.logprobs;
    return { logprob: coefficients, entropy: entropyCoefficients };
  });
  const gradients = await learner.readGradients();
  learner.clearGradients();
  const parameters = await learner.readParameters();
  const packed = {
    ids: batch.ids.subarray(0, batch.count),
    positions: batch.positions.subarray(0, batch.count),
    segmentStarts: batch.spans.filter((_, i) => i % 4 === 0).subarray(0, batch.count),
  };
  const scored = {
    rows: batch.sources.subarray(0, batch.targetCount),
    targets: batch.targets.subarray(0, batch.targetCount),
    temperature: options.temperature,
  };
  const wanted = referenceScores(layout, parameters, packed, scored);
  const gradient = referenceGradient(layout, parameters, packed, {
    ...{ ...scored, coefficients, entropyCoefficients },
  });
  const scores = worstOf(
    [...wanted.logprobs].map((right, i) => ({
      error: Math.abs(logprobs[i] - right) / (1 + Math.abs(right)),
      at: `token ${i}`,
    })),
    LIMITS.logprobs,
  );
  const tensors = worstOf(
    layout.tensors.map(({ name, offset, size }) => {
      let [squares, error] = [0, 0];
      for (let i = offset; i < offset + size; i++) {
        squares += gradient[i] ** 2;
        const off = Math.abs(gradients[i] - gradient[i]);
        // A NaN is larger than everything.
        if (!(off <= error)) error = off;
      }
      return { error: error === 0 ? 0 : error / Math.sqrt(squares / size), at: name };
    }),
    LIMITS.gradients,
  );
  const within = ({ error, limit }: Worst) => error <= limit;
  return { passed: within(scores) && within(tensors), logprobs: scores, gradients: tensors };
}

function worstOf(all: readonly { error: number; at: string }[], limit: number): Worst {
  const worst = all.reduce((a, b) => (b.error <= a.error ? a : b));
  return { ...worst, limit };
}
