/** A person's model on its way into the browser. It is read as a run would read it, so what cannot be trained is refused at once. */
import { badFile } from '../errors.ts';
import { loadModelFolder } from '../model/load.ts';
import { ownPolicyId } from '../rl/experiment/own-policy.ts';
import { MODEL_FILES } from './model-tar.ts';
import { folderOf } from './own-policies.ts';
import type { Shelf } from './run-store/shelf.ts';

const CONFIG = 'config.json';

/**
 * Checks a model folder and puts it on the shelf. Weights that are there already are written again, and are the same policy.
 * @param files by name
 * @returns its id
 * @throws BatonError BadFile naming the file at fault; what the shelf throws
 */
export async function addOwnPolicy(
  shelf: Shelf,
  name: string,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<string> {
  const { hash, tokenizer } = await loadModelFolder(async (file) => files.get(file) ?? null);
  if (!tokenizer) {
    throw badFile(
      'tokenizer.json',
      'There is no tokenizer.json beside the weights',
      'Nothing was opened. A policy reads and writes text: choose its whole folder.',
    );
  }
  const id = ownPolicyId(name, hash);
  // The config comes last: without it there is no model, whatever else was written.
  const order = [...MODEL_FILES].sort((a, b) => Number(a === CONFIG) - Number(b === CONFIG));
  for (const file of order) {
    const bytes = files.get(file);
    if (bytes) await shelf.write(`${folderOf(id)}/${file}`, bytes);
  }
  return id;
}
