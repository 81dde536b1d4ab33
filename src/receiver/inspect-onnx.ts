/**
 * Checks, before the runtime sees it, that a user's file is a decoder that a receiver can run: that it is a complete ONNX file, needs
 * no other file, and has the inputs and outputs of a decoder with a KV cache.
 */
import { type BatonError, badFile } from '../errors.ts';
import { WireError } from './onnx/protobuf-reader.ts';
import { type ReadModel, type ReadTensor, type ReadValue, readModel } from './onnx/read-model.ts';

export const ONNX_LIMITS = {
  /** The runtime holds the file and its weights in one WebAssembly memory of at most 4 GiB. */
  fileBytes: 512 * 2 ** 20,
  layers: 128,
  vocabulary: 2 ** 20,
} as const;

/** The result of the inspection. */
export interface OnnxDecoder {
  readonly producer: string;
  readonly opset: number;
  readonly layers: number;
  readonly kvHeads: number;
  readonly headDim: number;
  readonly vocabulary: number;
  readonly operators: readonly string[];
  /** Bytes of all weights. */
  readonly weightBytes: number;
}

const FILE = 'model.onnx';
/** The operator domains of onnxruntime-web: the standard one, and its own. */
const DOMAINS: readonly string[] = ['', 'com.microsoft'];
/** Operators that may run forever, whatever the input. */
const ENDLESS: readonly string[] = ['Loop', 'Scan'];
const FLOAT32 = 1;
const INT64 = 7;
/** Bytes per element, by the number of the element type; half a byte for 4-bit types. */
const ELEMENT_BYTES: ReadonlyMap<number, number> = new Map([
  ...[2, 3, 9, 17, 18, 19, 20].map((type) => [type, 1] as const),
  ...[4, 5, 10, 16].map((type) => [type, 2] as const),
  ...[1, 6, 12].map((type) => [type, 4] as const),
  ...[7, 11, 13, 14].map((type) => [type, 8] as const),
  ...[21, 22, 23].map((type) => [type, 0.5] as const),
  [15, 16],
]);
const ELEMENT_NAMES: ReadonlyMap<number, string> = new Map([
  [FLOAT32, 'float32'],
  [INT64, 'int64'],
  [6, 'int32'],
  [9, 'bool'],
  [10, 'float16'],
  [11, 'float64'],
  [16, 'bfloat16'],
]);

const PLAIN =
  'Nothing was loaded. Export a decoder-only model with past (text-generation-with-past).';

function bad(field: string, why: string, remedy?: string): BatonError {
  return badFile(field === '' ? FILE : `${FILE}: ${field}`, `${FILE} ${why}`, remedy);
}

function quoted(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}

/**
 * Reads the file's own description and checks it.
 * @throws BatonError BadFile, naming what is wrong; never another error
 */
