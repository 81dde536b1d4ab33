/** What a learner of a run starts from: the policy's weights, or fresh ones of a model of its own size. */
import { badConfig } from '../../errors.ts';
import { initialiseParameters } from '../../model/initialise.ts';
import type { LoadedModel } from '../../model/load.ts';
import { type ParameterLayout, parameterLayout } from '../../model/parameters.ts';
import type { LearnerNeed } from '../methods/method.ts';

/** The layout of a learner's parameters. @throws BatonError for a model that is too large */
export function layoutOf({ from, tokenHead }: LearnerNeed, policy: ParameterLayout) {
  return from ? parameterLayout(from.model, undefined, tokenHead) : policy;
}

export interface Start {
  readonly layout: ParameterLayout;
  readonly parameters: Float32Array<ArrayBuffer>;
}

/**
 * @param positions most tokens that the run will have it read
 * @throws BadConfig where a model of its own cannot read the run's tokens
 */
export function startOf(
  name: string,
  need: LearnerNeed,
  { layout: policy, parameters, tokenizer }: LoadedModel,
  positions: number,
): Start {
  const { from } = need;
  if (!from) return { layout: policy, parameters };
  const { vocab_size: tokens, max_position_embeddings: most } = from.model;
  const vocabulary = tokenizer?.vocabSize ?? policy.config.vocab_size;
  const refuse = (what: string) => badConfig('method', `The ${name} reads ${what}`);
  if (tokens < vocabulary)
    throw refuse(`${tokens} different tokens; the policy's tokenizer has ${vocabulary}`);
  if (positions > most)
    throw refuse(`${most} positions; prompts with completions have up to ${positions}`);
  const layout = layoutOf(need, policy);
  return { layout, parameters: initialiseParameters(layout, from.seed) };
}
