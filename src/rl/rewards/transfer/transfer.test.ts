/** The transfer reward on hand-made answers and a receiver whose tries are known. */
import { describe, expect, it } from 'vitest';
import type { Generated } from '../../../model/generate.ts';
import type { Receiver, ReceiverRequest } from '../../../model/receiver.ts';
import type { Tokenizer } from '../../../model/tokenizer.ts';
import { parseExperiment } from '../../experiment/schema.ts';
import { randomStream } from '../../random.ts';
import type { Completion, RewardContext } from '../reward.ts';
import { completion, contextWith, END, encode, knownPolicy, task, textOnly } from '../testing.ts';
import { finish } from './finish.ts';
import { transfer } from './transfer.ts';

type Settings = Parameters<typeof transfer.create>[0];
const DEFAULTS: Settings = {
  weight: 0.5,
  receivers: 'policy',
  backend: 'kernels',
  tau: 'fixed',
  tau_fixed: 0.5,
  tau_low: 0.2,
  tau_high: 0.8,
  shared_tau: false,
  continuations: 1,
  receiver_temperature: null,
  receiver_max_length: null,
  grading: 'joined',
  cuts: 1,
  leakage_guard: false,
  right_only: false,
  blank_prefix: false,
  reliability_questions: 0,
  scratch_samples: 0,
};

/** Characters as tokens. */
const tokenizer = {
  encode: (text: string, { addSpecial = false } = {}) => [
    ...(addSpecial ? [1] : []),
    ...encode(text),
  ],
  decode: (ids: ArrayLike<number>) =>
    String.fromCharCode(...Array.from(ids).filter((id) => id > END)),
} as unknown as Tokenizer;

/** Writes what `answer` says after the text it was given; keeps the requests. */
function receiverOf(
  answer: (text: string, attempt: number) => string,
  { id = 'policy', positions = 200 } = {},
) {
  const asked: ReceiverRequest[] = [];
  const receiver: Receiver = {
    id,
    backend: 'kernels',
    tokenizer,
    positions,
    complete: async (request) => {
      asked.push(request);
      return request.prompts.flatMap((prompt) =>
        Array.from({ length: request.copies }, (_, copy): Generated => {
          const ids = [...encode(answer(tokenizer.decode(prompt), copy)), END];
          return { ids, logprobs: ids.map(() => -0.1), truncated: false };
        }),
      );
    },
    close: () => undefined,
  };
  return { receiver, asked };
}

function contextOf(
  receivers: readonly Receiver[],
  more: Partial<RewardContext> = {},
): RewardContext {
  const { policy } = knownPolicy(-1);
  return {
    ...contextWith({ ...policy, decode: (ids) => tokenizer.decode([...ids]) }),
    random: (...counters) => randomStream(3, 'reward/transfer', 0, ...counters),
    receivers: {
      open: async (id) => {
        const found = receivers.find((receiver) => receiver.id === id);
        if (!found) throw new RangeError(`no receiver ${id}`);
        return found;
      },
      close: () => undefined,
    },
    budget: 40,
    ...more,
  };
}

function score(
  batch: readonly Completion[],
  receivers: readonly Receiver[],
  settings: Partial<Settings> = {},
  more: Partial<RewardContext> = {},
) {
  return transfer.create({ ...DEFAULTS, ...settings }).score(batch, contextOf(receivers, more));
}

// The question is 12+95:, the right answer 7.
const RIGHT = completion('12+95=7');

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

describe('the cut', () => {
  const prefixes = async (batch: readonly Completion[], settings: Partial<Settings>) => {
    const { receiver } = receiverOf(() => '');
    const { used } = await score(batch, [receiver], settings);
    return used as readonly { tau: number; cut: number; prefix: string }[];
  };
  const many = Array.from({ length: 400 }, (_, i) =>
    completion('12+95=7,7+0=7', { group: Math.floor(i / 8) }),
  );

  it('drawn anywhere is uniform on (0, 1]: every number of tokens but the whole answer is equally likely', async () => {
    const cuts = await prefixes(many, { tau: 'uniform' });
    const length = many[0].completionIds.length;
    expect(
      cuts.every(({ tau, cut }) => tau > 0 && tau <= 1 && cut === Math.floor(tau * length)),
    ).toBe(true);
    const mean = cuts.reduce((sum, { tau }) => sum + tau, 0) / cuts.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / cuts.length));
    expect(new Set(cuts.map(({ cut }) => cut)).size).toBe(length);
  });

  it('within an interval stays there', async () => {
    const cuts = await prefixes(many, { tau: 'interval', tau_low: 0.4, tau_high: 0.6 });
    expect(cuts.every(({ tau }) => tau >= 0.4 && tau <= 0.6)).toBe(true);
    expect(new Set(cuts.map(({ tau }) => tau)).size).toBeGreaterThan(300);
  });

  it('between steps falls after none or after a whole step, never after the last', async () => {
    const cuts = await prefixes(many, { tau: 'step' });
    expect(new Set(cuts.map(({ prefix }) => prefix))).toEqual(new Set(['', '12+95=7,']));
  });

  it('is one for a group where it is shared, and each answer’s own where it is not', async () => {
    const kinds = async (shared_tau: boolean) => {
      const cuts = await prefixes(many, { tau: 'uniform', shared_tau });
      return new Set(cuts.slice(0, 8).map(({ tau }) => tau)).size;
    };
    expect(await kinds(true)).toBe(1);
    expect(await kinds(false)).toBe(8);
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
    expect(plain.metrics?.icc).toBeNaN();
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
