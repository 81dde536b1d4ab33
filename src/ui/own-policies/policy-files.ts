/** The files of a policy's folder, as the page reads them: bundled ones from its own origin, a person's own from the browser's storage. */
import { badFile } from '../../errors.ts';
import { ownPolicyReader } from '../../lab/own-policies.ts';
import { openOpfsShelf } from '../../lab/run-store/opfs-shelf.ts';
import { isOwnPolicy } from '../../rl/experiment/own-policy.ts';

/** What stands beside the weights and stays as it was in training. */
const BESIDE = ['config.json', 'generation_config.json', 'tokenizer.json', 'tokenizer_config.json'];

/** One file; null where there is none. @throws BatonError BadFile where it cannot be fetched, or the browser has the policy no more */
export async function readPolicyFile(folder: string, file: string): Promise<Uint8Array | null> {
  if (isOwnPolicy(folder)) return ownPolicyReader(() => openOpfsShelf('policies'), folder)(file);
  const response = await fetch(new URL(`models/${folder}/${file}`, document.baseURI));
  if (response.status === 404) return null;
  if (!response.ok) {
    throw badFile(file, `${folder}/${file} could not be fetched (${response.status})`);
  }
  return new Uint8Array(await response.arrayBuffer());
}

/**
 * The folder of a model that was trained from a policy: the policy's config and tokenizer, and the new weights.
 * @throws BatonError as `readPolicyFile`
 */
export async function trainedFolder(
  policy: string,
  weights: ArrayBuffer,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>([['model.safetensors', new Uint8Array(weights)]]);
  for (const file of BESIDE) {
    const bytes = await readPolicyFile(policy, file);
    if (bytes) files.set(file, bytes);
    else if (file === 'config.json')
      throw badFile(
        file,
        `${policy}/${file} is not there`,
        'No file was written. Reload the page, and export the model again.',
      );
  }
  return files;
}
