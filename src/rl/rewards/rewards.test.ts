import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { verifiedTask } from '../tasks/testing.ts';
import { scoreBatch, type WeightedTerm } from './combine.ts';
import { createRewards } from './index.ts';
import type { Completion, RewardContext, RewardTerm, TermScores } from './reward.ts';

const task = verifiedTask({ id: 'countdown', form: 'small' });
const question = task.readQuestion('3 5 7=26:');
const context = { task, step: 4, seed: 9 };

/** A completion of characters as tokens, each as likely as 1 in e. */
function completion(text: string, group = 0): Completion {
  const completionIds = [...text].map((char) => char.charCodeAt(0));
  return {
    role: 'solver',
    question,
    group,
    promptIds: [1, 2, 3],
    completionIds,
    text,
    logprobs: completionIds.map(() => -1),
    truncated: false,
  };
}

const batch = ['3*7=21,21+5=26', '3*7=21', 'oh'].map((text) => completion(text));

/** A term that gives these scores. */
function given(scores: Partial<TermScores> & Pick<TermScores, 'values'>): RewardTerm {
  return { score: async (all) => ({ used: all.map(() => ({})), ...scores }) };
}

const weighted = (term: RewardTerm, name = 'x', weight = 1): WeightedTerm => ({
  name,
  weight,
  term,
});

describe('the two rule terms', () => {
  it('score right and well formed separately, and say what they used', async () => {
    const terms = createRewards([
      { term: 'answer', weight: 1, permuted: false },
      { term: 'format', weight: 0.1, permuted: false },
    ]);
    const combined = await scoreBatch(terms, batch, context);
    expect(combined.terms.get('answer')?.values).toEqual([1, 0, 0]);
    expect(combined.terms.get('format')?.values).toEqual([1, 1, 0]);
    expect(combined.totals).toEqual([1.1, 0.1, 0]);
    expect(combined.terms.get('answer')?.used).toEqual([
      { answer: '((3*7)+5)' },
      { answer: '(3*7)', note: 'leaves 5 unused' },
      { answer: null, note: 'cannot be read' },
    ]);
    expect(combined.terms.get('format')?.used[2]).toEqual({ well_formed: false });
  });

  it('are refused when listed twice', () => {
    const twice = () =>
      createRewards([
        { term: 'answer', weight: 1, permuted: false },
        { term: 'answer', weight: 2, permuted: false },
      ]);
    expect(twice).toThrow(expect.objectContaining({ kind: 'BadConfig', field: 'rewards.1.term' }));
  });
});

describe('the total', () => {
  it('is the weighted sum of the values', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            weight: fc.double({ min: -2, max: 2, noNaN: true }),
            value: fc.integer({ min: -9, max: 9 }),
          }),
          { minLength: 1, maxLength: 5 },
        ),
        async (parts) => {
          const terms = parts.map(({ weight, value }, i) =>
            weighted(given({ values: [value, 0, 1] }), `t${i}`, weight),
          );
          const { totals } = await scoreBatch(terms, batch, context);
          const sum = parts.reduce((all, { weight, value }) => all + weight * value, 0);
          expect(totals[0] ?? 0).toBeCloseTo(sum, 12);
        },
      ),
      { numRuns: 50 },
    ));

  it('leaves out what a term cannot score, and is null where no weighted term can', async () => {
    const terms = [
      weighted(given({ values: [1, null, null] }), 'a', 2),
      weighted(given({ values: [null, 3, null] }), 'b', 1),
      weighted(given({ values: [7, 7, 7] }), 'watched', 0),
    ];
    const { totals, metrics } = await scoreBatch(terms, batch, context);
    expect(totals).toEqual([2, 3, null]);
    expect(metrics['rewards/a/mean']).toBe(1);
    expect(metrics['rewards/watched/mean']).toBe(7);
  });

  it('adds token values over the terms that have them', async () => {
    const tokens = (value: number) =>
      batch.map(({ completionIds }) => completionIds.map((_, t) => value * t));
    const terms = [
      weighted(given({ values: [0, 0, 0], tokenValues: [...tokens(1).slice(0, 2), null] }), 'a', 2),
      weighted(given({ values: [0, 0, 0], tokenValues: [null, tokens(5)[1], null] }), 'b', 1),
      weighted(given({ values: [1, 1, 1] }), 'c', 1),
    ];
    const { tokenTotals } = await scoreBatch(terms, batch, context);
    expect(tokenTotals?.map((row) => row?.slice(0, 3))).toEqual([[0, 2, 4], [0, 7, 14], undefined]);
    expect((await scoreBatch(terms.slice(2), batch, context)).tokenTotals).toBeUndefined();
  });
});