export function inspectOnnx(file: Uint8Array): OnnxDecoder {
  if (file.length === 0) throw bad('', 'is empty');
  if (file.length > ONNX_LIMITS.fileBytes) {
    throw bad('', `has ${file.length} bytes; at most ${ONNX_LIMITS.fileBytes} are read`);
  }
  const model = read(file);
  checkVersions(model);
  checkOperators(model);
  for (const tensor of model.tensors) checkTensor(tensor);
  const weights = new Set(model.tensors.map(({ name }) => name));
  // Files of old versions list their weights among the inputs.
  const inputs = model.inputs.filter(({ name }) => !weights.has(name));
  const { kvHeads, headDim, layers } = checkInputs(inputs);
  return {
    producer: model.producer.slice(0, 80),
    opset: model.opsets.get('') ?? 0,
    layers,
    kvHeads,
    headDim,
    vocabulary: checkOutputs(model.outputs, layers, kvHeads, headDim),
    operators: [...model.operators].sort(),
    weightBytes: model.tensors.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function read(file: Uint8Array): ReadModel {
  try {
    return readModel(file);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    throw bad('', `is not an ONNX file, or is cut off: it ${error.message}`);
  }
}

function checkVersions({ irVersion, opsets }: ReadModel): void {
  if (!(irVersion >= 3 && irVersion <= 13)) {
    throw bad('ir_version', `states version ${irVersion} of the format; 3 to 13 are read`);
  }
  const opset = opsets.get('');
  if (opset === undefined || !(opset >= 7 && opset <= 25)) {
    throw bad(
      'opset_import',
      `states version ${opset ?? 'none'} of the standard operators; 7 to 25 are supported`,
    );
  }
}

function checkOperators({ domains, operators }: ReadModel): void {
  const strange = [...domains].find((domain) => !DOMAINS.includes(domain));
  if (strange !== undefined) {
    throw bad(
      'operators',
      `uses operators of ${quoted(strange)}, which this runtime does not have`,
    );
  }
  const endless = ENDLESS.find((operator) => operators.has(operator));
  if (endless) throw bad('operators', `uses ${endless}, which might never end`, PLAIN);
}

function checkTensor({ name, element, shape, bytes, external }: ReadTensor): void {
  const at = quoted(name);
  if (external) {
    throw bad(
      name.slice(0, 80),
      `keeps the tensor ${at} in another file`,
      'Nothing was loaded. Save the model as one file, without external data.',
    );
  }
  const width = ELEMENT_BYTES.get(element);
  // Strings have no fixed width. Constants of some graphs are strings; weights never are.
  if (element === 8) return;
  if (width === undefined) throw bad(name.slice(0, 80), `has the tensor ${at} of an unknown type`);
  const size = shape.reduce((product, n) => product * n, 1);
  const wanted = Math.ceil(size * width);
  if (shape.some((n) => n < 0) || !Number.isSafeInteger(wanted)) {
    throw bad(name.slice(0, 80), `has the tensor ${at} of an impossible shape [${shape}]`);
  }
  // Lists of numbers are not as long as raw bytes, but take at least one byte per element.
  if (bytes < Math.min(wanted, size)) {
    throw bad(name.slice(0, 80), `has ${bytes} bytes of the tensor ${at}, which needs ${wanted}`);
  }
}

/** What is wrong with the type or rank of a value, in words; null if nothing is. */
function difference({ element, shape }: ReadValue, type: number, rank: number): string | null {
  if (element !== type) {
    const is = ELEMENT_NAMES.get(element) ?? `type ${element}`;
    return `is ${is}; only ${ELEMENT_NAMES.get(type)} is supported`;
  }
  if (shape === null || shape.length !== rank) {
    return `has ${shape?.length ?? 'no'} dimensions where ${rank} belong`;
  }
  return null;
}

function checkInputs(inputs: readonly ReadValue[]) {
  const byName = new Map(inputs.map((input) => [input.name, input]));
  const encoder = inputs.find(({ name }) => /encoder|^decoder_input_ids$/.test(name));
  if (encoder) {
    const what = `is one half of an encoder-decoder: it asks for ${quoted(encoder.name)}`;
    throw bad(encoder.name.slice(0, 80), what, PLAIN);
  }
  if (byName.has('use_cache_branch')) {
    throw bad('use_cache_branch', 'is a merged decoder, with and without its cache', PLAIN);
  }
  for (const name of ['input_ids', 'attention_mask', 'position_ids']) {
    const input = byName.get(name);
    if (!input && name === 'position_ids') continue;
    if (!input) throw bad(name, `has no input ${name}`, PLAIN);
    const wrong = difference(input, INT64, 2);
    if (wrong) throw bad(name, `has ${name}, which ${wrong}`);
  }
  const layers = layersOf(byName);
  const first = byName.get('past_key_values.0.key')?.shape ?? [];
  const [, kvHeads, , headDim] = first;
  for (let n = 0; n < layers; n++) {
    for (const part of ['key', 'value']) {
      checkCache(byName, `past_key_values.${n}.${part}`, kvHeads, headDim);
    }
  }
  const known = /^(input_ids|attention_mask|position_ids|past_key_values\.\d+\.(key|value))$/;
  const strange = inputs.find(({ name }) => !known.test(name));
  if (strange) {
    throw bad(
      strange.name.slice(0, 80),
      `asks for the unknown input ${quoted(strange.name)}`,
      PLAIN,
    );
  }
  if (typeof kvHeads !== 'number' || typeof headDim !== 'number') throw openCache();
  return { layers, kvHeads, headDim };
}

function layersOf(inputs: ReadonlyMap<string, ReadValue>): number {
  let layers = 0;
  while (inputs.has(`past_key_values.${layers}.key`)) layers++;
  const given = [...inputs.keys()].filter((name) => name.startsWith('past_key_values.')).length;
  if (given === 0) {
    throw bad('past_key_values', 'has no cache inputs (past_key_values.0.key and so on)', PLAIN);
  }
  if (given !== 2 * layers) {
    throw bad(
      'past_key_values',
      `has ${given} cache inputs, which are not the key and value of ${layers} layers in a row`,
      PLAIN,
    );
  }
  if (layers > ONNX_LIMITS.layers) throw bad('past_key_values', `has ${layers} layers`);
  return layers;
}

/** A tensor of the cache: [batch, heads, tokens, width] with the heads and width of all others. */
function checkCache(
  values: ReadonlyMap<string, ReadValue>,
  name: string,
  kvHeads: number | null,
  headDim: number | null,
): void {
  const value = values.get(name);
  if (!value) throw bad(name, `has no ${name}`, PLAIN);
  const wrong = difference(value, FLOAT32, 4);
  if (wrong) throw bad(name, `has ${name}, which ${wrong}`);
  const [, heads, , dim] = value.shape ?? [];
  if (heads !== kvHeads || dim !== headDim) {
    throw bad(
      name,
      `has ${name}, which is [${heads}, ${dim}] a token, and others [${kvHeads}, ${headDim}]`,
    );
  }
  if (!((heads ?? 0) >= 1 && (heads ?? 0) <= 1024 && (dim ?? 0) >= 1 && (dim ?? 0) <= 4096)) {
    throw openCache();
  }
}

function openCache(): BatonError {
  return bad('past_key_values', 'leaves open how many heads its cache has, or how wide they are');
}

/** @returns the size of the vocabulary */
function checkOutputs(
  outputs: readonly ReadValue[],
  layers: number,
  kvHeads: number,
  headDim: number,
): number {
  const byName = new Map(outputs.map((output) => [output.name, output]));
  const logits = byName.get('logits');
  if (!logits) throw bad('logits', 'has no output logits', PLAIN);
  const wrong = difference(logits, FLOAT32, 3);
  if (wrong) throw bad('logits', `has logits, which ${wrong}`);
  const vocabulary = logits.shape?.[2] ?? null;
  if (vocabulary === null || vocabulary < 2 || vocabulary > ONNX_LIMITS.vocabulary) {
    throw bad('logits', `states a vocabulary of ${vocabulary ?? 'unknown size'}`);
  }
  for (let n = 0; n < layers; n++) {
    for (const part of ['key', 'value']) {
      const name = `present.${n}.${part}`;
      const output = byName.get(name);
      if (!output) throw bad(name, `has no output ${name}`, PLAIN);
      const unlike = difference(output, FLOAT32, 4);
      if (unlike) throw bad(name, `has ${name}, which ${unlike}`);
      const [, heads, , dim] = output.shape ?? [];
      if ((heads ?? kvHeads) !== kvHeads || (dim ?? headDim) !== headDim) {
        throw bad(name, `has ${name}, which is not of the shape of what it continues`);
      }
    }
  }
  return vocabulary;
}
