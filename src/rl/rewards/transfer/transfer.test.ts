/** The transfer reward on hand-made answers and a receiver whose tries are known. */
import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../experiment/schema.ts';
import { completion, encode, task, textOnly } from '../testing.ts';
import { finish } from './finish.ts';
import { contextOf, DEFAULTS, RIGHT, receiverOf, score, tokenizer } from './testing.ts';
import { transfer } from './transfer.ts';

describe('the value', () => {
  it('is 1 where the receiver continues correctly from floor(tau |y|) tokens, and 0 where it does not', async () => {
    const { receiver, asked } = receiverOf((text) => (text.endsWith('12+9') ? '5=7' : '5=8'));
    // |y| is 8 with the end token: the cut is after 4.
    const { values, used } = await score([RIGHT, completion('12+95=107')], [receiver]);
    expect(tokenizer.decode(asked[0].prompts[0])).toBe('12+95:12+9');
    expect(values).toEqual([1, 0]);
    expect(used[0]).toMatchObject({ tau: 0.5, cut: 4, prefix: '12+9', leaked: false });
    expect(used[1]).toMatchObject({ tau: 0.5, cut: 5, prefix: '12+95' });
  });

  it('hands over the whole answer without its end token at tau = 1, and nothing at tau = 0', async () => {
    const { receiver, asked } = receiverOf(() => '');
    await score([RIGHT], [receiver], { tau_fixed: 1 });
    await score([RIGHT], [receiver], { tau_fixed: 0 });
    expect(asked.map(({ prompts }) => prompts[0])).toEqual([
      [1, ...encode('12+95:12+95=7')],
      [1, ...encode('12+95:')],
    ]);
  });

  it('is the mean over continuations, and over receivers by their weights', async () => {
    const half = receiverOf((_, attempt) => (attempt === 0 ? '7' : '8')).receiver;
    const never = receiverOf(() => '9', { id: 'receivers/never' }).receiver;
    const one = await score([RIGHT], [half], { tau_fixed: 0, continuations: 2 });
    expect(one.values).toEqual([0.5]);
    const both = await score([RIGHT], [half, never], {
      tau_fixed: 0,
      continuations: 2,
      receivers: 'policy receivers/never*3',
    });
    expect(both.values[0]).toBeCloseTo(0.125, 12);
    expect(both.metrics).toMatchObject({ 'receiver/policy/mean': 0.5, 'receiver/never/mean': 0 });
    expect(both.metrics?.agreement).toBeCloseTo(0.5, 12);
  });

  it('is judged with the prefix, or on the continuation alone', async () => {
    const { receiver } = receiverOf(() => '5=7');
    const joined = await score([RIGHT], [receiver]);
    expect(joined.values).toEqual([1]);
    expect((await score([RIGHT], [receiver], { grading: 'continuation' })).values).toEqual([0]);
  });

  it('is left out under the guard where the prefix is already right, and only there', async () => {
    const { receiver } = receiverOf(() => '');
    const batch = [RIGHT, completion('12+95=107')];
    const open = await score(batch, [receiver], { tau_fixed: 1 });
    expect(open.values).toEqual([1, 0]);
    expect(open.metrics?.leakage).toBe(0.5);
    const guarded = await score(batch, [receiver], { tau_fixed: 1, leakage_guard: true });
    expect(guarded.values).toEqual([null, 0]);
  });

  it('is null, not 0, where the receiver has no room; others keep their numbers', async () => {
    const long = completion('12+95=7,7+0=7,7+0=7');
    const { receiver, asked } = receiverOf(() => '7', { positions: 12 });
    const { values } = await score([RIGHT, long], [receiver], { tau_fixed: 0.5 });
    expect(values).toEqual([0, null]);
    expect(asked[0].budgets[0]).toBe(12 - (1 + '12+95:12+9'.length));
  });
});