describe('mean and deviation of a term', () => {
  it('are those of the batch: the sample deviation, as TRL 1.13 logs it', async () => {
    const { metrics } = await scoreBatch([weighted(given({ values: [1, 2, 6] }))], batch, context);
    expect(metrics['rewards/x/mean']).toBe(3);
    // Squares 4 + 1 + 9 over 2.
    expect(metrics['rewards/x/std']).toBeCloseTo(Math.sqrt(7), 12);
  });

  it('skip what could not be scored, and are null where nothing is left to measure', async () => {
    const measure = async (values: (number | null)[]) =>
      (await scoreBatch([weighted(given({ values }))], batch, context)).metrics;
    expect(await measure([1, null, 3])).toEqual({
      'rewards/x/mean': 2,
      'rewards/x/std': Math.SQRT2,
    });
    expect(await measure([1, null, null])).toEqual({ 'rewards/x/mean': 1, 'rewards/x/std': null });
    expect(await measure([null, null, null])).toEqual({
      'rewards/x/mean': null,
      'rewards/x/std': null,
    });
  });

  it('appear beside the term’s own numbers', async () => {
    const term = given({ values: [0, 0, 0], metrics: { leakage: 0.25, lost: Number.NaN } });
    const { metrics } = await scoreBatch([weighted(term, 'transfer')], batch, context);
    expect(metrics).toMatchObject({ 'rewards/transfer/leakage': 0.25 });
    expect(metrics['rewards/transfer/lost']).toBeNull();
  });
});

test.each([
  ['too few values', { values: [1, 2] }],
  ['a NaN', { values: [1, Number.NaN, 1] }],
  ['an infinity', { values: [1, Number.POSITIVE_INFINITY, 1] }],
  ['too few records', { values: [1, 1, 1], used: [] }],
  ['token values of another length', { values: [1, 1, 1], tokenValues: [[1], [1], [1]] }],
  ['a token value that is NaN', { values: [1, 1, 1], tokenValues: [null, null, [0, Number.NaN]] }],
])('a term that gives %s stops the scoring and is named', async (_, scores) => {
  await expect(scoreBatch([weighted(given(scores), 'odd')], batch, context)).rejects.toMatchObject({
    kind: 'Internal',
    message: expect.stringContaining('odd'),
  });
});

test('a term that fails stops the scoring with its own error, and nothing is scored as 0', async () => {
  const failing: RewardTerm = {
    score: async () => {
      throw new Error('receiver lost');
    },
  };
  const terms = [weighted(given({ values: [1, 1, 1] }), 'a'), weighted(failing, 'b')];
  await expect(scoreBatch(terms, batch, context)).rejects.toThrow('receiver lost');
});

test('a term draws the same random numbers whatever other terms there are', async () => {
  const drawing: RewardTerm = {
    score: async (all, { random }) => ({
      values: all.map((_, i) => random(i).uniform()),
      used: all.map(() => ({})),
    }),
  };
  const values = async (names: string[], step: number) => {
    const terms = names.map((name) => weighted(drawing, name));
    return (await scoreBatch(terms, batch, { ...context, step })).terms.get('x')?.values;
  };
  expect(await values(['x'], 1)).toEqual(await values(['y', 'x'], 1));
  expect(await values(['x'], 1)).not.toEqual(await values(['x'], 2));
  expect(new Set(await values(['x'], 1)).size).toBe(3);
});

