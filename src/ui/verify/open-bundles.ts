/** Several bundles that a person brings, or a file that holds several. */
import { BatonError, toReport } from '../../errors.ts';
import { openBundle } from '../../lab/bundle/bundle.ts';
import { unpackSet } from '../../lab/bundle/bundle-set.ts';
import { shorten } from '../../rl/experiment/field.ts';
import type { Page } from '../context.ts';
import { isBundle, MAX_BUNDLE_BYTES } from '../recording/open-bundle.ts';
import { showPage } from '../store/view.ts';
import type { Asked } from './verify-list.ts';

/** Takes several bundles, or files that hold several: they wait on the Runs page until a person verifies them. */
export async function takeBundles(page: Page, files: readonly File[]): Promise<void> {
  const asked: Asked[] = [];
  const opened = (name: string, bytes: () => Promise<Uint8Array>): Asked => ({
    name,
    open: async () => openBundle(await bytes()),
    keep: 'always',
  });
  try {
    for (const file of files) {
      const name = shorten(file.name);
      if (file.size > MAX_BUNDLE_BYTES) {
        throw new BatonError({
          kind: 'BadFile',
          message: `${name} is too large for bundles`,
          remedy: `It has ${file.size} bytes; allowed are ${MAX_BUNDLE_BYTES}. Nothing was changed.`,
        });
      }
      const bytes = async () => new Uint8Array(await file.arrayBuffer());
      if (isBundle(file)) asked.push(opened(name, bytes));
      else
        for (const [inside, packed] of unpackSet(await bytes()) ?? [])
          asked.push(opened(inside, async () => packed));
    }
  } catch (error) {
    const { message, remedy } = toReport(error);
    page.view.setState({ message: { tone: 'error', title: message, lines: [{ text: remedy }] } });
    return;
  }
  page.verify.add(asked);
  showPage(page.view, 'runs');
}

/** Whether chosen files are several bundles, or a file of them. @returns false too where they cannot be read: who reads them next says why */
export async function areBundles(files: readonly File[]): Promise<boolean> {
  if (files.length > 1) return files.every(isBundle);
  const [file] = files;
  if (!/\.tar$/i.test(file.name) || file.size > MAX_BUNDLE_BYTES) return false;
  try {
    return unpackSet(new Uint8Array(await file.arrayBuffer())) !== null;
  } catch {
    return false;
  }
}
