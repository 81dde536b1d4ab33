/** Opens a decoder of the user's own. Everything is checked before a runtime is started and sees the file. */
import { badFile } from '../errors.ts';
import type { SpecialIds } from '../model/tokenizer.ts';
import { inspectOnnx } from './inspect-onnx.ts';
import { jsonOf, tokenizerOf, wholeNumber } from './model-files.ts';
import { OnnxReceiver } from './onnx-receiver.ts';
import { refuseHuge } from './own.ts';
import type { WorkerSource } from './protocol.ts';
import type { OnnxRuntime } from './runtime.ts';

/** Positions of a decoder whose files do not say how many it has, and the largest number that is accepted from them. */
const POSITIONS = 2048;
const MOST_POSITIONS = 2 ** 18;

export interface Opened {
  readonly receiver: OnnxReceiver;
  readonly special: SpecialIds;
}

/**
 * @param started gives the runtime; called only once the files have passed all checks
 * @throws BadFile naming what is wrong with the decoder or the files beside it
 */
export async function openOwn(
  { id, file, files }: WorkerSource & { kind: 'onnx' },
  started: () => Promise<OnnxRuntime>,
): Promise<Opened> {
  const bytes = file instanceof Uint8Array ? file : await bytesOf(file);
  const decoder = inspectOnnx(bytes);
  const config = jsonOf(files, 'config.json');
  const settings = jsonOf(files, 'tokenizer_config.json');
  const special = {
    bos_token_id: wholeNumber(config, 'bos_token_id'),
    eos_token_id: wholeNumber(config, 'eos_token_id'),
    pad_token_id: wholeNumber(config, 'pad_token_id'),
  };
  const tokenizer = tokenizerOf(files, special);
  if (tokenizer.vocabSize > decoder.vocabulary) {
    throw badFile(
      'tokenizer.json',
      `tokenizer.json has ids up to ${tokenizer.vocabSize - 1}, the model only ${decoder.vocabulary} tokens`,
    );
  }
  const stated =
    wholeNumber(config, 'max_position_embeddings') ?? wholeNumber(settings, 'model_max_length');
  const believed = stated !== null && stated >= 2 && stated <= MOST_POSITIONS;
  const receiver = await OnnxReceiver.create(await started(), {
    id,
    file: bytes,
    tokenizer,
    positions: believed ? stated : POSITIONS,
    eosId: tokenizer.eosId,
  });
  return { receiver, special };
}

/** The contents of a file, read where they are needed, so that the page never holds them. @throws BadFile */
async function bytesOf(file: Blob): Promise<Uint8Array> {
  refuseHuge('model.onnx', file.size);
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    throw badFile('model.onnx', 'The model’s file can no longer be read');
  }
}
