/**
 * The safetensors format, read strictly and written deterministically.
 *
 * A file is: header length (u64), header (UTF-8 JSON: name to dtype, shape, data_offsets), data. Files are untrusted, so
 * everything is checked against the actual bytes before anything is allocated. The first allocation is that of a decoded
 * tensor, and the file's size bounds it. The rules follow the reference reader and the attacks published against it
 * (github.com/huggingface/safetensors): no duplicate names, no overlaps, no holes, and the data ends with the file.
 */
import { type BatonError, badFile } from '../errors.ts';
import { decodeBf16, decodeF16 } from '../gpu/half.ts';
import { isShallow } from '../untrusted.ts';

export const SAFETENSORS_LIMITS = {
  fileBytes: 512 * 2 ** 20,
  headerBytes: 4 * 2 ** 20,
  tensors: 4096,
  rank: 8,
  dimension: 2 ** 31 - 1,
} as const;

/** Bytes per element, for the dtypes that a file may contain. Only F32, F16 and BF16 can be decoded. */
const ELEMENT_BYTES: ReadonlyMap<unknown, number> = new Map([
  ['F64', 8],
  ['F32', 4],
  ['F16', 2],
  ['BF16', 2],
  ['I64', 8],
  ['I32', 4],
  ['I16', 2],
  ['I8', 1],
  ['U8', 1],
  ['BOOL', 1],
]);

/** One tensor of a parsed file: a view into the file's bytes, not yet decoded. */
export interface StoredTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Number of elements. */
  readonly size: number;
  readonly bytes: Uint8Array;
}

