/** Numbers that came out of a model, refused where they are none: a result of nulls looks like an answer. */
import { BatonError } from '../errors.ts';
import { isLogprob } from '../model/logprob.ts';

function nonFinite(what: string): BatonError {
  return new BatonError({
    kind: 'NonFinite',
    message: `${what} is not a finite number`,
    remedy: 'Nothing was written. The weights, or what they compute, are beyond what f32 can hold.',
  });
}

/** @throws BatonError NonFinite */
export function requireFinite(values: Float32Array, what: string): void {
  if (!values.every(Number.isFinite)) throw nonFinite(what);
}

/** Log-probs of sampled tokens. @throws BatonError NonFinite */
export function requireLogprobs(logprobs: readonly number[]): void {
  if (!logprobs.every(isLogprob)) throw nonFinite('A log-probability');
}
