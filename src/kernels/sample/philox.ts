/**
 * Philox4x32-10, the counter-based generator behind every random number of a run: the integer-equal twin of the WGSL one.
 *
 * A draw is a pure function of a counter and a key, so it does not depend on the order in which workgroups, batches or
 * steps ask for it. Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC 2011), section 3.3
 * and its table of constants; checked against the known-answer vectors that the authors publish with Random123.
 */

/** Four unsigned 32-bit words. */
export type Words4 = readonly [number, number, number, number];
/** Two unsigned 32-bit words. */
export type Words2 = readonly [number, number];

/** Constants of the generator; the WGSL template reads the same ones. */
export const PHILOX = {
  rounds: 10,
  multiplier0: 0xd2511f53,
  multiplier1: 0xcd9e8d57,
  /** Weyl increments of the key: golden ratio and sqrt(3) - 1, as 32-bit fractions. */
  increment0: 0x9e3779b9,
  increment1: 0xbb67ae85,
} as const;

/** Upper 32 bits of the 64-bit product of two unsigned words, exact, from 16-bit halves. */
export function mulHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  // Every term is below 2^33 or so, hence exact in a double; only the final sum is taken modulo 2^32.
  const cross = aHigh * bLow + ((aLow * bLow) >>> 16);
  const middle = aLow * bHigh + (cross & 0xffff);
  return (aHigh * bHigh + Math.floor(cross / 65536) + Math.floor(middle / 65536)) >>> 0;
}

/**
 * Writes the four words of the block at `counter` under `key` to `out[offset .. offset + 3]`, without allocating.
 * Inputs are taken modulo 2^32; outputs are unsigned when `out` is a Uint32Array.
 */
export function philox4x32Into(
  out: Uint32Array,
  offset: number,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
): void {
  let x0 = c0 >>> 0;
  let x1 = c1 >>> 0;
  let x2 = c2 >>> 0;
  let x3 = c3 >>> 0;
  let key0 = k0 >>> 0;
  let key1 = k1 >>> 0;
  for (let round = 0; round < PHILOX.rounds; round++) {
    const high0 = mulHigh(PHILOX.multiplier0, x0);
    const low0 = Math.imul(PHILOX.multiplier0, x0);
    const high1 = mulHigh(PHILOX.multiplier1, x2);
    const low1 = Math.imul(PHILOX.multiplier1, x2);
    x0 = (high1 ^ x1 ^ key0) >>> 0;
    x1 = low1 >>> 0;
    x2 = (high0 ^ x3 ^ key1) >>> 0;
    x3 = low0 >>> 0;
    key0 = (key0 + PHILOX.increment0) >>> 0;
    key1 = (key1 + PHILOX.increment1) >>> 0;
  }
  out[offset] = x0;
  out[offset + 1] = x1;
  out[offset + 2] = x2;
  out[offset + 3] = x3;
}

/** The four unsigned words of the block at `counter` under `key`. */
export function philox4x32(counter: Words4, key: Words2): [number, number, number, number] {
  const out = new Uint32Array(4);
  philox4x32Into(out, 0, counter[0], counter[1], counter[2], counter[3], key[0], key[1]);
  return [out[0], out[1], out[2], out[3]];
}
