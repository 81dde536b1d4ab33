/** Numbers that are none end a step before they reach the parameters. */
import { BatonError } from '../../errors.ts';

/** A log-prob, the loss or a gradient was not a finite number. A run goes back to its last good step and tells people. */
export class NotFinite extends BatonError {
  constructor() {
    super({
      kind: 'NonFinite',
      message: 'A number of the model is not finite',
      remedy: 'Nothing was changed. The model’s weights are damaged, or grew too large.',
    });
  }
}

/** @throws NotFinite */
export function requireFinite(...lists: readonly (Float32Array | undefined)[]): void {
  if (!lists.every((list) => list?.every(Number.isFinite) ?? true)) throw new NotFinite();
}
