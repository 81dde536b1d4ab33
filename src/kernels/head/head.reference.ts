/**
 * The output head in float64. For a row h with target token t, with u_j = h . w_j / temperature over the vocabulary:
 *
 *   lse = log sum exp u_j    logp = u_t - lse    p_j = exp(u_j - lse)    H = -sum p_j log p_j
 *
 * and backwards, from c = dLoss/dlogp and e = dLoss/dH of the row:
 *
 *   dLoss/du_j = c ([j = t] - p_j) - e p_j (log p_j + H)    dh = sum_j du_j w_j / temperature    dw_j += du_j h / temperature
 */
type Numbers = ArrayLike<number>;

export interface HeadInputs {
  readonly rows: number;
  readonly width: number;
  readonly vocabulary: number;
  readonly temperature: number;
  /** [rows, width] */
  readonly hidden: Numbers;
  /** [at least vocabulary, width] */
  readonly weight: Numbers;
  /** [rows] */
  readonly targets: Numbers;
}

export interface HeadStats {
  /** [rows] */
  readonly logp: Float64Array;
  /** [rows], nats */
  readonly entropy: Float64Array;
  /** [rows] */
  readonly lse: Float64Array;
  /** [rows]: 1 + the largest sum of absolute terms of a logit. Errors of logp, H and lse are measured against it. */
  readonly magnitude: Float64Array;
}

/** log p of every token of a row, its lse, and the magnitude of its logits. */
function rowOf({ width, vocabulary, temperature, hidden, weight }: HeadInputs, row: number) {
  const logits = new Float64Array(vocabulary);
  let size = 0;
  for (let j = 0; j < vocabulary; j++) {
    let own = 0;
    for (let d = 0; d < width; d++) {
      const term = (hidden[row * width + d] * weight[j * width + d]) / temperature;
      logits[j] += term;
      own += Math.abs(term);
    }
    size = Math.max(size, own);
  }
  const top = logits.reduce((a, b) => Math.max(a, b));
  const lse = top + Math.log(logits.reduce((sum, u) => sum + Math.exp(u - top), 0));
  return { logProbs: logits.map((u) => u - lse), lse, size };
}

function entropyOf(logProbs: Float64Array): number {
  return -logProbs.reduce((sum, lp) => sum + Math.exp(lp) * lp, 0);
}

export function headForward(x: HeadInputs): HeadStats {
  const stats = {
    logp: new Float64Array(x.rows),
    entropy: new Float64Array(x.rows),
    lse: new Float64Array(x.rows),
    magnitude: new Float64Array(x.rows),
  };
  for (let row = 0; row < x.rows; row++) {
    const { logProbs, lse, size } = rowOf(x, row);
    stats.logp[row] = logProbs[x.targets[row]];
    stats.entropy[row] = entropyOf(logProbs);
    stats.lse[row] = lse;
    stats.magnitude[row] = 1 + size;
  }
  return stats;
}

export interface HeadGradients {
  /** [rows, width] */
  readonly dHidden: Float64Array;
  /** As weight; rows past the vocabulary are zero. */
  readonly dWeight: Float64Array;
  /** Sums of the absolute terms of each number of dHidden and dWeight. */
  readonly hiddenMagnitude: Float64Array;
  readonly weightMagnitude: Float64Array;
}

/** @param coefficients [rows, 2]: (dLoss/dlogp, dLoss/dH) */
export function headBackward(x: HeadInputs, coefficients: Numbers): HeadGradients {
  const { rows, width, vocabulary, temperature, hidden, weight, targets } = x;
  const dHidden = new Float64Array(rows * width);
  const dWeight = new Float64Array(weight.length);
  const hiddenMagnitude = new Float64Array(dHidden.length);
  const weightMagnitude = new Float64Array(dWeight.length);
  for (let row = 0; row < rows; row++) {
    const { logProbs, size } = rowOf(x, row);
    const entropy = entropyOf(logProbs);
    const c = coefficients[2 * row];
    const e = coefficients[2 * row + 1];
    for (let j = 0; j < vocabulary; j++) {
      const p = Math.exp(logProbs[j]);
      const hit = j === targets[row] ? 1 : 0;
      const du = (c * (hit - p) - e * p * (logProbs[j] + entropy)) / temperature;
      // A logit's own error changes p in proportion, hence the factor for the softmax terms.
      const soft = Math.abs(c) + Math.abs(e) * (1 + Math.abs(logProbs[j]) + entropy);
      const duSize = (Math.abs(c) * hit + soft * p * (1 + size)) / temperature;
      for (let d = 0; d < width; d++) {
        dHidden[row * width + d] += du * weight[j * width + d];
        dWeight[j * width + d] += du * hidden[row * width + d];
        hiddenMagnitude[row * width + d] += duSize * Math.abs(weight[j * width + d]);
        weightMagnitude[j * width + d] += duSize * Math.abs(hidden[row * width + d]);
      }
    }
  }
  return { dHidden, dWeight, hiddenMagnitude, weightMagnitude };
}
