/**
 * Rotary position embedding in float64, in place. The pair (x[i], x[i + D/2]) of a head turns by the angle
 * a = position theta^(-2i/D):
 *
 *   x[i]' = x[i] cos a - x[i + D/2] sin a        x[i + D/2]' = x[i + D/2] cos a + x[i] sin a
 *
 * A rotation's inverse is its transpose, so turning by -a is the gradient.
 */
export interface RopeInputs {
  readonly rows: number;
  /** Heads to turn, at the start of each row. */
  readonly heads: number;
  readonly headDim: number;
  /** Numbers from one row to the next. */
  readonly stride: number;
  readonly theta: number;
  readonly positions: ArrayLike<number>;
}

/** @param x [rows, stride] @param direction 1 forward, -1 backward @returns [rows, stride] */
export function rope(inputs: RopeInputs, x: ArrayLike<number>, direction: 1 | -1): Float64Array {
  const { rows, heads, headDim, stride, theta, positions } = inputs;
  const y = Float64Array.from(x);
  for (let row = 0; row < rows; row++) {
    for (let head = 0; head < heads; head++) {
      for (let i = 0; i < headDim / 2; i++) {
        const angle = direction * positions[row] * theta ** ((-2 * i) / headDim);
        const a = row * stride + head * headDim + i;
        const b = a + headDim / 2;
        y[a] = x[a] * Math.cos(angle) - x[b] * Math.sin(angle);
        y[b] = x[b] * Math.cos(angle) + x[a] * Math.sin(angle);
      }
    }
  }
  return y;
}
