/** Made-up inputs for kernel checks: the same numbers everywhere, from the counter-based generator. */
import { packHalves, unpackHalves } from '../../gpu/half.ts';
import { philox4x32 } from '../sample/philox.ts';

/** `count` numbers, normal with the given standard deviation, rounded to float32. */
export function normals(seed: number, count: number, deviation = 1): Float32Array<ArrayBuffer> {
  const out = new Float32Array(count);
  for (let i = 0; i < count; i += 2) {
    const [a, b] = philox4x32([i, 0, 0, 0], [seed, 0x6e6f726d]);
    const radius = deviation * Math.sqrt(-2 * Math.log((a + 0.5) / 2 ** 32));
    const angle = (2 * Math.PI * b) / 2 ** 32;
    out[i] = radius * Math.cos(angle);
    if (i + 1 < count) out[i + 1] = radius * Math.sin(angle);
  }
  return out;
}

/** Numbers of `normals` over and over, in a period that divides no size of a kernel: for so many that drawing them all would take long. */
export function repeated(seed: number, count: number, deviation = 1): Float32Array<ArrayBuffer> {
  const period = normals(seed, 8191, deviation);
  const out = new Float32Array(count);
  for (let at = 0; at < count; at += period.length)
    out.set(at + period.length <= count ? period : period.subarray(0, count - at), at);
  return out;
}

/**
 * Large numbers as activations of trained models have them, 1e4 with either sign, in the place of every 97th. Halves hold them; where a
 * kernel keeps less than f32 in between, it does not.
 */
export function withOutliers(x: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  return x.map((value, i) => (i % 97 === 13 ? Math.sign(value || 1) * 1e4 : value));
}

/** `count` whole numbers from 0 to `below` - 1. */
export function integers(seed: number, count: number, below: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.from(
    { length: count },
    (_, i) => philox4x32([i, 0, 0, 0], [seed, 0x696e7473])[0] % below,
  );
}

/** The nearest halves: what is left of numbers that are stored as f16. */
export function rounded(x: Float32Array): Float32Array<ArrayBuffer> {
  return unpackHalves(packHalves(x)).slice(0, x.length);
}

/** The unit of the tolerance `half`: a half's error is relative to the number, and absolute below 2^-14. */
export function halfUnit(x: ArrayLike<number>): Float64Array {
  return Float64Array.from(x, (value) => Math.abs(value) + 2 ** -4);
}

/** The absolute values, for the sum of the absolute terms that an error is measured against. */
export function absolute(x: ArrayLike<number>): Float64Array {
  return Float64Array.from(x, Math.abs);
}

/**
 * What each row sees (attention/spans.part.wgsl), for segments of the given lengths. A list is a prompt and the segments that share it.
 */
export function spansOf(
  segments: readonly (number | readonly [number, ...number[]])[],
): Uint32Array<ArrayBuffer> {
  const spans: number[] = [];
  let start = 0;
  const add = (length: number, end: number, prompt: number, past: number) => {
    for (let i = 0; i < length; i++) spans.push(start, end, prompt, past);
    start += length;
  };
  for (const segment of segments) {
    const [prompt, ...sharing] = typeof segment === 'number' ? [segment] : segment;
    const [first, past] = [start, start + prompt];
    add(prompt, past + sharing.reduce((sum, length) => sum + length, 0), first, first);
    for (const length of sharing) add(length, start + length, first, past);
  }
  return Uint32Array.from(spans);
}
