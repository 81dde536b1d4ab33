/** What a lost device is to a person: whether work is lost, and what helps. */
import { BatonError, type ErrorReport, toReport } from '../errors.ts';

/** How often the same work is done again after its device was lost. */
export const MAX_LOSSES = 2;

/** A device was lost, and there is no other in its place. */
export class NotBack extends BatonError {
  /** @param cause why there is none */
  constructor(cause: unknown) {
    const { message, detail } = toReport(cause);
    super({
      kind: 'DeviceLost',
      message: 'The GPU was lost and could not be had again',
      remedy: 'What was recorded is kept in this page. Try again; a reload of the page may help.',
      detail: [message, detail].filter(Boolean).join('\n'),
    });
  }
}

/** The same work has cost several devices in a row. */
export class LostTooOften extends BatonError {
  constructor(times: number, cause: BatonError) {
    super({
      kind: 'DeviceLost',
      message: `The GPU was lost ${times} times in a row`,
      remedy: 'What was recorded is kept. Ask for less at a time, or close other heavy tabs.',
      ...(cause.detail !== undefined && { detail: cause.detail }),
    });
  }
}

/** Whether the work can be done again on another device. */
export function isLoss(error: unknown): error is BatonError {
  const final = error instanceof NotBack || error instanceof LostTooOften;
  return error instanceof BatonError && error.kind === 'DeviceLost' && !final;
}

/**
 * Says what a loss means for a group of runs.
 * @param steps that the runs have recorded; null where no run is prepared
 */
export function reportLoss(error: BatonError, steps: number | null): ErrorReport {
  const kept = steps ? `The steps up to ${steps} are kept in this page.` : 'No step is lost.';
  return { ...toReport(error), remedy: `${kept} ${advice(error, steps)}` };
}

function advice(error: BatonError, steps: number | null): string {
  if (error instanceof LostTooOften)
    return 'A smaller model, fewer completions or a shorter length ask less of the GPU. Closing other heavy tabs may help too.';
  if (steps === null)
    return 'Try again. Where that does not help, reload the page: a reload forgets settings that are in no link.';
  return 'Go on asks for a GPU again. Where that does not help, only a reload can: a run that is kept goes on from its last checkpoint then.';
}
