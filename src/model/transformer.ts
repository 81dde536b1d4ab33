/**
 * The Llama-family decoder, as recorded dispatches (RMSNorm, RoPE, grouped-query attention, SwiGLU).
 * The backward pass is transformer-backward.ts. Nothing here computes: it says in which order the kernels run and which buffers they read and write.
 */
import { floats, type Slice } from '../gpu/buffers.ts';
import type { Recorder } from '../gpu/recording.ts';
import { recordAttentionForward } from '../kernels/attention/attention.ts';
import { recordEmbeddingForward } from '../kernels/embedding/embedding.ts';
import { logitsStride } from '../kernels/head/head.ts';
import { recordMatmul } from '../kernels/matmul/matmul.ts';
import { recordRmsNormForward } from '../kernels/rmsnorm/rmsnorm.ts';
import { type CacheAppend, recordRope } from '../kernels/rope/rope.ts';
import { recordSwigluForward } from '../kernels/swiglu/swiglu.ts';
import { type Activations, type LayerActivations, widths } from './activations.ts';
import type { ModelConfig } from './config.ts';
import type { LayerParameters, Matrix, ParameterLayout } from './parameters.ts';

/** One matrix of a flat buffer. */
export function weightOf(flat: Slice, matrix: Matrix): Slice {
  return floats(flat, matrix.offset, matrix.size);
}

/** An embedding or output matrix with its rows rounded up to a multiple of 4, as the products of the head read it. */
export function vocabularyOf(flat: Slice, matrix: Matrix): Slice {
  return floats(flat, matrix.offset, logitsStride(matrix.rows) * matrix.cols);
}

/** The token, position and sequence of every row of a batch. */
export interface BatchRows {
  readonly rows: number;
  readonly meanKeys: number;
  readonly ids: Slice;
  readonly positions: Slice;
  readonly spans: Slice;
  /** Cosines and sines by position, from `ropeTable`. */
  readonly rope: Slice;
}

/** How the tokens of a layer attend to others. */
export interface Attend {
  /** The cache to which new keys and values are appended as they are rotated, if there is one. */
  readonly append?: (layer: number) => CacheAppend;
  /** Records attention: over the packed batch, or over a cache. */
  readonly record: (layer: number, activations: LayerActivations) => void;
}

/** Called for every layer once all of its activations stand and the residual stream of the next is about to be written. */
export type OnLayer = (layer: number, activations: LayerActivations) => void;

/** Records the embedding and all layers. */
export function recordLayers(
  recorder: Recorder,
  layout: ParameterLayout,
  parameters: Slice,
  activations: Activations,
  batch: Omit<BatchRows, 'spans' | 'meanKeys'>,
  attend: Attend,
  onLayer: OnLayer = () => undefined,
): void {
  const { config } = layout;
  recordEmbeddingForward(recorder, {
    rows: batch.rows,
    width: config.hidden_size,
    ids: batch.ids,
    table: weightOf(parameters, layout.embed),
    x: activations.layers[0].x,
  });
  layout.layers.forEach((weights, i) => {
    const a = activations.layers[i];
    const next = activations.layers[i + 1]?.x ?? activations.output;
    recordLayer(recorder, config, weights, parameters, a, batch, {
      append: attend.append?.(i),
      record: () => attend.record(i, a),
    });
    onLayer(i, a);
    recordDown(recorder, config, weights, parameters, a, next, batch.rows);
  });
}

/**
 * Records the activations of all layers for rows that have been through them before, from what `recall` brings back of each: all but the
 * norms, SwiGLU and the output of the last layer.
 */
export function recordRecalledLayers(
  recorder: Recorder,
  layout: ParameterLayout,
  parameters: Slice,
  activations: Activations,
  rows: number,
  recall: OnLayer,
): void {
  const { config } = layout;
  layout.layers.forEach((weights, i) => {
    const a = activations.layers[i];
    recall(i, a);
    recordNorm(recorder, config, parameters, weights.inputNorm, rows, inputOf(a));
    recordNorm(recorder, config, parameters, weights.postNorm, rows, middleOf(a));
    recordActivated(recorder, config, a, rows);
  });
  const last = layout.layers.length - 1;
  const [weights, a] = [layout.layers[last], activations.layers[last]];
  recordDown(recorder, config, weights, parameters, a, activations.output, rows);
}

