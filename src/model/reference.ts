/**
 * The whole model in float64, in plain loops: the oracle that the kernels are tested against. It defines what the GPU
 * computes, and shares no code with it.
 *
 * A batch is packed: N tokens in one list, each with its position and the index at which its segment starts. Token t
 * attends to tokens segmentStarts[t] .. t. All activations are row-major [N, width].
 *
 *   x = embed[ids];  per layer:  x += attention(norm(x));  x += swiglu(norm(x));  logits = lmHead . norm(x)
 *
 * Sources: Touvron et al. 2023 (Llama), Su et al. 2021 (RoPE, in the half-split form of Hugging Face's code), Zhang and
 * Sennrich 2019 (RMSNorm), Shazeer 2020 (SwiGLU), Ainslie et al. 2023 (grouped queries).
 */
import type { LayerParameters, ParameterLayout } from './parameters.ts';
import {
  attention,
  attentionBackward,
  linear,
  linearBackward,
  type Numbers,
  norm,
  normBackward,
  rotate,
  swiglu,
  swigluBackward,
} from './reference-layers.ts';

/** A packed batch; the three lists have one entry per token. */
export interface ReferenceBatch {
  readonly ids: Numbers;
  readonly positions: Numbers;
  readonly segmentStarts: Numbers;
}

/** The rows whose next token is scored: row `rows[i]` predicts token `targets[i]`. */
export interface ReferenceScored {
  readonly rows: Numbers;
  readonly targets: Numbers;
  /** Divides the logits before anything else. */
  readonly temperature: number;
}

function add(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value + b[i]);
}

/** What the backward pass of a layer needs from its forward pass. */
interface LayerTrace {
  readonly x: Float64Array;
  readonly normed: Float64Array;
  readonly qkv: Float64Array;
  readonly mixed: Float64Array;
  readonly middle: Float64Array;
  readonly normedMiddle: Float64Array;
  readonly gateUp: Float64Array;
  readonly activated: Float64Array;
}

function layerForward(
  layout: ParameterLayout,
  p: Numbers,
  layer: LayerParameters,
  batch: ReferenceBatch,
  x: Float64Array,
): { trace: LayerTrace; y: Float64Array } {
  const { rms_norm_eps: eps, intermediate_size: inner } = layout.config;
  const normed = norm(p, x, layer.inputNorm, eps);
  const qkv = linear(p, normed, layer.qkv, layer.qkvBias);
  rotate(layout, qkv, batch.positions, 1);
  const mixed = attention(layout, qkv, batch.segmentStarts);
  const middle = add(x, linear(p, mixed, layer.o, layer.oBias));
  const normedMiddle = norm(p, middle, layer.postNorm, eps);
  const gateUp = linear(p, normedMiddle, layer.gateUp);
  const activated = swiglu(gateUp, inner);
  const y = add(middle, linear(p, activated, layer.down));
  return { trace: { x, normed, qkv, mixed, middle, normedMiddle, gateUp, activated }, y };
}

function layerBackward(
  layout: ParameterLayout,
  p: Numbers,
  g: Float64Array,
  layer: LayerParameters,
  batch: ReferenceBatch,
  trace: LayerTrace,
  dy: Float64Array,
): Float64Array {
  const { rms_norm_eps: eps, intermediate_size: inner } = layout.config;
  const dActivated = linearBackward(p, g, dy, trace.activated, layer.down);
  const dGateUp = swigluBackward(dActivated, trace.gateUp, inner);
  const dNormedMiddle = linearBackward(p, g, dGateUp, trace.normedMiddle, layer.gateUp);
  const dMiddle = add(dy, normBackward(p, g, dNormedMiddle, trace.middle, layer.postNorm, eps));
  const dMixed = linearBackward(p, g, dMiddle, trace.mixed, layer.o, layer.oBias);
  const dQkv = attentionBackward(layout, dMixed, trace.qkv, batch.segmentStarts);
  rotate(layout, dQkv, batch.positions, -1);
  const dNormed = linearBackward(p, g, dQkv, trace.normed, layer.qkv, layer.qkvBias);
  return add(dMiddle, normBackward(p, g, dNormed, trace.x, layer.inputNorm, eps));
}

function forward(layout: ParameterLayout, p: Numbers, batch: ReferenceBatch) {
  const width = layout.embed.cols;
  let x: Float64Array = Float64Array.from({ length: batch.ids.length * width }, (_, i) => {
    return p[layout.embed.offset + batch.ids[Math.floor(i / width)] * width + (i % width)];
  });
  const traces = layout.layers.map((layer) => {
    const { trace, y } = layerForward(layout, p, layer, batch, x);
    x = y;
    return trace;
  });
  return { traces, x };
}

/** The given rows of a row-major matrix. */
function gather(x: Float64Array, width: number, rows: Numbers): Float64Array {
  const out = new Float64Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) {
    out.set(x.subarray(rows[i] * width, (rows[i] + 1) * width), i * width);
  }
  return out;
}

