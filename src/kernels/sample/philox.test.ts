import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mulHigh, philox4x32, philox4x32Into, type Words2, type Words4 } from './philox.ts';

const word = fc.integer({ min: 0, max: 0xffffffff });

/** The rounds again in BigInt: slow, and with no rounding or sign to get wrong. */
function philoxBigInt(counter: Words4, key: Words2): number[] {
  const mask = 0xffffffffn;
  let [a, b, c, d] = counter.map(BigInt);
  let [k0, k1] = key.map(BigInt);
  for (let round = 0; round < 10; round++) {
    const p0 = 0xd2511f53n * a;
    const p1 = 0xcd9e8d57n * c;
    [a, b, c, d] = [(p1 >> 32n) ^ b ^ k0, p1 & mask, (p0 >> 32n) ^ d ^ k1, p0 & mask];
    k0 = (k0 + 0x9e3779b9n) & mask;
    k1 = (k1 + 0xbb67ae85n) & mask;
  }
  return [a, b, c, d].map(Number);
}

describe('philox4x32', () => {
  it.each<[string, Words4, Words2, Words4]>([
    ['zeros', [0, 0, 0, 0], [0, 0], [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]],
    [
      'ones',
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      'digits of pi',
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ])('gives the published known answer for %s', (_name, counter, key, expected) => {
    expect(philox4x32(counter, key)).toEqual(expected);
  });

  it('equals the same rounds in big integers for any counter and key', () => {
    fc.assert(
      fc.property(fc.tuple(word, word, word, word), fc.tuple(word, word), (counter, key) => {
        expect(philox4x32(counter, key)).toEqual(philoxBigInt(counter, key));
      }),
      { numRuns: 300 },
    );
  });

  it('writes exactly four words at the offset', () => {
    const out = new Uint32Array(8).fill(7);
    philox4x32Into(out, 2, 0, 0, 0, 0, 0, 0);
    expect([...out]).toEqual([7, 7, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8, 7, 7]);
  });
});

describe('mulHigh', () => {
  it('is the upper half of the exact 64-bit product', () => {
    const edge = fc.constantFrom(0, 1, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff);
    fc.assert(
      fc.property(fc.oneof(word, edge), fc.oneof(word, edge), (a, b) => {
        expect(mulHigh(a, b)).toBe(Number((BigInt(a) * BigInt(b)) >> 32n));
      }),
      { numRuns: 1000 },
    );
  });
});
