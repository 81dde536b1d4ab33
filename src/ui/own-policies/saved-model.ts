/** A trained model as one file. Loaded when it is asked for: the page does without an archiver until then. */
import { packModel } from '../../lab/model-tar.ts';
import { trainedFolder } from './policy-files.ts';

/**
 * @param name of the folder that the file unpacks to
 * @param policy whose config and tokenizer the model has
 * @throws BatonError BadFile where these cannot be had
 */
export async function savedModel(
  name: string,
  policy: string,
  weights: ArrayBuffer,
): Promise<Uint8Array> {
  return packModel(name, await trainedFolder(policy, weights));
}