/** The normalised hidden rows [rows.length, hidden_size] that the output head and a scalar head read. Parameters as for `referenceLogits`. */
export function referenceHidden(
  layout: ParameterLayout,
  p: Numbers,
  batch: ReferenceBatch,
  rows: Numbers,
): Float64Array {
  const { x } = forward(layout, p, batch);
  const chosen = gather(x, layout.embed.cols, rows);
  return norm(p, chosen, layout.finalNorm, layout.config.rms_norm_eps);
}

/**
 * Logits (before temperature) [rows.length, vocab_size] of the given rows of a batch.
 * @param p the flat parameters; float32 values are widened exactly.
 */
export function referenceLogits(
  layout: ParameterLayout,
  p: Numbers,
  batch: ReferenceBatch,
  rows: Numbers,
): Float64Array {
  return linear(p, referenceHidden(layout, p, batch, rows), layout.lmHead);
}

/** Log-probabilities of all tokens for one row of logits, at a temperature. */
function logSoftmax(logits: Float64Array, temperature: number): Float64Array {
  const top = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const shifted = logits.map((logit) => (logit - top) / temperature);
  const total = Math.log(shifted.reduce((sum, z) => sum + Math.exp(z), 0));
  return shifted.map((z) => z - total);
}

/** For each scored row: the target's log-probability and the entropy of the distribution, in nats, at the temperature. */
export interface ReferenceScores {
  readonly logprobs: Float64Array;
  readonly entropies: Float64Array;
}

/** Scores the targets with teacher forcing: one number per entry of `scored.rows`. */
export function referenceScores(
  layout: ParameterLayout,
  p: Numbers,
  batch: ReferenceBatch,
  scored: ReferenceScored,
): ReferenceScores {
  const vocab = layout.lmHead.rows;
  const logits = referenceLogits(layout, p, batch, scored.rows);
  const logprobs = new Float64Array(scored.rows.length);
  const entropies = new Float64Array(scored.rows.length);
  for (let i = 0; i < logprobs.length; i++) {
    const all = logSoftmax(logits.subarray(i * vocab, (i + 1) * vocab), scored.temperature);
    logprobs[i] = all[scored.targets[i]];
    entropies[i] = -all.reduce((sum, lp) => sum + Math.exp(lp) * lp, 0);
  }
  return { logprobs, entropies };
}

/**
 * The gradient of  sum_i coefficients[i] logprob_i + entropyCoefficients[i] entropy_i  for every parameter, in the layout
 * of the flat buffer (padding 0). With p = softmax(z / T) and entropy H:
 *   d logprob / d z_v = (1[v = target] - p_v) / T,   d H / d z_v = -p_v (log p_v + H) / T.
 */
export function referenceGradient(
  layout: ParameterLayout,
  p: Numbers,
  batch: ReferenceBatch,
  scored: ReferenceScored & {
    readonly coefficients: Numbers;
    readonly entropyCoefficients: Numbers;
  },
): Float64Array {
  const { rms_norm_eps: eps } = layout.config;
  const width = layout.embed.cols;
  const vocab = layout.lmHead.rows;
  const g = new Float64Array(layout.count);
  const { traces, x } = forward(layout, p, batch);
  const chosen = gather(x, width, scored.rows);
  const normed = norm(p, chosen, layout.finalNorm, eps);
  const dz = linear(p, normed, layout.lmHead);
  for (let i = 0; i < scored.rows.length; i++) {
    const row = dz.subarray(i * vocab, (i + 1) * vocab);
    const all = logSoftmax(row, scored.temperature);
    const entropy = -all.reduce((sum, lp) => sum + Math.exp(lp) * lp, 0);
    all.forEach((lp, v) => {
      const hit = v === scored.targets[i] ? 1 : 0;
      const slope =
        scored.coefficients[i] * (hit - Math.exp(lp)) -
        scored.entropyCoefficients[i] * Math.exp(lp) * (lp + entropy);
      row[v] = slope / scored.temperature;
    });
  }
  const dNormed = linearBackward(p, g, dz, normed, layout.lmHead);
  const dChosen = normBackward(p, g, dNormed, chosen, layout.finalNorm, eps);
  let dx: Float64Array = new Float64Array(x.length);
  for (let i = 0; i < scored.rows.length; i++) {
    for (let c = 0; c < width; c++) dx[scored.rows[i] * width + c] += dChosen[i * width + c];
  }
  for (let l = layout.layers.length - 1; l >= 0; l--) {
    dx = layerBackward(layout, p, g, layout.layers[l], batch, traces[l], dx);
  }
  for (let i = 0; i < dx.length; i++) {
    g[layout.embed.offset + batch.ids[Math.floor(i / width)] * width + (i % width)] += dx[i];
  }
  return g;
}
