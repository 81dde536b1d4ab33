/**
 * The parts of a layer in float64, forward and backward, in plain loops. `reference.ts` composes the whole model from them.
 * Activations are row-major [N, width]. A backward function takes the gradient of its output, adds the gradients of its
 * parameters to `g` (the layout of the flat buffer) and returns the gradient of its input.
 */
import type { Matrix, ParameterLayout } from './parameters.ts';

export type Numbers = ArrayLike<number>;

/** y = x Wᵀ + b for each row of x. */
export function linear(p: Numbers, x: Float64Array, w: Matrix, bias?: Matrix): Float64Array {
  const n = x.length / w.cols;
  const y = new Float64Array(n * w.rows);
  for (let t = 0; t < n; t++) {
    for (let r = 0; r < w.rows; r++) {
      let sum = bias ? p[bias.offset + r] : 0;
      for (let c = 0; c < w.cols; c++) sum += x[t * w.cols + c] * p[w.offset + r * w.cols + c];
      y[t * w.rows + r] = sum;
    }
  }
  return y;
}

/** Adds dW = dyᵀ x and db to the gradient; returns dx = dy W. */
export function linearBackward(
  p: Numbers,
  g: Float64Array,
  dy: Float64Array,
  x: Float64Array,
  w: Matrix,
  bias?: Matrix,
): Float64Array {
  const n = x.length / w.cols;
  const dx = new Float64Array(x.length);
  for (let t = 0; t < n; t++) {
    for (let r = 0; r < w.rows; r++) {
      const d = dy[t * w.rows + r];
      if (bias) g[bias.offset + r] += d;
      for (let c = 0; c < w.cols; c++) {
        dx[t * w.cols + c] += d * p[w.offset + r * w.cols + c];
        g[w.offset + r * w.cols + c] += d * x[t * w.cols + c];
      }
    }
  }
  return dx;
}

/** 1 / sqrt(mean(x²) + eps) of one row. */
function inverseRms(x: Float64Array, t: number, width: number, eps: number): number {
  let sum = 0;
  for (let c = 0; c < width; c++) sum += x[t * width + c] ** 2;
  return 1 / Math.sqrt(sum / width + eps);
}

export function norm(p: Numbers, x: Float64Array, gain: Matrix, eps: number): Float64Array {
  const y = new Float64Array(x.length);
  for (let i = 0; i < x.length; i += gain.cols) {
    const scale = inverseRms(x, i / gain.cols, gain.cols, eps);
    for (let c = 0; c < gain.cols; c++) y[i + c] = x[i + c] * scale * p[gain.offset + c];
  }
  return y;
}

/** With s = inverseRms: dx = s (gain dy - x s² mean(gain dy x)). */
export function normBackward(
  p: Numbers,
  g: Float64Array,
  dy: Float64Array,
  x: Float64Array,
  gain: Matrix,
  eps: number,
): Float64Array {
  const width = gain.cols;
  const dx = new Float64Array(x.length);
  for (let i = 0; i < x.length; i += width) {
    const s = inverseRms(x, i / width, width, eps);
    let mean = 0;
    for (let c = 0; c < width; c++) {
      g[gain.offset + c] += dy[i + c] * x[i + c] * s;
      mean += (p[gain.offset + c] * dy[i + c] * x[i + c]) / width;
    }
    for (let c = 0; c < width; c++) {
      dx[i + c] = s * (p[gain.offset + c] * dy[i + c] - x[i + c] * s * s * mean);
    }
  }
  return dx;
}

/**
 * Rotates the q and k heads of packed qkv rows in place: element i of a head pairs with i + D/2, by the angle
 * position / theta^(2i/D). Direction -1 is the inverse, which is also the backward pass.
 */
export function rotate(
  layout: ParameterLayout,
  qkv: Float64Array,
  positions: Numbers,
  direction: 1 | -1,
): void {
  const { head_dim: dim, num_attention_heads, num_key_value_heads, rope_theta } = layout.config;
  const width = (num_attention_heads + 2 * num_key_value_heads) * dim;
  for (let t = 0; t * width < qkv.length; t++) {
    for (let i = 0; i < dim / 2; i++) {
      const angle = direction * positions[t] * rope_theta ** ((-2 * i) / dim);
      const cos = Math.cos(angle);
      const sin = Math.sin(angle);
      for (let h = 0; h < num_attention_heads + num_key_value_heads; h++) {
        const a = t * width + h * dim + i;
        const b = a + dim / 2;
        [qkv[a], qkv[b]] = [qkv[a] * cos - qkv[b] * sin, qkv[b] * cos + qkv[a] * sin];
      }
    }
  }
}

