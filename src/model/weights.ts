/** Converts between a safetensors file with Hugging Face's names and the flat buffer of parameters. */
import { type BatonError, badFile } from '../errors.ts';
import type { ParameterLayout, TensorEntry } from './parameters.ts';
import {
  decodeTensor,
  type SafetensorsFile,
  type StoredTensor,
  writeSafetensors,
} from './safetensors.ts';

const FILE = 'model.safetensors';
const READABLE = ['F32', 'F16', 'BF16'];

function bad(name: string, why: string): BatonError {
  return badFile(
    `${FILE}: ${name}`,
    `${FILE}: ${name} ${why}`,
    'Nothing was loaded. Check that config.json and model.safetensors belong together.',
  );
}

/** Tables that old checkpoints store although they follow from the config. */
function isDerived(name: string): boolean {
  return name.endsWith('.rotary_emb.inv_freq');
}

/** The weights of a scalar head: one linear unit on the hidden row of each token. They are not part of the layout. */
export interface ScalarWeights {
  /** [hidden_size + 4] of (weight, bias, 0, 0, 0) */
  readonly head: Float32Array<ArrayBuffer>;
  /** Whether the file has a bias; without one it is 0. */
  readonly bias: boolean;
}

/** Hugging Face's names for a scalar head, as in `LlamaForTokenClassification` with one label. */
const SCALAR = { weight: 'score.weight', bias: 'score.bias' } as const;

/** Whether a file has a scalar head. */
export function hasScalarHead(file: SafetensorsFile): boolean {
  return file.tensors.has(SCALAR.weight);
}

/** The tensors of a scalar head, each with its place in the floats of `ScalarWeights.head`. */
function scalarTensors(width: number, bias: boolean) {
  const weight = { name: SCALAR.weight, shape: [1, width], offset: 0, size: width };
  return [weight, ...(bias ? [{ name: SCALAR.bias, shape: [1], offset: width, size: 1 }] : [])];
}

/** Names for a message: the first few, then the number of others. */
function listed(names: readonly string[]): string {
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return (
    names
      .slice(0, 3)
      .map((name) => name.slice(0, 80))
      .join(', ') + more
  );
}

/**
 * Checks that a file holds exactly the tensors of a layout and, optionally, of a scalar head, without allocating anything.
 * A tied model may have an `lm_head.weight` if it equals the embedding byte for byte; it is then ignored, as are old rotary tables.
 * @throws BatonError BadFile: missing or unexpected tensors, a wrong shape, an unreadable dtype.
 */
export function checkParameters(layout: ParameterLayout, file: SafetensorsFile): void {
  const { hidden_size: width } = layout.config;
  const scalar = hasScalarHead(file) ? scalarTensors(width, file.tensors.has(SCALAR.bias)) : [];
  const wanted = [...layout.tensors, ...scalar];
  const missing = wanted.filter(({ name }) => !file.tensors.has(name));
  if (missing.length > 0) throw bad(listed(missing.map(({ name }) => name)), 'is missing');
  for (const { name, shape } of wanted) {
    const stored = file.tensors.get(name);
    if (!stored) continue;
    if (!READABLE.includes(stored.dtype)) {
      throw bad(name, `has dtype ${stored.dtype}; F32, F16 and BF16 are supported`);
    }
    if (stored.shape.length !== shape.length || stored.shape.some((n, i) => n !== shape[i])) {
      throw bad(name, `has shape [${stored.shape}], where config.json means [${shape}]`);
    }
  }
  const known = new Set(wanted.map(({ name }) => name));
  const extra = [...file.tensors.keys()].filter((name) => !known.has(name) && !isDerived(name));
  const tied = layout.tokenHead && layout.config.tie_word_embeddings;
  const tiedHead = tied && file.tensors.get('lm_head.weight');
  if (tiedHead) {
    const embedding = file.tensors.get('model.embed_tokens.weight');
    if (!embedding || !sameBytes(tiedHead, embedding)) {
      throw bad('lm_head.weight', 'differs from the embedding that config.json ties it to');
    }
    extra.splice(extra.indexOf('lm_head.weight'), 1);
  }
  if (extra.length > 0) throw bad(listed(extra), 'is not a tensor of this model');
}

function sameBytes(a: StoredTensor, b: StoredTensor): boolean {
  return (
    a.dtype === b.dtype &&
    a.bytes.length === b.bytes.length &&
    a.bytes.every((byte, i) => byte === b.bytes[i])
  );
}

/**
 * The flat buffer of a model from its file, in f32; padding is zero.
 * @throws BatonError BadFile as `checkParameters`, before the buffer is allocated.
 */
export function loadParameters(
  layout: ParameterLayout,
  file: SafetensorsFile,
): Float32Array<ArrayBuffer> {
  checkParameters(layout, file);
  const flat = new Float32Array(layout.count);
  for (const { name, offset, size } of layout.tensors) {
    const stored = file.tensors.get(name);
    if (stored) decodeTensor(stored, flat.subarray(offset, offset + size));
  }
  return flat;
}

/** The scalar head of a file that has passed `checkParameters`; null if it has none. */
export function loadScalarHead(
  layout: ParameterLayout,
  file: SafetensorsFile,
): ScalarWeights | null {
  if (!hasScalarHead(file)) return null;
  const { hidden_size: width } = layout.config;
  const head = new Float32Array(width + 4);
  const bias = file.tensors.has(SCALAR.bias);
  for (const { name, offset, size } of scalarTensors(width, bias)) {
    const stored = file.tensors.get(name);
    if (stored) decodeTensor(stored, head.subarray(offset, offset + size));
  }
  return { head, bias };
}

/** Parameters or gradients (a flat buffer and, optionally, a scalar head) as the bytes of a model.safetensors: F32, Hugging Face's names. */
export function saveParameters(
  layout: ParameterLayout,
  flat: Float32Array,
  scalar: ScalarWeights | null = null,
): Uint8Array<ArrayBuffer> {
  if (flat.length !== layout.count) {
    throw new RangeError(`The buffer has ${flat.length} floats, the layout ${layout.count}`);
  }
  const { hidden_size: width } = layout.config;
  const own = scalar ? scalarTensors(width, scalar.bias) : [];
  const part =
    (of: Float32Array) =>
    ({ name, shape, offset, size }: Pick<TensorEntry, 'name' | 'shape' | 'offset' | 'size'>) => ({
      name,
      shape,
      data: of.subarray(offset, offset + size),
    });
  return writeSafetensors([
    ...layout.tensors.map(part(flat)),
    ...(scalar ? own.map(part(scalar.head)) : []),
  ]);
}

/** Tensors that contain NaN or infinity, with the number of such values; empty for a sound model. */
export function nonFiniteTensors(layout: ParameterLayout, flat: Float32Array): NonFinite[] {
  return nonFinite(layout.tensors, flat);
}

/** The same for a scalar head. */
export function nonFiniteScalar({ head, bias }: ScalarWeights): NonFinite[] {
  return nonFinite(scalarTensors(head.length - 4, bias), head);
}

interface NonFinite {
  readonly name: string;
  readonly count: number;
}

function nonFinite(
  tensors: readonly Pick<TensorEntry, 'name' | 'offset' | 'size'>[],
  flat: Float32Array,
): NonFinite[] {
  return tensors
    .map(({ name, offset, size }) => {
      let count = 0;
      for (let i = offset; i < offset + size; i++) if (!Number.isFinite(flat[i])) count++;
      return { name, count };
    })
    .filter(({ count }) => count > 0);
}
