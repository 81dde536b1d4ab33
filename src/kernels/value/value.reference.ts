/**
 * The value head in float64: V = h . w + b for every row h, and backwards, with c = dLoss/dV of the row:
 *
 *   dh = c w        dw = sum over the rows of c h        db = sum over the rows of c
 */
type Numbers = ArrayLike<number>;

export interface ValueInputs {
  readonly rows: number;
  readonly width: number;
  /** [rows, width] */
  readonly hidden: Numbers;
  /** [width + 4]: w, then the bias; what follows it is padding. */
  readonly head: Numbers;
}

export interface Values {
  /** [rows] */
  readonly values: Float64Array;
  /** [rows]: sums of the absolute terms. */
  readonly magnitude: Float64Array;
}

export function valueForward({ rows, width, hidden, head }: ValueInputs): Values {
  const values = new Float64Array(rows).fill(head[width]);
  const magnitude = new Float64Array(rows).fill(Math.abs(head[width]));
  for (let row = 0; row < rows; row++) {
    for (let c = 0; c < width; c++) {
      const term = hidden[row * width + c] * head[c];
      values[row] += term;
      magnitude[row] += Math.abs(term);
    }
  }
  return { values, magnitude };
}

export interface ValueGradients {
  /** [rows, width] */
  readonly dHidden: Float64Array;
  /** As head; 0 in the padding. */
  readonly dHead: Float64Array;
  /** Sums of the absolute terms of dHead. */
  readonly headMagnitude: Float64Array;
}

/** @param coefficients [rows] of dLoss/dV */
export function valueBackward(inputs: ValueInputs, coefficients: Numbers): ValueGradients {
  const { rows, width, hidden, head } = inputs;
  const dHidden = new Float64Array(rows * width);
  const dHead = new Float64Array(width + 4);
  const headMagnitude = new Float64Array(width + 4);
  for (let row = 0; row < rows; row++) {
    const c = coefficients[row];
    for (let at = 0; at < width; at++) {
      const h = hidden[row * width + at];
      dHidden[row * width + at] = c * head[at];
      dHead[at] += c * h;
      headMagnitude[at] += Math.abs(c * h);
    }
    dHead[width] += c;
    headMagnitude[width] += Math.abs(c);
  }
  return { dHidden, dHead, headMagnitude };
}
