/** Refuses results of a model that are not finite: JSON would write them as null, which looks like an answer. */
import { BatonError } from '../errors.ts';

/** @throws BatonError NonFinite */
export function requireFinite(values: Float32Array, what: string): void {
  if (values.every(Number.isFinite)) return;
  throw new BatonError({
    kind: 'NonFinite',
    message: `${what} is not a finite number`,
    remedy: 'Nothing was written. The weights, or what they compute, are beyond what f32 can hold.',
  });
}
