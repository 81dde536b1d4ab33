import { describe, expect, it } from 'vitest';
import { decodeBf16, decodeF16, f16ToF32, f32ToF16, packHalves, unpackHalves } from './half.ts';

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

  it('gives every f16 value its own pattern back', () => {
    for (let bits = 0; bits < 65536; bits++) {
      const value = f16ToF32(bits);
      if (Number.isNaN(value)) expect(Number.isNaN(f16ToF32(f32ToF16(value)))).toBe(true);
      else expect(f32ToF16(value), `pattern ${bits}`).toBe(bits);
    }
  });

  it('rounds to the nearest f16, ties to the even one, as a search over all of them does', () => {
    for (let bits = 0; bits < 0x7bff; bits += 7) {
      const below = f16ToF32(bits);
      const above = f16ToF32(bits + 1);
      const middle = (below + above) / 2;
      const step = (above - below) / 64;
      for (const sign of [0, 0x8000]) {
        const toward = (x: number) => f32ToF16(sign ? -x : x);
        expect(toward(middle), `between ${bits} and the next`).toBe(sign | (bits + (bits % 2)));
        expect(toward(middle - step)).toBe(sign | bits);
        expect(toward(middle + step)).toBe(sign | (bits + 1));
      }
    }
    expect(f32ToF16(65519.996)).toBe(0x7bff);
    expect(f32ToF16(65520)).toBe(0x7c00);
    expect(f32ToF16(-1e30)).toBe(0xfc00);
    expect(f32ToF16(2 ** -26)).toBe(0);
  });

  it('packs two to a word, the first below', () => {
    const words = packHalves([1, -2, 0.5]);
    expect([...words]).toEqual([0xc0003c00, 0x00003800]);
    expect([...unpackHalves(words)]).toEqual([1, -2, 0.5, 0]);
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
