/** The small files beside a model, read from untrusted bytes. */
import { badFile } from '../errors.ts';
import { loadTokenizer, type SpecialIds, type Tokenizer } from '../model/tokenizer.ts';
import type { ModelFiles } from './protocol.ts';

/** Most bytes of a JSON file. */
export const JSON_BYTES = 64 * 2 ** 20;

/** A parsed JSON file, or undefined if there is none. @throws BadFile with the file as its field */
export function jsonOf(files: ModelFiles, name: string): unknown {
  const bytes = files.get(name);
  if (!bytes) return undefined;
  if (bytes.length > JSON_BYTES) {
    throw badFile(name, `${name} has ${bytes.length} bytes; at most ${JSON_BYTES} are read`);
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as unknown;
  } catch {
    throw badFile(name, `${name} is not valid JSON`);
  }
}

/** @throws BadFile if tokenizer.json is missing or invalid */
export function tokenizerOf(files: ModelFiles, special: SpecialIds): Tokenizer {
  const json = jsonOf(files, 'tokenizer.json');
  if (json === undefined) {
    throw badFile(
      'tokenizer.json',
      'There is no tokenizer.json beside the model',
      'Nothing was loaded. A receiver reads and writes text: give its tokenizer.json too.',
    );
  }
  return loadTokenizer(json, jsonOf(files, 'tokenizer_config.json'), special);
}

/** The whole number under a key of a JSON object, if it can be a token or a length; otherwise null. */
export function wholeNumber(json: unknown, key: string): number | null {
  if (typeof json !== 'object' || json === null || !Object.hasOwn(json, key)) return null;
  const value = (json as Readonly<Record<string, unknown>>)[key];
  const single = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return Number.isSafeInteger(single) && single >= 0 ? single : null;
}
