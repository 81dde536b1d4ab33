/** The control that shuffles a term's values within each group. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreBatch } from './combine.ts';
import { permute } from './permute.ts';
import type { Completion, RewardTerm, TermScores } from './reward.ts';
import { completion, task } from './testing.ts';

const context = { task, step: 3, seed: 5 };

/** Groups of the given sizes, and a value for each completion. */
const batches = fc
  .array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 })
  .chain((sizes) => {
    const batch = sizes.flatMap((size, group) =>
      Array.from({ length: size }, () => completion('7', { group })),
    );
    const value = fc.option(fc.integer({ min: -9, max: 9 }), { nil: null });
    return fc.record({
      batch: fc.constant(batch),
      values: fc.array(value, { minLength: batch.length, maxLength: batch.length }),
      step: fc.nat({ max: 1000 }),
    });
  });

const scoresOf = (values: readonly (number | null)[]): TermScores => ({
  values,
  used: values.map((value) => ({ mine: value })),
});

/** The places, in the batch, of the members of a completion's group. */
const groupOf = (batch: readonly Completion[], i: number) =>
  [...batch.keys()].filter((k) => batch[k].group === batch[i].group);

describe('a permuted term', () => {
  it('pays each group its own values, missing ones too, each once, and says whose it paid', () => {
    fc.assert(
      fc.property(batches, ({ batch, values, step }) => {
        const paid = permute('x', scoresOf(values), batch, { seed: 5, step });
        const taken = batch.map((_, i) => {
          const own = groupOf(batch, i);
          const from = own[Number(paid.used[i].permuted_from)];
          expect(paid.values[i]).toBe(values[from]);
          expect(paid.used[i]).toMatchObject({ mine: values[i], measured: values[i] });
          expect(paid.shown?.[i]).toMatchObject({ measured: values[i] });
          return from;
        });
        expect([...taken].sort((a, b) => a - b)).toEqual([...batch.keys()]);
      }),
      { numRuns: 200 },
    );
  });

  it('draws from the seed, the step, the term and the group, and nothing else', () => {
    const batch = Array.from({ length: 16 }, (_, i) => completion('7', { group: i >> 3 }));
    const values = batch.map((_, i) => i);
    const draw = (name: string, seed: number, step: number) =>
      permute(name, scoresOf(values), batch, { seed, step }).values;
    expect(draw('x', 5, 3)).toEqual(draw('x', 5, 3));
    for (const other of [draw('y', 5, 3), draw('x', 6, 3), draw('x', 5, 4)])
      expect(other).not.toEqual(draw('x', 5, 3));
    const [first, second] = [0, 8].map((at) =>
      draw('x', 5, 3)
        .slice(at, at + 8)
        .map((value) => Number(value) - at),
    );
    expect(first).not.toEqual(second);
    // A group keeps its shuffle whatever other groups there are.
    const alone = permute('x', scoresOf(values.slice(0, 8)), batch.slice(0, 8), {
      seed: 5,
      step: 3,
    });
    expect(alone.values).toEqual(draw('x', 5, 3).slice(0, 8));
  });

  it('says nothing of an answer: over many steps what it is paid does not follow its own value', () => {
    const batch = [0, 1, 2, 3].map(() => completion('7'));
    const steps = 4000;
    let kept = 0;
    for (let step = 0; step < steps; step++) {
      const { values } = permute('x', scoresOf([1, 0, 0, 0]), batch, { seed: 1, step });
      kept += Number(values[0]);
    }
    // Uniform: a quarter. Four standard errors of a binomial share.
    expect(Math.abs(kept / steps - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / steps));
  });

  it('alone in its group an answer keeps its value', () => {
    const paid = permute('x', scoresOf([0.5]), [completion('7')], { seed: 1, step: 0 });
    expect(paid).toMatchObject({ values: [0.5], used: [{ measured: 0.5, permuted_from: 0 }] });
  });
});

describe('in a batch', () => {
  const batch = Array.from({ length: 8 }, () => completion('7'));
  const values = batch.map((_, i) => i);
  const term: RewardTerm = {
    score: async (all) => ({
      ...scoresOf(values),
      tokenValues: all.map(({ completionIds }, i) => completionIds.map(() => i)),
      tokens: { v: all.map(({ completionIds }, i) => completionIds.map(() => i)) },
      metrics: { own: 7 },
    }),
  };
  const score = (permuted: boolean, weight = 1) =>
    scoreBatch([{ name: 'x', weight, permuted, term }], batch, context);

  it('totals are of what was paid, and all metrics of what was measured', async () => {
    const [plain, moved] = [await score(false, 2), await score(true, 2)];
    expect(moved.metrics).toEqual(plain.metrics);
    expect(plain.totals).toEqual(values.map((value) => 2 * value));
    const paid = moved.terms.get('x')?.values ?? [];
    expect(moved.totals).toEqual(paid.map((value) => 2 * Number(value)));
    expect(paid).not.toEqual(values);
    expect([...paid].sort()).toEqual(values);
  });

  it('values per token are not paid, and numbers of tokens stay with their tokens', async () => {
    const [plain, moved] = [await score(false), await score(true)];
    expect(plain.tokenTotals).toHaveLength(8);
    expect(moved.tokenTotals).toBeUndefined();
    expect(moved.terms.get('x')?.tokenValues).toBeUndefined();
    expect(moved.terms.get('x')?.tokens).toEqual(plain.terms.get('x')?.tokens);
  });
});
