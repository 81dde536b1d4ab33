/** Between a safetensors file under Hugging Face's names and the flat buffer of parameters. */
import { type BatonError, badFile } from '../errors.ts';
import type { ParameterLayout } from './parameters.ts';
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

/** Tables that old checkpoints store but that follow from the config. */
function isDerived(name: string): boolean {
  return name.endsWith('.rotary_emb.inv_freq');
}

/** Names in a message: the first few, then how many more. */
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
 * Checks that a file holds exactly the tensors of a layout, without allocating anything. A tied model may carry an
 * `lm_head.weight`: it has to be byte for byte the embedding and is then ignored. Old rotary tables are ignored.
 * @throws BatonError BadFile: missing or unexpected tensors, a wrong shape, an unreadable dtype.
 */
export function checkParameters(layout: ParameterLayout, file: SafetensorsFile): void {
  const missing = layout.tensors.filter(({ name }) => !file.tensors.has(name));
  if (missing.length > 0) throw bad(listed(missing.map(({ name }) => name)), 'is missing');
  for (const { name, shape } of layout.tensors) {
    const stored = file.tensors.get(name);
    if (!stored) continue;
    if (!READABLE.includes(stored.dtype)) {
      throw bad(name, `has dtype ${stored.dtype}; F32, F16 and BF16 are supported`);
    }
    if (stored.shape.length !== shape.length || stored.shape.some((n, i) => n !== shape[i])) {
      throw bad(name, `has shape [${stored.shape}], where config.json means [${shape}]`);
    }
  }
  const known = new Set(layout.tensors.map(({ name }) => name));
  const extra = [...file.tensors.keys()].filter((name) => !known.has(name) && !isDerived(name));
  const tiedHead = layout.config.tie_word_embeddings && file.tensors.get('lm_head.weight');
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

/** A flat buffer (parameters, or gradients) as the bytes of a model.safetensors: F32, Hugging Face's names. */
export function saveParameters(
  layout: ParameterLayout,
  flat: Float32Array,
): Uint8Array<ArrayBuffer> {
  if (flat.length !== layout.count) {
    throw new RangeError(`The buffer has ${flat.length} floats, the layout ${layout.count}`);
  }
  return writeSafetensors(
    layout.tensors.map(({ name, shape, offset, size }) => ({
      name,
      shape,
      data: flat.subarray(offset, offset + size),
    })),
  );
}

/** Tensors that hold NaN or infinity, with how many; empty for a sound model. */
export function nonFiniteTensors(
  layout: ParameterLayout,
  flat: Float32Array,
): { readonly name: string; readonly count: number }[] {
  return layout.tensors
    .map(({ name, offset, size }) => {
      let count = 0;
      for (let i = offset; i < offset + size; i++) if (!Number.isFinite(flat[i])) count++;
      return { name, count };
    })
    .filter(({ count }) => count > 0);
}
