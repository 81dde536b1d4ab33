/**
 * RMSNorm in float64: y = x r w with r = (mean(x^2) + eps)^(-1/2), and backwards, with g the gradient of y:
 *
 *   dx = r g w - x r^3 mean(g w x)        dw = sum over the rows of g x r
 */
type Numbers = ArrayLike<number>;

export interface RmsNormInputs {
  readonly rows: number;
  readonly width: number;
  readonly eps: number;
  /** [rows, width] */
  readonly x: Numbers;
  /** [width] */
  readonly gain: Numbers;
}

/** @returns y [rows, width] and r [rows] */
export function rmsNormForward({ rows, width, eps, x, gain }: RmsNormInputs): {
  readonly y: Float64Array;
  readonly r: Float64Array;
} {
  const y = new Float64Array(rows * width);
  const r = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let squares = 0;
    for (let c = 0; c < width; c++) squares += x[row * width + c] ** 2;
    r[row] = 1 / Math.sqrt(squares / width + eps);
    for (let c = 0; c < width; c++) y[row * width + c] = x[row * width + c] * r[row] * gain[c];
  }
  return { y, r };
}

export interface RmsNormGradients {
  /** [rows, width] */
  readonly dx: Float64Array;
  /** [width] */
  readonly dGain: Float64Array;
  /** Sums of the absolute terms of each. */
  readonly xMagnitude: Float64Array;
  readonly gainMagnitude: Float64Array;
}

/** @param dy [rows, width] */
export function rmsNormBackward(inputs: RmsNormInputs, dy: Numbers): RmsNormGradients {
  const { rows, width, x, gain } = inputs;
  const { r } = rmsNormForward(inputs);
  const dx = new Float64Array(rows * width);
  const dGain = new Float64Array(width);
  const xMagnitude = new Float64Array(rows * width);
  const gainMagnitude = new Float64Array(width);
  for (let row = 0; row < rows; row++) {
    let mean = 0;
    let meanSize = 0;
    for (let c = 0; c < width; c++) {
      const i = row * width + c;
      mean += (dy[i] * gain[c] * x[i]) / width;
      meanSize += Math.abs(dy[i] * gain[c] * x[i]) / width;
      dGain[c] += dy[i] * x[i] * r[row];
      gainMagnitude[c] += Math.abs(dy[i] * x[i] * r[row]);
    }
    for (let c = 0; c < width; c++) {
      const i = row * width + c;
      dx[i] = r[row] * dy[i] * gain[c] - x[i] * r[row] ** 3 * mean;
      xMagnitude[i] = Math.abs(r[row] * dy[i] * gain[c]) + Math.abs(x[i]) * r[row] ** 3 * meanSize;
    }
  }
  return { dx, dGain, xMagnitude, gainMagnitude };
}

/** Sums down the rows of g [rows, width]: the gradient of a bias. @returns [width] */
export function columnSums(rows: number, width: number, g: Numbers): Float64Array {
  const sums = new Float64Array(width);
  for (let row = 0; row < rows; row++) {
    for (let c = 0; c < width; c++) sums[c] += g[row * width + c];
  }
  return sums;
}
