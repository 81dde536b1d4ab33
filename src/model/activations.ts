/** The buffers that a pass through the transformer fills, for a given number of rows. */
import type { Slice } from '../gpu/buffers.ts';
import type { Memory } from '../gpu/memory.ts';
import type { ModelConfig } from './config.ts';

/**
 * The activations of one layer. With fp16 all of them are stored as halves, except the residual stream (x, middle) and the per-row
 * numbers (r, lse): there small differences count.
 */
export interface LayerActivations {
  /** Input of the layer: the residual stream, [rows, hidden]. */
  readonly x: Slice;
  readonly inputR: Slice;
  readonly inputNormed: Slice;
  /** Queries, keys, values side by side, rotated: [rows, (Hq + 2 Hkv) D]. */
  readonly qkv: Slice;
  /** [rows, Hq D] */
  readonly attended: Slice;
  /** [rows, Hq] */
  readonly lse: Slice;
  /** The residual stream after attention. */
  readonly middle: Slice;
  readonly postR: Slice;
  readonly postNormed: Slice;
  /** [rows, 2 intermediate] */
  readonly gateUp: Slice;
  /** [rows, intermediate] */
  readonly activated: Slice;
}

export interface Activations {
  readonly layers: readonly LayerActivations[];
  /** The residual stream after the last layer. */
  readonly output: Slice;
}

/** Floats per row. */
export function widths(config: ModelConfig): { q: number; kv: number; qkv: number } {
  const q = config.num_attention_heads * config.head_dim;
  const kv = config.num_key_value_heads * config.head_dim;
  return { q, kv, qkv: q + 2 * kv };
}

/** Numbers per row of each activation of a layer, and whether they are stored as halves. */
export type StoredWidths = Readonly<
  Record<keyof LayerActivations, { readonly width: number; readonly half: boolean }>
>;

/** @param fp16 stores as halves what only matrix products and attention read */
export function storedWidths(config: ModelConfig, fp16: boolean): StoredWidths {
  const { hidden_size: hidden, intermediate_size: inner, num_attention_heads: heads } = config;
  const { q, qkv } = widths(config);
  const full = (width: number) => ({ width, half: false });
  const stored = (width: number) => ({ width, half: fp16 });
  return {
    x: full(hidden),
    inputR: full(1),
    inputNormed: stored(hidden),
    qkv: stored(qkv),
    attended: stored(q),
    lse: full(heads),
    middle: full(hidden),
    postR: full(1),
    postNormed: stored(hidden),
    gateUp: stored(2 * inner),
    activated: stored(inner),
  };
}

/**
 * Allocates activations for `rows` rows. With `keep`, every layer has its own, for the backward pass to read. Without it, all
 * layers share one set, which is enough for the forward pass.
 * @param fp16 as in `storedWidths`
 */
export function allocateActivations(
  memory: Memory,
  config: ModelConfig,
  rows: number,
  keep: boolean,
  fp16: boolean,
): Activations {
  const stored = Object.entries(storedWidths(config, fp16));
  const layer = (i: number) =>
    Object.fromEntries(
      stored.map(([name, { width, half }]) => [
        name,
        memory.allocateNumbers(`${words(name)} ${i}`, rows * width, half),
      ]),
    ) as unknown as LayerActivations;
  const count = config.num_hidden_layers;
  if (keep) {
    const output = memory.allocateNumbers('output', rows * config.hidden_size, false);
    return { layers: Array.from({ length: count }, (_, i) => layer(i)), output };
  }
  const shared = layer(0);
  return { layers: Array.from({ length: count }, () => shared), output: shared.x };
}

/** `gateUp` as "gate up". */
function words(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