describe('paid to right answers only', () => {
  const batch = [RIGHT, completion('12+95=107'), completion('12+95=8')];

  it('a wrong answer gets 0, and what was finished stays in the numbers', async () => {
    const { receiver } = receiverOf((text) => (text.endsWith('12+95') ? '=7' : '5=7'));
    const open = await score(batch, [receiver], { scratch_samples: 1 });
    const gated = await score(batch, [receiver], { scratch_samples: 1, right_only: true });
    expect(open.values).toEqual([1, 1, 1]);
    expect(gated.values).toEqual([1, 0, 0]);
    expect(open.metrics).not.toHaveProperty('finished');
    expect(gated.metrics).toMatchObject({ finished: 1, gain: open.metrics?.gain });
    expect(gated.metrics?.tau_4).toBe(open.metrics?.tau_4);
    expect(gated.metrics?.['receiver/policy/mean']).toBe(1);
    // What advantages can come from is what was paid.
    expect([open.metrics?.group_std, gated.metrics?.group_std]).toEqual([
      0,
      expect.closeTo(Math.sqrt(1 / 3), 12),
    ]);
    expect(gated.used[1]).toMatchObject({ finished: 1 });
  });

  it('an answer that could not be handed over still has no value', async () => {
    const { receiver } = receiverOf(() => '7', { positions: 7 });
    expect((await score(batch, [receiver], { right_only: true })).values).toEqual([
      null,
      null,
      null,
    ]);
  });
});

describe('a blank prefix', () => {
  it('shows the receiver the question alone, within the budget that the cut leaves', async () => {
    const { receiver, asked } = receiverOf((text) => (text === '12+95:' ? '7' : 'x'));
    const settings = { tau: 'uniform', cuts: 2 } as const;
    const batch = [RIGHT, completion('12+95=107')];
    const plain = await score(batch, [receiver], settings);
    const blank = await score(batch, [receiver], { ...settings, blank_prefix: true });
    const [seen, hidden] = asked;
    expect(hidden.prompts).toEqual(seen.prompts.map(() => [1, ...encode('12+95:')]));
    expect([hidden.budgets, hidden.key]).toEqual([seen.budgets, seen.key]);
    expect(blank.values).toEqual([1, 1]);
    // The whole right answer may have been cut off; nothing of it was handed over.
    expect(blank.metrics?.leakage).toBe(0);
    const places = (scores: typeof plain) =>
      scores.used.map(({ cuts }) => (cuts as { cut: number }[]).map(({ cut }) => cut));
    expect(places(blank)).toEqual(places(plain));
    expect(blank.used[0]).toMatchObject({
      blank_prefix: true,
      cuts: [{ prefix: '' }, { prefix: '' }],
    });
  });

  it('is judged by what the receiver wrote', async () => {
    const { receiver } = receiverOf(() => '5=7');
    const joined = { tau_fixed: 0.5, blank_prefix: true } as const;
    expect((await score([RIGHT], [receiver])).values).toEqual([1]);
    expect((await score([RIGHT], [receiver], joined)).values).toEqual([0]);
  });
});

describe('what is measured', () => {
  it('reports buckets of tau, the success from scratch and the spread within groups', async () => {
    const { receiver, asked } = receiverOf((text) =>
      text.endsWith(':') ? '7' : text.endsWith('12+9') ? '5=7' : 'x',
    );
    const batch = [RIGHT, completion('1+1=2'), RIGHT, RIGHT].map((c, i) => ({
      ...c,
      group: i >> 1,
    }));
    const { metrics, values } = await score(batch, [receiver], { scratch_samples: 3 });
    expect(values).toEqual([1, 0, 1, 1]);
    expect(metrics).toMatchObject({
      tau_4: 0.75,
      scratch: 1,
      gain: -0.25,
      'receiver/policy/scratch': 1,
    });
    expect(metrics?.group_std).toBeCloseTo(Math.SQRT1_2 / 2, 12);
    // Each question once, three tries.
    expect(asked[1]).toMatchObject({ copies: 3 });
    expect(asked[1].prompts).toHaveLength(2);
  });

  it('tries some answers once more only to measure luck: the values stay as they were', async () => {
    const batch = [RIGHT, completion('1+1=2'), RIGHT, RIGHT].map((c, i) => ({
      ...c,
      group: i >> 1,
    }));
    const { receiver, asked } = receiverOf((text) => (text.endsWith('12+9') ? '5=7' : 'x'));
    const plain = await score(batch, [receiver]);
    const measured = await score(batch, [receiver], { reliability_questions: 1 });
    expect(measured.values).toEqual(plain.values);
    expect(plain.metrics).not.toHaveProperty('icc');
    // Right or wrong with certainty, by the answer: no luck at all.
    expect(measured.metrics?.icc).toBe(1);
    expect(asked.at(-1)?.prompts).toHaveLength(2);
  });
});

