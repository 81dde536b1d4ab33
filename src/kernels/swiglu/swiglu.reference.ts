/**
 * SwiGLU in float64: h = gate s up with s = 1 / (1 + exp(-gate)), and backwards, with g the gradient of h:
 *
 *   d up = g gate s        d gate = g up s (1 + gate (1 - s))
 *
 * Rows hold the gates first, then the ups: [rows, 2 width].
 */
type Numbers = ArrayLike<number>;

/** @returns h [rows, width] */
export function swigluForward(rows: number, width: number, gateUp: Numbers): Float64Array {
  const h = new Float64Array(rows * width);
  for (let row = 0; row < rows; row++) {
    for (let c = 0; c < width; c++) {
      const gate = gateUp[2 * row * width + c];
      h[row * width + c] = (gate / (1 + Math.exp(-gate))) * gateUp[(2 * row + 1) * width + c];
    }
  }
  return h;
}

/** @param dh [rows, width] @returns the gradient of gateUp and the sum of the absolute terms of each of its numbers */
export function swigluBackward(rows: number, width: number, gateUp: Numbers, dh: Numbers) {
  const dGateUp = new Float64Array(2 * rows * width);
  const magnitude = new Float64Array(2 * rows * width);
  for (let row = 0; row < rows; row++) {
    for (let c = 0; c < width; c++) {
      const at = 2 * row * width + c;
      const gate = gateUp[at];
      const up = gateUp[at + width];
      const s = 1 / (1 + Math.exp(-gate));
      const g = dh[row * width + c];
      dGateUp[at] = g * up * s * (1 + gate * (1 - s));
      dGateUp[at + width] = g * gate * s;
      magnitude[at] = Math.abs(g * up * s) * (1 + Math.abs(gate));
      magnitude[at + width] = Math.abs(g * gate * s);
    }
  }
  return { dGateUp, magnitude };
}