export interface SafetensorsFile {
  /** By name, in the order of the data. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

const FILE = 'model.safetensors';

function bad(where: string, why: string): BatonError {
  return badFile(where ? `${FILE}: ${where}` : FILE, `${FILE}${where && `: ${where}`} ${why}`);
}

/** A name for an error message: shortened, with control characters escaped. */
function quoted(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}

/**
 * Checks that no object in a valid JSON text has the same key twice: `JSON.parse` would silently keep the last value, another
 * reader the first.
 */
function refuseDuplicateKeys(text: string): void {
  const open: Set<string>[] = [];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{') open.push(new Set());
    else if (text[at] === '}') open.pop();
    else if (text[at] === '"') {
      const start = at++;
      while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
      let after = at + 1;
      while (' \t\r\n'.includes(text[after])) after++;
      if (text[after] !== ':') continue;
      const key = String(JSON.parse(text.slice(start, at + 1)));
      const keys = open[open.length - 1];
      if (keys.has(key)) throw bad('header', `names ${quoted(key)} twice`);
      keys.add(key);
    }
  }
}

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readHeader(bytes: Uint8Array): { json: Json; dataStart: number } {
  if (bytes.length < 8) throw bad('', `has ${bytes.length} bytes, fewer than its length field`);
  if (bytes.length > SAFETENSORS_LIMITS.fileBytes) {
    throw bad('', `has ${bytes.length} bytes; at most ${SAFETENSORS_LIMITS.fileBytes} are read`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
  const length = view.getUint32(0, true);
  if (view.getUint32(4, true) !== 0 || length > SAFETENSORS_LIMITS.headerBytes) {
    throw bad('header', `is longer than ${SAFETENSORS_LIMITS.headerBytes} bytes`);
  }
  if (length > bytes.length - 8) throw bad('header', `of ${length} bytes ends after the file`);
  if (bytes[8] !== 0x7b) throw bad('header', 'does not start with {');
  let text: string;
  let json: unknown;
  try {
    const header = bytes.subarray(8, 8 + length);
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header);
    json = JSON.parse(text);
  } catch {
    throw bad('header', 'is not valid JSON in UTF-8');
  }
  if (!isObject(json)) throw bad('header', 'is not a JSON object');
  if (!isShallow(json)) throw bad('header', 'is nested too deeply');
  refuseDuplicateKeys(text);
  return { json, dataStart: 8 + length };
}

function readMetadata(value: unknown): Map<string, string> {
  if (!isObject(value)) throw bad('__metadata__', 'is not an object');
  const metadata = new Map<string, string>();
  for (const [key, entry] of Object.entries(value)) {
    if (typeof entry !== 'string') throw bad('__metadata__', `${quoted(key)} is not text`);
    metadata.set(key, entry);
  }
  return metadata;
}

/** A list of whole numbers from 0 to `high`, of at most `length` entries. */
function isCounts(value: unknown, length: number, high: number): value is readonly number[] {
  return (
    Array.isArray(value) &&
    value.length <= length &&
    value.every((entry) => Number.isInteger(entry) && entry >= 0 && entry <= high)
  );
}

/** One header entry, with the range of the data that it claims. */
function readEntry(name: string, entry: unknown, data: Uint8Array) {
  const at = quoted(name);
  if (!isObject(entry)) throw bad(at, 'is not an object');
  for (const key of Object.keys(entry)) {
    if (!['dtype', 'shape', 'data_offsets'].includes(key)) {
      throw bad(at, `has an unknown key ${quoted(key)}`);
    }
  }
  const { dtype, shape, data_offsets: offsets } = entry;
  const elementBytes = ELEMENT_BYTES.get(dtype);
  if (typeof dtype !== 'string' || elementBytes === undefined) {
    throw bad(at, 'has a dtype that is not supported');
  }
  if (!isCounts(shape, SAFETENSORS_LIMITS.rank, SAFETENSORS_LIMITS.dimension)) {
    throw bad(at, `needs a shape of at most ${SAFETENSORS_LIMITS.rank} whole numbers`);
  }
  if (!isCounts(offsets, 2, data.length) || offsets.length !== 2 || offsets[0] > offsets[1]) {
    throw bad(at, `needs data_offsets [begin, end] within the ${data.length} bytes of data`);
  }
  const [begin, end] = offsets;
  // Once the product exceeds the safe integers, it can only grow or become 0. Neither equals the number of bytes.
  const size = shape.includes(0) ? 0 : shape.reduce((product, n) => product * n, 1);
  if (!Number.isSafeInteger(size * elementBytes) || size * elementBytes !== end - begin) {
    throw bad(at, `has ${end - begin} bytes where ${dtype} [${shape.join(', ')}] needs others`);
  }
  const tensor = { name, dtype, shape: shape.map((n) => n + 0), size };
  return { begin, end, tensor: { ...tensor, bytes: data.subarray(begin, end) } };
}

/**
 * Parses a file without decoding or copying its data.
 * @throws BatonError BadFile, naming the tensor or the part of the header; never another error.
 */
export function parseSafetensors(file: Uint8Array | ArrayBuffer): SafetensorsFile {
  const bytes = file instanceof Uint8Array ? file : new Uint8Array(file);
  const { json, dataStart } = readHeader(bytes);
  const data = bytes.subarray(dataStart);
  // Object.entries lists own keys only, and JSON.parse makes even `__proto__` an own key: no prototype is read or changed.
  const named = Object.entries(json).filter(([name]) => name !== '__metadata__');
  if (named.length > SAFETENSORS_LIMITS.tensors) {
    throw bad('header', `lists ${named.length} tensors; at most ${SAFETENSORS_LIMITS.tensors}`);
  }
  const entries = named.map(([name, entry]) => readEntry(name, entry, data));
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let end = 0;
  for (const entry of entries) {
    if (entry.begin !== end) {
      const what = entry.begin < end ? 'overlaps the tensor before it' : 'leaves a hole before it';
      throw bad(quoted(entry.tensor.name), what);
    }
    end = entry.end;
  }
  if (end !== data.length) throw bad('', `has ${data.length - end} bytes after its last tensor`);
  return {
    tensors: new Map(entries.map(({ tensor }) => [tensor.name, tensor])),
    metadata: Object.hasOwn(json, '__metadata__') ? readMetadata(json.__metadata__) : new Map(),
  };
}

/**
 * Decodes a tensor's values to f32 into `out`, whose length must be the tensor's size.
 * @throws BatonError BadFile for a dtype other than F32, F16 and BF16.
 */
export function decodeTensor(tensor: StoredTensor, out: Float32Array): void {
  if (out.length !== tensor.size) {
    throw new RangeError(`${tensor.name} has ${tensor.size} values, not ${out.length}`);
  }
  if (tensor.dtype === 'F32') {
    // Copied as bytes, because the data need not start at a multiple of four.
    new Uint8Array(out.buffer, out.byteOffset, out.byteLength).set(tensor.bytes);
  } else if (tensor.dtype === 'F16') decodeF16(tensor.bytes, out);
  else if (tensor.dtype === 'BF16') decodeBf16(tensor.bytes, out);
  else {
    throw bad(quoted(tensor.name), `has dtype ${tensor.dtype}; F32, F16 and BF16 are supported`);
  }
}

/** A tensor to write: `data.length` is the product of `shape`. */
export interface FloatTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/**
 * Writes F32 tensors in the given order. Equal input gives equal bytes. The header is padded with spaces so that the data
 * starts at a multiple of 8.
 */
export function writeSafetensors(tensors: readonly FloatTensor[]): Uint8Array<ArrayBuffer> {
  const header = new Map<string, unknown>([['__metadata__', { format: 'pt' }]]);
  let length = 0;
  for (const { name, shape, data } of tensors) {
    if (header.has(name)) throw new RangeError(`Two tensors are named ${name}`);
    if (shape.reduce((product, n) => product * n, 1) !== data.length) {
      throw new RangeError(`${name} has ${data.length} values, not [${shape.join(', ')}]`);
    }
    const end = length + data.byteLength;
    header.set(name, { dtype: 'F32', shape, data_offsets: [length, end] });
    length = end;
  }
  // Written as text: an object would move names that look like array indices to the front.
  const entries = [...header].map(
    ([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`,
  );
  const json = new TextEncoder().encode(`{${entries.join(',')}}`);
  const dataStart = 8 + Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(dataStart + length).fill(0x20, 8, dataStart);
  new DataView(file.buffer).setUint32(0, dataStart - 8, true);
  file.set(json, 8);
  let at = dataStart;
  for (const { data } of tensors) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}
