/** Scoring without gradient: log-probs and values of given tokens, under a learner or its frozen reference. */
import type { Learner } from '../../model/learner.ts';
import { type Example, withColumns } from './example.ts';
import { requireFinite } from './finite.ts';
import { type BatchPlan, packExamples, unpack } from './pack.ts';

/** Per example, one number per completion token. */
export interface Scores {
  /** Nats, at the learner's temperature. */
  readonly logprobs: readonly Float32Array[];
  /** What the scalar head says; absent without one. */
  readonly values?: readonly Float32Array[];
}

/**
 * Scores examples under the learner as it is now (`policy`) or under its frozen `reference`.
 * @throws NotFinite where a number of the learner is not finite
 */
export async function score(
  learner: Learner,
  examples: readonly Example[],
  plan: BatchPlan,
  model: 'policy' | 'reference' = 'policy',
): Promise<Scores> {
  const logprobs = examples.map(() => new Float32Array());
  const values = examples.map(() => new Float32Array());
  let scalar = false;
  for (const part of packExamples(examples, [...examples.keys()], plan, learner.readsEnds)) {
    const scores = await learner.score(part.batch, model);
    if (model === 'policy') requireFinite(scores.logprobs, scores.values);
    unpack(part, scores.logprobs, logprobs);
    if (scores.values) {
      scalar = true;
      unpack(part, scores.values, values);
    }
  }
  return { logprobs, ...(scalar && { values }) };
}

/** The examples with a column `ref`: log-probs under the frozen reference. */
export async function withReference(
  learner: Learner,
  examples: readonly Example[],
  plan: BatchPlan,
): Promise<Example[]> {
  const { logprobs } = await score(learner, examples, plan, 'reference');
  return examples.map((example, i) => withColumns(example, { ref: logprobs[i] }));
}
