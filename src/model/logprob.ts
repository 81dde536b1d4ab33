/** What a log-probability that the sampler wrote can be. */
import { BatonError } from '../errors.ts';

/** Rounding may lift the log-prob of a sure token this far above 0. */
const ROUNDING = 1e-3;

/** False for what comes of logits that are not finite: they leave the sampler without a largest one, which shows as a log-prob far above 0. */
export function isLogprob(value: number): boolean {
  return value <= ROUNDING;
}

/** There was nothing to draw from: what was drawn is no answer. */
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
