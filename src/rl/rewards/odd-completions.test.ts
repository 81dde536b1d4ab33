/** How every term that reads tokens or probabilities treats degenerate completions. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type CombinedRewards, scoreBatch } from './combine.ts';
import { createRewards } from './index.ts';
import type { Completion } from './reward.ts';
import { completion, knownPolicy, task } from './testing.ts';

const TERMS = createRewards([
  { term: 'answer', weight: 1, permuted: false },
  { term: 'format', weight: 0.1, permuted: false },
  { term: 'sar', weight: 0.2, floor: -1, gate: false, form: 'ratio', permuted: false },
  { term: 'length_o1', weight: 0.2, permuted: false },
  { term: 'length_er', weight: 0.2, permuted: false },
  { term: 'confidence', weight: 0.2, permuted: false },
]);
/** Tokens that the policy can read at once. */
const POSITIONS = 64;

const score = (batch: readonly Completion[], alone = -0.9) => {
  const { policy } = knownPolicy(alone, POSITIONS);
  return scoreBatch(TERMS, batch, { task, step: 0, seed: 1, policy });
};

/** The value of one term for one completion of the batch. */
const termValue = (scored: CombinedRewards, term: string, i = 0) =>
  scored.terms.get(term)?.values[i];

/** All numbers in plain data, however deep. */
function numbersIn(data: unknown): number[] {
  if (typeof data === 'number') return [data];
  if (typeof data !== 'object' || data === null) return [];
  return Object.values(data).flatMap(numbersIn);
}

const longQuestion = (text: string): Completion => ({
  ...completion(text),
  promptIds: new Array<number>(10 * POSITIONS).fill(3),
});

describe('alone in its group, every term has a number for a completion', () => {
  test.each([
    ['of zero tokens', completion('', { ends: 0 }), { sar: 0, length_o1: 0, confidence: 0 }],
    ['of one token, the end', completion(''), { length_o1: 0, confidence: -0.2 }],
    ['of one token, a character', completion('7', { ends: 0 }), { length_o1: 0, answer: 1 }],
    ['of end tokens only', completion('', { ends: 9 }), { answer: 0, length_er: 0 }],
    ['that is impossible', completion('7', { logprobs: -3e38 }), { sar: -1, confidence: -3e38 }],
    ['to a question longer than the context', longQuestion('7'), { answer: 1, length_o1: 0 }],
  ] as const)('%s', async (_, odd, expected) => {
    const scored = await score([odd]);
    for (const [term, value] of Object.entries(expected)) {
      expect(termValue(scored, term)).toBeCloseTo(value, 12);
    }
    for (const { name } of TERMS) expect(termValue(scored, name)).toEqual(expect.any(Number));
    expect(scored.totals[0]).toEqual(expect.any(Number));
  });
});

it('longer than the context even alone, a completion has every value but R_SA, and keeps a total', async () => {
  const scored = await score([completion('7'.repeat(POSITIONS))]);
  expect(termValue(scored, 'sar')).toBeNull();
  for (const { name } of TERMS.filter((one) => one.name !== 'sar')) {
    expect(termValue(scored, name)).toEqual(expect.any(Number));
  }
  expect(scored.totals[0]).toEqual(expect.any(Number));
  expect(scored.metrics['rewards/sar/mean']).toBeNull();
});

it('whatever completions share a group, no number anywhere is NaN or infinite', async () => {
  const nats = fc.oneof(
    fc.double({ min: 0, max: 30, noNaN: true }),
    fc.constantFrom(0, 700, 710, 1e5, 3e38),
  );
  const odd = fc.record({
    text: fc.constantFrom('', '7', '8', '12+95=7', '7'.repeat(POSITIONS), '!?'),
    ends: fc.constantFrom(0, 1, 5),
    group: fc.nat({ max: 1 }),
    surprise: nats,
    long: fc.boolean(),
  });
  const batches = fc.array(odd, { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(batches, nats, async (rows, alone) => {
      const batch = rows.map(({ text, ends, group, surprise, long }) => {
        const one = completion(text, { ends, group, logprobs: 0 - surprise });
        return long ? { ...one, promptIds: longQuestion(text).promptIds } : one;
      });
      const scored = await score(batch, 0 - alone);
      expect(scored.totals.every((total) => Number.isFinite(total))).toBe(true);
      for (const [name, { values, used }] of scored.terms) {
        const numbers = [...numbersIn(values), ...numbersIn(used)];
        expect({ name, odd: numbers.filter((x) => !Number.isFinite(x)) }).toEqual({
          name,
          odd: [],
        });
      }
      for (const value of Object.values(scored.metrics)) {
        expect(value === null || Number.isFinite(value)).toBe(true);
      }
    }),
    { numRuns: 200 },
  );
});

it('one odd completion changes no R_SA and no confidence of the others', async () => {
  const good = [completion('7'), completion('12+95=7')];
  const plain = await score(good);
  const mixed = await score([...good, longQuestion('8'), completion('', { ends: 0 })]);
  for (const term of ['sar', 'confidence']) {
    expect(mixed.terms.get(term)?.values.slice(0, 2)).toEqual(plain.terms.get(term)?.values);
  }
});