/** Attention over the packed batch itself: training and scoring. */
export function packedAttention(recorder: Recorder, config: ModelConfig, batch: BatchRows): Attend {
  return {
    record: (_, a) =>
      recordAttentionForward(recorder, {
        ...attentionShape(config, batch),
        spans: batch.spans,
        qkv: a.qkv,
        o: a.attended,
        lse: a.lse,
      }),
  };
}

/** The sizes of attention over a packed batch. */
export function attentionShape(config: ModelConfig, batch: BatchRows) {
  return {
    rows: batch.rows,
    heads: config.num_attention_heads,
    kvHeads: config.num_key_value_heads,
    headDim: config.head_dim,
    meanKeys: batch.meanKeys,
  };
}

/** All of a layer but the product that writes the residual stream of the next. */
function recordLayer(
  recorder: Recorder,
  config: ModelConfig,
  weights: LayerParameters,
  parameters: Slice,
  a: LayerActivations,
  batch: Omit<BatchRows, 'spans' | 'meanKeys'>,
  attend: { readonly append: CacheAppend | undefined; readonly record: () => void },
): void {
  const { rows } = batch;
  const { hidden_size: hidden, intermediate_size: inner } = config;
  const { q, qkv } = widths(config);
  const of = (matrix: Matrix) => weightOf(parameters, matrix);
  recordNorm(recorder, config, parameters, weights.inputNorm, rows, inputOf(a));
  recordMatmul(recorder, 'nt', {
    m: rows,
    n: qkv,
    k: hidden,
    a: a.inputNormed,
    b: of(weights.qkv),
    c: a.qkv,
    ...(weights.qkvBias && { bias: of(weights.qkvBias) }),
    label: 'qkv',
  });
  recordRope(recorder, {
    ...ropeShape(config),
    rows,
    positions: batch.positions,
    table: batch.rope,
    x: a.qkv,
    backward: false,
    ...(attend.append && { append: attend.append }),
  });
  attend.record();
  recordMatmul(recorder, 'nt', {
    m: rows,
    n: hidden,
    k: q,
    a: a.attended,
    b: of(weights.o),
    c: a.middle,
    residual: a.x,
    ...(weights.oBias && { bias: of(weights.oBias) }),
    label: 'attention output',
  });
  recordNorm(recorder, config, parameters, weights.postNorm, rows, middleOf(a));
  recordMatmul(recorder, 'nt', {
    m: rows,
    n: 2 * inner,
    k: hidden,
    a: a.postNormed,
    b: of(weights.gateUp),
    c: a.gateUp,
    label: 'gate and up',
  });
  recordActivated(recorder, config, a, rows);
}

const inputOf = (a: LayerActivations) => [a.x, a.inputNormed, a.inputR] as const;
const middleOf = (a: LayerActivations) => [a.middle, a.postNormed, a.postR] as const;

/** The norm before attention or the one after it. */
function recordNorm(
  recorder: Recorder,
  { hidden_size: width, rms_norm_eps: eps }: ModelConfig,
  parameters: Slice,
  gain: Matrix,
  rows: number,
  [x, y, r]: readonly [Slice, Slice, Slice],
): void {
  recordRmsNormForward(recorder, {
    ...{ rows, width, eps, x, y, r },
    gain: weightOf(parameters, gain),
  });
}

function recordActivated(
  recorder: Recorder,
  { intermediate_size: width }: ModelConfig,
  { gateUp, activated: h }: LayerActivations,
  rows: number,
): void {
  recordSwigluForward(recorder, { rows, width, gateUp, h });
}

function recordDown(
  recorder: Recorder,
  { hidden_size: hidden, intermediate_size: inner }: ModelConfig,
  weights: LayerParameters,
  parameters: Slice,
  a: LayerActivations,
  next: Slice,
  rows: number,
): void {
  recordMatmul(recorder, 'nt', {
    m: rows,
    n: hidden,
    k: inner,
    a: a.activated,
    b: weightOf(parameters, weights.down),
    c: next,
    residual: a.middle,
    label: 'down',
  });
}

/** The heads that are turned, and how they lie in a row. */
export function ropeShape(config: ModelConfig) {
  return {
    heads: config.num_attention_heads + config.num_key_value_heads,
    headDim: config.head_dim,
    stride: widths(config).qkv,
  };
}
