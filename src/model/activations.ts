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

/**
 * Allocates activations for `rows` rows. With `keep`, every layer has its own, for the backward pass to read. Without it, all
 * layers share one set, which is enough for the forward pass.
 * @param fp16 stores as halves what only matrix products and attention read
 */
export function allocateActivations(
  memory: Memory,
  config: ModelConfig,
  rows: number,
  keep: boolean,
  fp16: boolean,
): Activations {
  const { hidden_size: hidden, intermediate_size: inner, num_attention_heads: heads } = config;
  const width = widths(config);
  const make = (label: string, width: number) => memory.allocateNumbers(label, rows * width, false);
  const stored = (label: string, width: number) =>
    memory.allocateNumbers(label, rows * width, fp16);
  const layer = (i: number): LayerActivations => ({
    x: make(`x ${i}`, hidden),
    inputR: make(`input r ${i}`, 1),
    inputNormed: stored(`input normed ${i}`, hidden),
    qkv: stored(`qkv ${i}`, width.qkv),
    attended: stored(`attended ${i}`, width.q),
    lse: make(`lse ${i}`, heads),
    middle: make(`middle ${i}`, hidden),
    postR: make(`post r ${i}`, 1),
    postNormed: stored(`post normed ${i}`, hidden),
    gateUp: stored(`gate up ${i}`, 2 * inner),
    activated: stored(`activated ${i}`, inner),
  });
  const count = config.num_hidden_layers;
  if (keep) {
    return {
      layers: Array.from({ length: count }, (_, i) => layer(i)),
      output: make('output', hidden),
    };
  }
  const shared = layer(0);
  return { layers: Array.from({ length: count }, () => shared), output: shared.x };
}
