/** What the browser's storage throws, in words. */
import { BatonError } from '../../errors.ts';

const ENDS_WITH_TAB =
  'The run goes on, but ends with its tab: export what you need before you close it.';

/** An error of kind `Storage`; one that is a BatonError already stays what it is. */
export function storageError(error: unknown): BatonError {
  if (error instanceof BatonError) return error;
  const name = error instanceof Error ? error.name : '';
  const detail = error instanceof Error ? `${name}: ${error.message}` : String(error);
  return new BatonError({ kind: 'Storage', ...wordsFor(name), detail });
}

function wordsFor(name: string): { readonly message: string; readonly remedy: string } {
  if (name === 'QuotaExceededError')
    return {
      message: 'The browser’s storage is full, so this run is not kept',
      remedy:
        'The run goes on, and the steps kept so far are safe. Delete stored runs on the Runs page, or free disk space; the next checkpoint tries again.',
    };
  // Where there are no files at all, there is no function to call either: a TypeError.
  if (name === 'SecurityError' || name === 'NotAllowedError' || name === 'TypeError')
    return {
      message: 'This browser keeps no files for this page, so this run is not kept',
      remedy: `${ENDS_WITH_TAB} A private window or a strict setting may be the reason.`,
    };
  return {
    message: 'This run could not be written to the browser’s storage',
    remedy: `${ENDS_WITH_TAB} The next checkpoint tries again.`,
  };
}
