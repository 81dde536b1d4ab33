/** The only training loop: pretraining, GRPO and PPO differ in their examples and in their loss. */
import type { AdamWSettings } from '../../kernels/optimizer/adamw.ts';
import type { CompletionSpan } from '../../model/batch.ts';
import type { Learner, UpdateResult } from '../../model/learner.ts';
import { type Example, withColumns } from './example.ts';
import { NotFinite, requireFinite } from './finite.ts';
import { type BatchPlan, packExamples, unpack } from './pack.ts';

/** A micro-batch as a loss sees it. Flat arrays hold one number per completion token, example after example. */
export interface Scored {
  readonly examples: readonly Example[];
  /** Where each example's tokens are in the flat arrays. */
  readonly spans: readonly CompletionSpan[];
  /** Log-probability under the current learner, nats, at its temperature. */
  readonly logp: ArrayLike<number>;
  /** Entropy of the distribution that the token is drawn from, nats. */
  readonly entropy: ArrayLike<number>;
  /** What the scalar head says; absent without one. */
  readonly values?: ArrayLike<number>;
  /** A column of the examples, flat; undefined where none of them has it. */
  column(name: string): Float64Array | undefined;
}

/** The share of the loss that a micro-batch has, and its derivatives, one per completion token. */
export interface Gradient {
  readonly loss: number;
  /** dLoss/dlogp; absent where the loss is of values alone, as for a learner without a token head. */
  readonly coefficients?: ArrayLike<number>;
  /** dLoss/dentropy */
  readonly entropyCoefficients?: ArrayLike<number>;
  /** dLoss/dvalue */
  readonly valueCoefficients?: ArrayLike<number>;
}

/**
 * A loss first sees all examples of an update, since a token's weight depends on all of them. It is then asked micro-batch by
 * micro-batch. The shares add up, so the gradient does not depend on how the update was cut.
 */
export type Loss = (update: readonly Example[]) => (part: Scored) => Gradient;

export interface LearnOptions {
  readonly plan: BatchPlan;
  /** How many times to go over the examples. Default 1. */
  readonly passes?: number;
  /** The examples of each update of a pass, by index. Default: one update with all of them. */
  readonly minibatches?: (pass: number) => readonly (readonly number[])[];
  /** The column that receives the log-probs of the first pass, for later passes to compare with. */
  readonly fill?: string;
  /** AdamW's settings for update `update` of pass `pass`, and the rate of the scalar head. */
  readonly optimizer: (pass: number, update: number) => AdamWSettings;
  readonly scalarLearningRate?: number;
  /** Called once, just before the first update, when everything that leads to it was finite. */
  readonly keep?: () => void;
}

export interface Learned {
  readonly updates: readonly UpdateResult[];
  /** Per example, its log-probs in the first pass; empty where it was in no update. */
  readonly logprobs: readonly Float32Array[];
}

/**
 * Does one optimiser step per minibatch and pass.
 * @throws NotFinite, after which the learner's gradients and parameters are no longer to be trusted
 */
export async function learn(
  learner: Learner,
  examples: readonly Example[],
  loss: Loss,
  options: LearnOptions,
): Promise<Learned> {
  const { plan, passes = 1, fill, minibatches = () => [[...examples.keys()]] } = options;
  const updates: UpdateResult[] = [];
  const first = examples.map(() => new Float32Array());
  let current = examples;
  for (let pass = 0; pass < passes; pass++) {
    for (const [u, indices] of minibatches(pass).entries()) {
      const gradientOf = loss(indices.map((i) => current[i]));
      for (const part of packExamples(current, indices, plan, learner.readsEnds)) {
        await learner.accumulate(part.batch, ({ logprobs, entropies, values }) => {
          requireFinite(logprobs, values);
          if (pass === 0) unpack(part, logprobs, first);
          const own = part.indices.map((i) => current[i]);
          const gradient = gradientOf({
            ...{ examples: own, spans: part.batch.completions, logp: logprobs, entropy: entropies },
            ...(values && { values }),
            column: (name) => flat(own, name),
          });
          if (!Number.isFinite(gradient.loss)) throw new NotFinite();
          return {
            ...(gradient.coefficients && { logprob: gradient.coefficients }),
            ...(gradient.entropyCoefficients && { entropy: gradient.entropyCoefficients }),
            ...(gradient.valueCoefficients && { value: gradient.valueCoefficients }),
          };
        });
      }
      if (updates.length === 0) options.keep?.();
      const update = await learner.update(options.optimizer(pass, u), options.scalarLearningRate);
      if (!update.finite) throw new NotFinite();
      updates.push(update);
    }
    if (fill !== undefined && pass === 0 && passes > 1)
      current = current.map((example, i) =>
        // An example from an earlier step has its own.
        example.columns[fill] ? example : withColumns(example, { [fill]: first[i] }),
      );
  }
  return { updates, logprobs: first };
}

/** A column of some examples, flat; undefined where none has it. @throws RangeError where only some of the examples have the column */
export function flat(examples: readonly Example[], name: string): Float64Array | undefined {
  const columns = examples.map((example) => example.columns[name]);
  if (columns.every((column) => column === undefined)) return undefined;
  return Float64Array.from(
    columns.flatMap((column, i) => {
      if (column?.length !== examples[i].completion.length)
        throw new RangeError(`the column ${name} does not fit the tokens of its example`);
      return Array.from(column);
    }),
  );
}
