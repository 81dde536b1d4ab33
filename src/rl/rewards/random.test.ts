import { describe, expect, it } from 'vitest';
import { scoreBatch } from './combine.ts';
import { random } from './random.ts';
import { completion, task, textOnly } from './testing.ts';

const batch = Array.from({ length: 2000 }, (_, i) =>
  completion(i % 2 ? '7' : '8', { group: i >> 3 }),
);

async function values(probability: number, { seed = 1, step = 0, of = batch } = {}) {
  const term = random.create({ weight: 1, probability });
  const scored = await scoreBatch([{ name: 'random', weight: 1, term }], of, { task, seed, step });
  return scored.terms.get('random')?.values ?? [];
}

describe('the random term', () => {
  it('is 1 as often as its probability says, and 0 otherwise', async () => {
    for (const p of [0.1, 0.5]) {
      const drawn = await values(p);
      expect(new Set(drawn)).toEqual(new Set([0, 1]));
      const share = drawn.filter((value) => value === 1).length / batch.length;
      // Four standard errors of a binomial share.
      expect(Math.abs(share - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / batch.length));
    }
    expect(new Set(await values(0))).toEqual(new Set([0]));
    expect(new Set(await values(1))).toEqual(new Set([1]));
  });

  it('draws anew for every step, seed and completion, whatever the answers are', async () => {
    const drawn = await values(0.5);
    expect(await values(0.5)).toEqual(drawn);
    expect(await values(0.5, { step: 1 })).not.toEqual(drawn);
    expect(await values(0.5, { seed: 2 })).not.toEqual(drawn);
    const others = batch.map(({ group }) => completion('12+95=7', { group }));
    expect(await values(0.5, { of: others })).toEqual(drawn);
  });

  it('scores text without a model, and answers that nobody can judge', async () => {
    expect(random.needsVerifier).toBeUndefined();
    expect(await values(1, { of: [textOnly('7')] })).toEqual([1]);
  });
});
