/** Checks the log-probabilities that the sampler writes. */
import { BatonError } from '../errors.ts';

/** Rounding may lift the log-prob of a certain token this far above 0. */
const ROUNDING = 1e-3;

/** False if the logits were not finite: the sampler then finds no largest logit, which shows as a log-prob far above 0. */
export function isLogprob(value: number): boolean {
  return value <= ROUNDING;
}

/** The logits gave no distribution to draw from, so the tokens drawn mean nothing. */
export class NoDistribution extends BatonError {
  /** @param fp16 whether activations were stored as halves */
  constructor(fp16: boolean) {
    super({
      kind: 'NonFinite',
      message: 'The logits that answers are drawn from are not finite numbers',
      remedy: fp16
        ? 'Activations may be beyond the 65,504 of half precision: run without it.'
        : 'The weights, or what they compute, are beyond what f32 can hold.',
    });
  }
}