describe('what is only measured', () => {
  it('changes no value, and is done aside', async () => {
    const { receiver, asked } = receiverOf((text) => (text.length % 2 === 0 ? '' : '7'));
    const batch = [RIGHT, completion('12+95=107')];
    const bare = await score(batch, [receiver]);
    const alone = asked.splice(0);
    const aside: number[] = [];
    const measured = await score(
      batch,
      [receiver],
      { reliability_questions: 2, scratch_samples: 3 },
      {
        aside: async (work) => {
          const before = asked.length;
          const result = await work();
          aside.push(asked.length - before);
          return result;
        },
      },
    );
    expect(measured.values).toEqual(bare.values);
    // The tries that are paid are asked the same and draw the same; the others come after them.
    expect(asked.slice(0, alone.length)).toEqual(alone);
    expect(aside).toEqual([1, 1]);
    expect(asked).toHaveLength(alone.length + 2);
  });
});

describe('refusals', () => {
  it('needs a model, tokens and receivers, and says which', async () => {
    const { receiver } = receiverOf(() => '');
    const term = transfer.create(DEFAULTS);
    await expect(term.score([textOnly('7')], contextOf([receiver]))).rejects.toMatchObject({
      kind: 'BadConfig',
      field: 'model',
    });
    const { receivers: _, ...without } = contextOf([receiver]);
    await expect(term.score([RIGHT], without)).rejects.toMatchObject({ field: 'receivers' });
    await expect(term.prepare?.(undefined)).rejects.toMatchObject({ field: 'receivers' });
  });

  it('rejects the whole batch where a receiver fails, instead of scoring zeros', async () => {
    const { receiver } = receiverOf(() => {
      throw new Error('the runtime is gone');
    });
    await expect(score([RIGHT], [receiver])).rejects.toThrow('the runtime is gone');
  });

  it.each([
    ['receivers', ''],
    ['receivers', '../secret'],
    ['receivers', 'policy*0'],
    ['continuations', 0],
    ['tau', 'sometimes'],
    ['tau_low', 0.9],
  ])('an experiment with %s = %j is refused by name', (key, value) => {
    const rewards = [{ term: 'answer' }, { term: 'transfer', tau: 'interval', [key]: value }];
    const parsed = parseExperiment({ rewards });
    expect(parsed).toMatchObject({ ok: false, problems: [{ field: `rewards.1.${key}` }] });
  });

  it('takes an empty batch', async () => {
    expect(await score([], [])).toMatchObject({ values: [], used: [] });
  });
});

describe('finish', () => {
  it('draws the same for an item whichever other items have no room', async () => {
    const { receiver, asked } = receiverOf(() => '7', { positions: 30 });
    const question = task.readQuestion('12+95:');
    const item = (prefix: string) => ({ question, prefix, budget: 5 });
    const key = [1, 2] as const;
    const sampling = { temperature: 1, topK: 0, topP: 1, minP: 0, greedy: false };
    const items = [item('x'.repeat(40)), item('1'), item('2')];
    const out = await finish(receiver, task, { items, copies: 2, sampling, key });
    expect(out[0]).toBeNull();
    expect(out[1]).toHaveLength(2);
    // The place of an item in the request, which numbers its draws, does not move.
    expect(tokenizer.decode(asked[0].prompts[1])).toBe('12+95:1');
  });
});
