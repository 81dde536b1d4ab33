/**
 * Sixteen-bit floats. To f32 is exact, since every f16 and bf16 value is also an f32 value; from f32 goes to the nearest f16. Bytes are
 * little-endian.
 */

const word = new Uint32Array(1);
const float = new Float32Array(word.buffer);

/** The value of one IEEE 754 binary16 pattern. */
export function f16ToF32(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const mantissa = bits & 1023;
  if (exponent === 31) return mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  // Subnormals have no hidden bit and the exponent of the smallest normal number.
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  word[0] = ((bits & 0x8000) << 16) | ((exponent + 112) << 23) | (mantissa << 13);
  return float[0];
}

/** The nearest binary16 pattern of an f32 value, ties to even; infinity from 65,520 on. */
export function f32ToF16(value: number): number {
  float[0] = value;
  const bits = word[0];
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  // Below 2^-14 a half counts in steps of 2^-24.
  if (magnitude < 0x38800000) return sign | roundedToEven(Math.abs(float[0]) * 2 ** 24);
  // The exponent's bias changes by 112. Rounding may carry into the mantissa, and from there into the exponent.
  const even = (magnitude >>> 13) & 1;
  return sign | ((magnitude - (112 << 23) + 0xfff + even) >>> 13);
}

function roundedToEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}

/** f32 values as halves, two to a word with the first in the lower half, as `unpack2x16float` reads them. */
export function packHalves(values: ArrayLike<number>): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(Math.ceil(values.length / 2));
  for (let i = 0; i < values.length; i++) words[i >> 1] |= f32ToF16(values[i]) << (16 * (i & 1));
  return words;
}

/** Unpacks what `packHalves` packed: two values from each word. */
export function unpackHalves(words: Uint32Array): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: 2 * words.length }, (_, i) =>
    f16ToF32((words[i >> 1] >>> (16 * (i & 1))) & 0xffff),
  );
}

/** Decodes `out.length` f16 values from bytes, which need no alignment. */
export function decodeF16(bytes: Uint8Array, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = f16ToF32(bytes[2 * i] | (bytes[2 * i + 1] << 8));
}

/** Decodes `out.length` bf16 values: the upper halves of f32 patterns. */
export function decodeBf16(bytes: Uint8Array, out: Float32Array): void {
  const words = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let i = 0; i < out.length; i++) {
    words[i] = (bytes[2 * i] << 16) | (bytes[2 * i + 1] << 24);
  }
}