/** Calls `visit` for each token t and query head, with the places of q, k and v in the packed row of a token. */
function eachHead(
  layout: ParameterLayout,
  n: number,
  visit: (
    t: number,
    q: number,
    k: (s: number) => number,
    v: (s: number) => number,
    out: number,
  ) => void,
): void {
  const { head_dim: dim, num_attention_heads: heads, num_key_value_heads: kvHeads } = layout.config;
  const width = (heads + 2 * kvHeads) * dim;
  for (let t = 0; t < n; t++) {
    for (let h = 0; h < heads; h++) {
      // Query heads share key-value heads in runs of heads / kvHeads.
      const kv = Math.floor((h * kvHeads) / heads);
      const k = (s: number) => s * width + (heads + kv) * dim;
      const v = (s: number) => s * width + (heads + kvHeads + kv) * dim;
      visit(t, t * width + h * dim, k, v, (t * heads + h) * dim);
    }
  }
}

function dot(a: Float64Array, i: number, b: Float64Array, j: number, length: number): number {
  let sum = 0;
  for (let d = 0; d < length; d++) sum += a[i + d] * b[j + d];
  return sum;
}

/** Softmax weights of one query over its keys start .. t. */
function weights(scores: number[]): number[] {
  const top = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const exps = scores.map((score) => Math.exp(score - top));
  const total = exps.reduce((a, b) => a + b, 0);
  return exps.map((e) => e / total);
}

function attentionWeights(
  qkv: Float64Array,
  q: number,
  k: (s: number) => number,
  start: number,
  t: number,
  dim: number,
): number[] {
  const scores = Array.from({ length: t - start + 1 }, (_, i) => {
    return dot(qkv, q, qkv, k(start + i), dim) / Math.sqrt(dim);
  });
  return weights(scores);
}

/** Attention over packed, rotated qkv rows: [N, Hq D]. */
export function attention(
  layout: ParameterLayout,
  qkv: Float64Array,
  starts: Numbers,
): Float64Array {
  const { head_dim: dim, num_attention_heads: heads } = layout.config;
  const n = starts.length;
  const y = new Float64Array(n * heads * dim);
  eachHead(layout, n, (t, q, k, v, out) => {
    attentionWeights(qkv, q, k, starts[t], t, dim).forEach((weight, i) => {
      for (let d = 0; d < dim; d++) y[out + d] += weight * qkv[v(starts[t] + i) + d];
    });
  });
  return y;
}

/** With P = softmax(S): dS = P (dP - sum(P dP)), dP = dy . v. Returns the gradient of packed qkv rows. */
export function attentionBackward(
  layout: ParameterLayout,
  dy: Float64Array,
  qkv: Float64Array,
  starts: Numbers,
): Float64Array {
  const dim = layout.config.head_dim;
  const dqkv = new Float64Array(qkv.length);
  eachHead(layout, starts.length, (t, q, k, v, out) => {
    const start = starts[t];
    const p = attentionWeights(qkv, q, k, start, t, dim);
    const dp = p.map((_, i) => dot(dy, out, qkv, v(start + i), dim));
    const mean = p.reduce((sum, weight, i) => sum + weight * dp[i], 0);
    p.forEach((weight, i) => {
      const ds = (weight * (dp[i] - mean)) / Math.sqrt(dim);
      for (let d = 0; d < dim; d++) {
        dqkv[v(start + i) + d] += weight * dy[out + d];
        dqkv[q + d] += ds * qkv[k(start + i) + d];
        dqkv[k(start + i) + d] += ds * qkv[q + d];
      }
    });
  });
  return dqkv;
}

/** silu(gate) up, of rows [gate, up]. */
export function swiglu(rows: Float64Array, inner: number): Float64Array {
  return Float64Array.from({ length: rows.length / 2 }, (_, i) => {
    const gate = rows[Math.floor(i / inner) * 2 * inner + (i % inner)];
    const up = rows[Math.floor(i / inner) * 2 * inner + inner + (i % inner)];
    return (gate / (1 + Math.exp(-gate))) * up;
  });
}

export function swigluBackward(dy: Float64Array, rows: Float64Array, inner: number): Float64Array {
  const d = new Float64Array(rows.length);
  dy.forEach((slope, i) => {
    const at = Math.floor(i / inner) * 2 * inner + (i % inner);
    const sigmoid = 1 / (1 + Math.exp(-rows[at]));
    d[at] = slope * rows[at + inner] * sigmoid * (1 + rows[at] * (1 - sigmoid));
    d[at + inner] = slope * rows[at] * sigmoid;
  });
  return d;
}
