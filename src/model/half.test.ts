import { describe, expect, it } from 'vitest';
import { decodeBf16, decodeF16, f16ToF32 } from './half.ts';

/** All 65,536 patterns as little-endian bytes. */
const patterns = new Uint8Array(new Uint16Array(65536).map((_, i) => i).buffer);

describe('sixteen-bit floats', () => {
  it('gives every f16 pattern the value of its sign, exponent and mantissa', () => {
    const out = new Float32Array(65536);
    decodeF16(patterns, out);
    for (let bits = 0; bits < 65536; bits++) {
      const sign = bits >> 15 ? -1 : 1;
      const exponent = (bits >> 10) & 31;
      const fraction = (bits & 1023) / 1024;
      let value = sign * (exponent ? (1 + fraction) * 2 ** (exponent - 15) : fraction * 2 ** -14);
      if (exponent === 31) value = fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
      expect(Object.is(out[bits], value), `pattern ${bits}`).toBe(true);
    }
  });

  it('knows f16 by name', () => {
    expect(f16ToF32(0x3c00)).toBe(1);
    expect(f16ToF32(0xc000)).toBe(-2);
    expect(f16ToF32(0x7bff)).toBe(65504);
    expect(f16ToF32(0x0001)).toBe(2 ** -24);
    expect(Object.is(f16ToF32(0x8000), -0)).toBe(true);
  });

  it('gives every bf16 pattern the value of its sign, exponent and mantissa', () => {
    const out = new Float32Array(65536);
    decodeBf16(patterns, out);
    for (let bits = 0; bits < 65536; bits++) {
      const sign = bits >> 15 ? -1 : 1;
      const exponent = (bits >> 7) & 255;
      const fraction = (bits & 127) / 128;
      let value = sign * (exponent ? (1 + fraction) * 2 ** (exponent - 127) : fraction * 2 ** -126);
      if (exponent === 255) value = fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
      expect(Object.is(out[bits], value), `pattern ${bits}`).toBe(true);
    }
  });

  it('reads bytes at odd addresses', () => {
    const out = new Float32Array(2);
    decodeF16(new Uint8Array([9, 0x00, 0x3c, 0x00, 0xc0]).subarray(1), out);
    expect([...out]).toEqual([1, -2]);
  });
});
