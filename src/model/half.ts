/** Sixteen-bit floats to f32, exact: every f16 and bf16 value is also an f32 value. Bytes are little-endian. */

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
