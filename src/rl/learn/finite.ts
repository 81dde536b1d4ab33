/** A number that is not finite ends the step before it reaches the parameters. */
import { BatonError } from '../../errors.ts';

/** A log-prob, the loss or a gradient was not a finite number. The run goes back to its last good step and says so. */
export class NotFinite extends BatonError {
  /** The learner whose number it was; null where it was not said. */
  readonly learner: string | null;

  /** @param rate path of the setting that is the learner's learning rate */
  constructor(learner: string | null = null, rate?: string) {
    super({
      kind: 'NonFinite',
      message: 'A number of the model is not finite',
      remedy: 'Nothing was changed. The model’s weights are damaged, or grew too large.',
      ...(rate !== undefined && { field: rate }),
    });
    this.learner = learner;
  }
}

/** @throws NotFinite */
export function requireFinite(...lists: readonly (Float32Array | undefined)[]): void {
  if (!lists.every((list) => list?.every(Number.isFinite) ?? true)) throw new NotFinite();
}
