import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Example } from './example.ts';
import { inParts, packExamples, unitsOf, unpack } from './pack.ts';
import { samplerGap } from './sampler-gap.ts';

function example(completion: number, pair?: number): Example {
  return {
    ...{ role: 'solver', group: 0, truncated: false, columns: {} },
    ...{ prompt: [1, 2], completion: new Array<number>(completion).fill(5) },
    ...(pair !== undefined && { pair }),
  };
}

/** Singles and pairs, each of a few tokens. */
const lists = fc
  .array(fc.record({ tokens: fc.integer({ min: 0, max: 9 }), paired: fc.boolean() }), {
    minLength: 1,
    maxLength: 20,
  })
  .map((units) =>
    units.flatMap(({ tokens, paired }, n) =>
      paired ? [example(tokens, n), example(tokens + 1, n)] : [example(tokens)],
    ),
  );

const all = (examples: readonly Example[]) => [...examples.keys()];

describe('packing', () => {
  it('keeps order, fits the plan and never splits a pair', () => {
    fc.assert(
      fc.property(lists, (examples) => {
        const plan = { microBatchTokens: 30, tokenBucket: 8 };
        const parts = packExamples(examples, all(examples), plan);
        expect(parts.flatMap(({ indices }) => indices)).toEqual(all(examples));
        for (const { indices, batch } of parts) {
          expect(batch.count).toBeLessThanOrEqual(30);
          for (const i of indices) {
            const twins = all(examples).filter((k) => examples[k].pair === examples[i].pair);
            if (examples[i].pair !== undefined)
              expect(indices).toEqual(expect.arrayContaining(twins));
          }
        }
      }),
    );
  });

  it('puts examples without weight last, in micro-batches of their own', () => {
    const weightless = [false, true, true, false, true];
    const examples = weightless.map((is) => ({ ...example(6), weightless: is }));
    const parts = packExamples(examples, all(examples), { microBatchTokens: 16, tokenBucket: 8 });
    expect(parts.map(({ indices }) => indices)).toEqual([[0, 3], [1, 2], [4]]);
  });

  it('cuts minibatches between units: none is empty, none is split, sizes differ by one at most', () => {
    fc.assert(
      fc.property(lists, fc.integer({ min: 1, max: 8 }), (examples, count) => {
        const units = unitsOf(examples, all(examples));
        const parts = inParts(units, count);
        expect(parts.length).toBe(Math.min(count, units.length));
        expect(parts.flat()).toEqual(all(examples));
        const sizes = parts.map((part) => unitsOf(examples, part).length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        expect(Math.min(...sizes)).toBeGreaterThan(0);
      }),
    );
  });

  it('gives flat numbers back to the examples that they are of', () => {
    const examples = [example(2), example(0), example(3)];
    const rows = examples.map(() => new Float32Array());
    const [part] = packExamples(examples, [2, 0, 1], { microBatchTokens: 64, tokenBucket: 8 });
    unpack(part, Float32Array.of(1, 2, 3, 4, 5), rows);
    expect(rows.map((row) => [...row])).toEqual([[4, 5], [], [1, 2, 3]]);
  });
});

it('the gap to the sampler is over tokens, and leaves out what was not scored', () => {
  const gap = samplerGap([[-1, -2], [-3], [-4]], [Float32Array.of(-1, -2.5), [], [-4.25]]);
  expect(gap).toEqual({
    'sampling/sampling_logp_difference/mean': 0.25,
    'sampling/sampling_logp_difference/max': 0.5,
  });
});