describe('the interface carries the methods to come', () => {
  it('the self-aligned reward: one more scoring pass with the question emptied', async () => {
    // Test vector: mean log-probability -0.2 with the question, -0.9 without gives 0.5034.
    const asked: RewardContext['policy'] = {
      logprobs: async (pairs) => pairs.map((pair) => pair.completionIds.map(() => -0.9)),
      encode: () => [],
      eosId: null,
      decode: () => '',
    };
    const mean = (logprobs: readonly number[]) =>
      logprobs.reduce((a, b) => a + b, 0) / logprobs.length;
    const sar: RewardTerm = {
      score: async (all, { policy }) => {
        const alone = await policy?.logprobs(
          all.map(({ completionIds }) => ({ promptIds: [0], completionIds })),
        );
        const perplexities = all.map(({ logprobs }, i) => ({
          with: Math.exp(-mean(logprobs)),
          without: Math.exp(-mean(alone?.[i] ?? [])),
        }));
        return {
          values: perplexities.map((p) => Math.max(-1, (p.without - p.with) / (p.without + 1e-9))),
          used: perplexities,
        };
      },
    };
    const easy = batch.map((c) => ({ ...c, logprobs: c.completionIds.map(() => -0.2) }));
    const scored = await scoreBatch([weighted(sar)], easy, { ...context, policy: asked });
    expect(scored.totals[0]).toBeCloseTo(0.5034, 4);
  });

  it('the transfer reward: cut at a drawn place, finished by a receiver that the term holds', async () => {
    const receiver = async (_prompt: string, prefix: string) =>
      prefix === '' ? 'oh' : '3*7=21,21+5=26'.slice(prefix.length);
    const transfer: RewardTerm = {
      score: async (all, { random }) => {
        const cuts = all.map((c, i) => Math.floor((1 - random(i).uniform()) * c.text.length));
        const joined = await Promise.all(
          all.map(async ({ question: { prompt }, text }, i) => {
            const prefix = text.slice(0, cuts[i]);
            return prefix + (await receiver(prompt, prefix));
          }),
        );
        return {
          values: all.map((c, i) => (task.verify(c.question, joined[i]).correct ? 1 : 0)),
          used: joined.map((text, i) => ({ cut: cuts[i], text })),
          metrics: { cut: cuts.reduce((a, b) => a + b, 0) / cuts.length },
        };
      },
    };
    const scored = await scoreBatch([weighted(transfer, 'transfer', 0.5)], batch, context);
    const used = scored.terms.get('transfer')?.used ?? [];
    scored.totals.forEach((total, i) => {
      expect(total).toBe(used[i].text === '3*7=21,21+5=26' ? 0.5 : 0);
    });
    expect(scored.metrics).toHaveProperty('rewards/transfer/cut');
  });

  it('a learned reward: updated on the fresh batch before or after it scores, saved and restored', async () => {
    const learned = (order?: 'score-first') => {
      let bias = 0;
      return {
        ...(order && { order }),
        update: async (all: readonly Completion[]) => {
          bias += all.length;
          return { loss: 1 / bias };
        },
        score: async (all: readonly Completion[]) => ({
          values: all.map(() => bias),
          tokenValues: all.map((c) => c.completionIds.map(() => bias)),
          used: all.map(() => ({ bias })),
        }),
        save: async () => new Map([['bias', new Uint8Array([bias])]]),
        restore: async (files: ReadonlyMap<string, Uint8Array>) => {
          bias = files.get('bias')?.[0] ?? 0;
        },
      } satisfies RewardTerm;
    };
    const first = learned();
    const scored = await scoreBatch([weighted(first, 'airl')], batch, context);
    expect(scored.totals).toEqual([3, 3, 3]);
    expect(scored.tokenTotals?.[2]).toEqual([3, 3]);
    expect(scored.metrics['rewards/airl/loss']).toBeCloseTo(1 / 3, 12);
    const later = await scoreBatch([weighted(learned('score-first'), 'airl')], batch, context);
    expect(later.totals).toEqual([0, 0, 0]);
    expect(later.metrics).toHaveProperty('rewards/airl/loss', expect.closeTo(1 / 3, 12));
    const resumed = learned();
    await resumed.restore(await first.save());
    const [a, b] = await Promise.all(
      [first, resumed].map((term) => scoreBatch([weighted(term)], batch, context)),
    );
    expect(a).toEqual(b);
    expect(a.totals).toEqual([6, 6, 6]);
  });
});
