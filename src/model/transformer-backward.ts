/** The backward pass of the decoder in transformer.ts, as recorded dispatches. */
import type { Slice } from '../gpu/buffers.ts';
import type { Recorder } from '../gpu/recording.ts';
import { recordAttentionBackward } from '../kernels/attention/attention.ts';
import { recordEmbeddingBackward } from '../kernels/embedding/embedding.ts';
import { logitsStride } from '../kernels/head/head.ts';
import { planesOf, recordMatmul } from '../kernels/matmul/matmul.ts';
import {
  columnPlanes,
  recordColumnSums,
  recordRmsNormBackward,
} from '../kernels/rmsnorm/rmsnorm.ts';
import { recordRope } from '../kernels/rope/rope.ts';
import { recordSwigluBackward } from '../kernels/swiglu/swiglu.ts';
import { type Activations, type LayerActivations, widths } from './activations.ts';
import type { ModelConfig } from './config.ts';
import type { LayerParameters, Matrix, ParameterLayout } from './parameters.ts';
import { attentionShape, type BatchRows, ropeShape, weightOf } from './transformer.ts';

/** Scratch of the backward pass. */
export interface BackwardScratch {
  /** Gradient of the residual stream, [rows, hidden]: that of the last layer's output on entry, that of the embedding on return. */
  readonly dx: Slice;
  /** [rows, hidden] */
  readonly dNormed: Slice;
  /** [rows, intermediate] */
  readonly dActivated: Slice;
  /** [rows, 2 intermediate]; null with f32, where this gradient overwrites gate and up. Halves have no room for it. */
  readonly dGateUp: Slice | null;
  /** [rows, Hq D] */
  readonly dAttended: Slice;
  /** [rows, (Hq + 2 Hkv) D] */
  readonly dQkv: Slice;
  /** [rows, Hq] */
  readonly delta: Slice;
  /** Partial sums; `planesFloats` floats. */
  readonly planes: Slice;
}

/** Floats that the partial sums need for up to `rows` rows, including those of the output matrix if there is a token head. */
export function planesFloats(config: ModelConfig, rows: number, tokenHead: boolean): number {
  const { hidden_size: hidden, intermediate_size: inner } = config;
  const { q, qkv } = widths(config);
  const vocabulary = logitsStride(config.vocab_size);
  const products: [number, number][] = [
    [hidden, inner],
    [2 * inner, hidden],
    [hidden, q],
    [qkv, hidden],
    ...(tokenHead ? [[vocabulary, hidden] as [number, number]] : []),
  ];
  const needs = products.map(([m, n]) => {
    const planes = planesOf({ m, n, k: rows }, 'lanes');
    return planes > 1 ? planes * m * n : 4;
  });
  return Math.max(...needs, columnPlanes(rows) * Math.max(hidden, qkv));
}

/** Records the backward pass through all layers and the embedding, accumulating into `gradients`. Overwrites gate and up if they are f32. */
export function recordLayersBackward(
  recorder: Recorder,
  layout: ParameterLayout,
  parameters: Slice,
  gradients: Slice,
  activations: Activations,
  scratch: BackwardScratch,
  batch: BatchRows,
  tokens: { readonly lists: Slice; readonly capacity: number },
): void {
  for (let i = layout.layers.length - 1; i >= 0; i--) {
    recordLayerBackward(
      recorder,
      layout.config,
      layout.layers[i],
      parameters,
      gradients,
      activations.layers[i],
      scratch,
      batch,
    );
  }
  recordEmbeddingBackward(recorder, {
    rows: batch.rows,
    width: layout.config.hidden_size,
    capacity: tokens.capacity,
    lists: tokens.lists,
    dx: scratch.dx,
    dTable: weightOf(gradients, layout.embed),
  });
}

function recordLayerBackward(
  recorder: Recorder,
  config: ModelConfig,
  weights: LayerParameters,
  parameters: Slice,
  gradients: Slice,
  a: LayerActivations,
  s: BackwardScratch,
  batch: BatchRows,
): void {
  const { rows } = batch;
  const { hidden_size: hidden, intermediate_size: inner } = config;
  const { q, qkv } = widths(config);
  const of = (matrix: Matrix) => weightOf(parameters, matrix);
  const gradientOf = (matrix: Matrix) => weightOf(gradients, matrix);
  const { planes } = s;
  /** For a product y = x W^T: writes dx and accumulates dW into the gradients. */
  const linear = (
    label: string,
    dy: Slice,
    out: number,
    x: Slice,
    width: number,
    weight: Matrix,
    dx: Slice,
  ) => {
    recordMatmul(recorder, 'nn', {
      m: rows,
      n: width,
      k: out,
      a: dy,
      b: of(weight),
      c: dx,
      label: `${label} input gradient`,
    });
    recordMatmul(recorder, 'tn', {
      m: out,
      n: width,
      k: rows,
      a: dy,
      b: x,
      c: gradientOf(weight),
      accumulate: true,
      planes,
      label: `${label} weight gradient`,
    });
  };
  /** For the bias of such a product, where there is one: accumulates its gradient. */
  const biasGradient = (bias: Matrix | undefined, dy: Slice, width: number) => {
    if (bias) recordColumnSums(recorder, { rows, width, g: dy, target: gradientOf(bias), planes });
  };
  linear('down', s.dx, hidden, a.activated, inner, weights.down, s.dActivated);
  const dGateUp = s.dGateUp ?? a.gateUp;
  recordSwigluBackward(recorder, {
    rows,
    width: inner,
    gateUp: a.gateUp,
    dh: s.dActivated,
    dGateUp,
  });
  linear('gate and up', dGateUp, 2 * inner, a.postNormed, hidden, weights.gateUp, s.dNormed);
  recordRmsNormBackward(recorder, {
    rows,
    width: hidden,
    x: a.middle,
    gain: of(weights.postNorm),
    r: a.postR,
    dy: s.dNormed,
    dx: s.dx,
    accumulate: true,
    dGain: gradientOf(weights.postNorm),
    planes,
  });
  linear('attention output', s.dx, hidden, a.attended, q, weights.o, s.dAttended);
  biasGradient(weights.oBias, s.dx, hidden);
  recordAttentionBackward(recorder, {
    ...attentionShape(config, batch),
    spans: batch.spans,
    qkv: a.qkv,
    o: a.attended,
    lse: a.lse,
    dO: s.dAttended,
    delta: s.delta,
    dQkv: s.dQkv,
  });
  recordRope(recorder, {
    ...ropeShape(config),
    rows,
    positions: batch.positions,
    table: batch.rope,
    x: s.dQkv,
    backward: true,
  });
  linear('qkv', s.dQkv, qkv, a.inputNormed, hidden, weights.qkv, s.dNormed);
  biasGradient(weights.qkvBias, s.dQkv, qkv);
  recordRmsNormBackward(recorder, {
    rows,
    width: hidden,
    x: a.x,
    gain: of(weights.inputNorm),
    r: a.inputR,
    dy: s.dNormed,
    dx: s.dx,
    accumulate: true,
    dGain: gradientOf(weights.inputNorm),
    planes,
  });
}
