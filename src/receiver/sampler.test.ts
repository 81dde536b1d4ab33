/** The sampler against its definition in float64. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keptTokens, logProbs, scaled, scores } from '../kernels/sample/sample.reference.ts';
import { Sampler } from './sampler.ts';

const plain = { temperature: 1, topK: 0, topP: 1, minP: 0, greedy: false };

describe('Sampler', () => {
  it('draws the token of the highest score, with and without filters, for any row', () => {
    const settings = fc.record({
      temperature: fc.double({ min: 0.2, max: 3, noNaN: true }),
      topK: fc.constantFrom(0, 1, 3, 500),
      topP: fc.constantFrom(1, 0.3, 0.9),
      minP: fc.constantFrom(0, 0.05, 1),
      greedy: fc.boolean(),
    });
    const row = fc.array(fc.float({ min: -30, max: 30, noNaN: true }), {
      minLength: 1,
      maxLength: 70,
    });
    const word = fc.nat(2 ** 32 - 1);
    fc.assert(
      fc.property(row, settings, word, word, word, word, (values, s, k0, k1, position, uid) => {
        const sampler = new Sampler(values.length, s, [k0, k1]);
        const logits = Float32Array.from([7, ...values]);
        const token = sampler.draw(logits, 1, position, uid);
        const u = scaled(Float32Array.from(values), s.temperature);
        const wanted = scores(u, s, [k0, k1], position, uid);
        expect(token).toBe(wanted.indexOf(wanted.reduce((a, b) => Math.max(a, b))));
        expect(keptTokens(u, s)[token]).toBe(true);
        expect(sampler.logprob).toBeCloseTo(logProbs(u)[token], 9);
      }),
    );
  });

  it('draws as often as the probabilities say', () => {
    const logits = Float32Array.from([0.5, 0.1, 0.25, 0.1, 0.05].map(Math.log));
    const sampler = new Sampler(5, plain, [1, 2]);
    const counts = [0, 0, 0, 0, 0];
    for (let uid = 0; uid < 20_000; uid++) counts[sampler.draw(logits, 0, 3, uid)] += 1;
    for (const [j, share] of [0.5, 0.1, 0.25, 0.1, 0.05].entries()) {
      // Four standard errors.
      const spread = 4 * Math.sqrt((share * (1 - share)) / 20_000);
      expect(Math.abs(counts[j] / 20_000 - share)).toBeLessThan(spread);
    }
  });

  it.each([
    [[Number.NaN, 1]],
    [[Number.POSITIVE_INFINITY, 1]],
    [[Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]],
  ])('refuses a row that is no distribution: %j', (values) => {
    const sampler = new Sampler(2, plain, [1, 2]);
    expect(() => sampler.draw(Float32Array.from(values), 0, 0, 0)).toThrow(/not numbers/);
  });
});
