/**
 * Causal grouped-query attention in float64. For each query i and head, over the keys j that i sees:
 * those from the start of its segment to i, and before them a prompt that its segment shares with others, if there is one:
 *
 *   s_j = q . k_j / sqrt(D)        lse = log sum exp s_j        p_j = exp(s_j - lse)        o = sum p_j v_j
 *
 * and backwards, with g = the gradient of o:
 *
 *   delta = g . o    ds_j = p_j (g . v_j - delta)    dq += ds_j k_j / sqrt(D)    dk_j += ds_j q / sqrt(D)    dv_j += p_j g
 *
 * Query heads share a key head in runs of heads / kvHeads.
 */
type Numbers = ArrayLike<number>;

export interface AttentionInputs {
  readonly rows: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  /** [rows, 4]: start of each row's segment, end of the rows that see it, first row and end of the prompt that it shares (both the start without one). */
  readonly spans: Numbers;
  /** [rows, (heads + 2 kvHeads) headDim] */
  readonly qkv: Numbers;
}

export interface AttentionOutputs {
  /** [rows, heads headDim] */
  readonly o: Float64Array;
  /** [rows, heads] */
  readonly lse: Float64Array;
  /** Sum of the absolute terms of each o. */
  readonly magnitude: Float64Array;
}

/** Where the query, the keys and the values of one query head stand in qkv. */
function places({ heads, kvHeads, headDim }: AttentionInputs, row: number, head: number) {
  const stride = (heads + 2 * kvHeads) * headDim;
  const kvHead = Math.floor(head / (heads / kvHeads));
  return {
    q: row * stride + head * headDim,
    k: (j: number) => j * stride + (heads + kvHead) * headDim,
    v: (j: number) => j * stride + (heads + kvHeads + kvHead) * headDim,
  };
}

/** Scores of the keys that a query sees, and their log-sum-exp. */
function scoresOf(x: AttentionInputs, row: number, head: number) {
  const { q, k } = places(x, row, head);
  const [start, , prompt, end] = Array.from({ length: 4 }, (_, i) => x.spans[4 * row + i]);
  const keys: number[] = [];
  for (let j = prompt; j < end; j++) keys.push(j);
  for (let j = start; j <= row; j++) keys.push(j);
  const scores: number[] = [];
  for (const j of keys) {
    let sum = 0;
    for (let d = 0; d < x.headDim; d++) sum += x.qkv[q + d] * x.qkv[k(j) + d];
    scores.push(sum / Math.sqrt(x.headDim));
  }
  const top = scores.reduce((a, b) => Math.max(a, b));
  const lse = top + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - top), 0));
  return { keys, scores, lse };
}

export function attentionForward(x: AttentionInputs): AttentionOutputs {
  const { rows, heads, headDim, qkv } = x;
  const o = new Float64Array(rows * heads * headDim);
  const magnitude = new Float64Array(o.length);
  const logSums = new Float64Array(rows * heads);
  for (let row = 0; row < rows; row++) {
    for (let head = 0; head < heads; head++) {
      const { v } = places(x, row, head);
      const { keys, scores, lse } = scoresOf(x, row, head);
      const to = (row * heads + head) * headDim;
      logSums[row * heads + head] = lse;
      for (const [i, score] of scores.entries()) {
        const p = Math.exp(score - lse);
        for (let d = 0; d < headDim; d++) {
          const term = p * qkv[v(keys[i]) + d];
          o[to + d] += term;
          magnitude[to + d] += Math.abs(term);
        }
      }
    }
  }
  return { o, lse: logSums, magnitude };
}

/** @param dO [rows, heads headDim] @returns the gradient of qkv, and the sum of the absolute terms of each of its numbers */
export function attentionBackward(
  x: AttentionInputs,
  dO: Numbers,
): { readonly dQkv: Float64Array; readonly magnitude: Float64Array } {
  const { rows, heads, headDim, qkv } = x;
  const dQkv = new Float64Array(qkv.length);
  const magnitude = new Float64Array(qkv.length);
  const { o } = attentionForward(x);
  const scale = 1 / Math.sqrt(headDim);
  const add = (to: number, term: number, size = Math.abs(term)) => {
    dQkv[to] += term;
    magnitude[to] += size;
  };
  for (let row = 0; row < rows; row++) {
    for (let head = 0; head < heads; head++) {
      const { q, k, v } = places(x, row, head);
      const { keys, scores, lse } = scoresOf(x, row, head);
      const from = (row * heads + head) * headDim;
      let delta = 0;
      let deltaSize = 0;
      for (let d = 0; d < headDim; d++) {
        delta += dO[from + d] * o[from + d];
        deltaSize += Math.abs(dO[from + d] * o[from + d]);
      }
      for (const [i, score] of scores.entries()) {
        const j = keys[i];
        const p = Math.exp(score - lse);
        let pull = 0;
        let pullSize = 0;
        for (let d = 0; d < headDim; d++) {
          pull += dO[from + d] * qkv[v(j) + d];
          pullSize += Math.abs(dO[from + d] * qkv[v(j) + d]);
        }
        const ds = p * (pull - delta) * scale;
        const dsSize = p * (pullSize + deltaSize) * scale;
        for (let d = 0; d < headDim; d++) {
          add(q + d, ds * qkv[k(j) + d], dsSize * Math.abs(qkv[k(j) + d]));
          add(k(j) + d, ds * qkv[q + d], dsSize * Math.abs(qkv[q + d]));
          add(v(j) + d, p * dO[from + d]);
        }
      }
    }
  }
  return { dQkv, magnitude };
}
