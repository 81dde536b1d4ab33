/** A bundle from a person's file. */
import { toReport } from '../../errors.ts';
import { openBundle } from '../../lab/bundle/bundle.ts';
import { shorten } from '../../rl/experiment/field.ts';
import type { Page } from '../context.ts';

/** A packed bundle above this size is not read. */
export const MAX_BUNDLE_BYTES = 128 * 2 ** 20;

/** Whether a file is a bundle by its name: those that `lab bundle` and the page write end so. */
export function isBundle({ name }: File): boolean {
  return /\.(tgz|gz)$/i.test(name);
}

/** Shows the run of a bundle, or says what is wrong with the file and changes nothing. */
export async function openRecording({ view, recordings }: Page, file: File): Promise<void> {
  const name = shorten(file.name);
  const refuse = (title: string, text: string) =>
    view.setState({ message: { tone: 'error', title, lines: [{ text }] } });
  if (file.size > MAX_BUNDLE_BYTES) {
    refuse(
      `${name} is too large for a bundle`,
      `It has ${file.size} bytes; allowed are ${MAX_BUNDLE_BYTES}. Nothing was changed.`,
    );
    return;
  }
  try {
    const bundle = await openBundle(new Uint8Array(await file.arrayBuffer()));
    view.setState({ message: null });
    recordings.show(name, bundle);
  } catch (error) {
    const { message, remedy } = toReport(error);
    refuse(`${name}: ${message}`, remedy);
  }
}
