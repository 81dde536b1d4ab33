import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../experiment/schema.ts';
import { needsOf } from '../run/needs.ts';
import { learned } from './learned.ts';
import type { FrozenModels } from './reward.ts';
import { completion, contextWith, textOnly } from './testing.ts';

const tokenizer = {
  decode: (ids: readonly number[]) => String.fromCharCode(...ids),
  tokenText: (id: number) => String.fromCharCode(id),
} as unknown as FrozenModels['tokenizer'];

/** A model that says 0, 1, 2, ... along a completion. */
const counting: FrozenModels = {
  tokenizer,
  values: async (_, pairs) =>
    pairs.map(({ completionIds }) => Float32Array.from(completionIds, (_, t) => t)),
};

const score = (settings: object, texts: readonly string[], frozen = counting) =>
  learned
    .create({
      ...{ weight: 1, permuted: false, reward_model: 'a/b', granularity: 'dense', interval: 2 },
      ...{ reward_clip: 3, ...settings },
    } as Parameters<typeof learned.create>[0])
    .score(
      texts.map((text) => completion(text, { ends: text === '' ? 0 : 1 })),
      { ...contextWith(), frozen },
    );

describe('the term learned', () => {
  it('is the mean over tokens of what the model says, clipped', async () => {
    const { values, tokens, metrics } = await score({ reward_clip: 2 }, ['abcd']);
    expect(tokens?.logit).toEqual([[0, 1, 2, 3, 4]]);
    expect(tokens?.reward).toEqual([[0, 1, 2, 2, 2]]);
    expect(values).toEqual([7 / 5]);
    expect(metrics).toEqual({ clipped: 3 / 5 });
  });

  it.each([
    ['sparse', [4, 4, 4, 4, 4]],
    ['interval', [1, 1, 3, 3, 4]],
    // The steps of a chain end at its commas.
    ['step', [1, 1, 3, 3, 4]],
  ])('reads what lies between at the next place: %s', async (granularity, reward) => {
    const { tokens } = await score({ granularity, reward_clip: 9 }, ['a,b,']);
    expect(tokens?.reward).toEqual([reward]);
  });

  it('does not score a completion without tokens, and refuses text without a model', async () => {
    const { values, tokens } = await score({}, ['', 'ab']);
    expect(values).toEqual([null, 1]);
    expect(tokens?.reward).toEqual([null, [0, 1, 2]]);
    const term = learned.create({} as Parameters<typeof learned.create>[0]);
    const asText = term.score([textOnly('1')], { ...contextWith(), frozen: counting });
    await expect(asText).rejects.toMatchObject({ kind: 'BadConfig', field: 'model' });
    const unopened = term.score([completion('1')], contextWith());
    await expect(unopened).rejects.toMatchObject({ kind: 'BadConfig', field: 'reward_model' });
  });
});

const experiment = (rewards: readonly object[], method = 'grpo') => {
  const parsed = parseExperiment({ rewards, method: { name: method } });
  if (!parsed.ok) throw new Error(parsed.problems[0].message);
  return parsed.experiment;
};

describe('the model of the term', () => {
  const terms = [{ term: 'answer' }, { term: 'learned', reward_model: 'runs/a.1/reward-model' }];

  it('is a learner of the run that is read from the folder and never trained', () => {
    expect(needsOf(experiment(terms)).learners?.learned).toMatchObject({
      ...{ frozen: true, tokenHead: false },
      from: { folder: 'runs/a.1/reward-model', setting: 'rewards.1.reward_model' },
    });
  });

  it('is opened for no method that pays no terms, and without the term for none', () => {
    expect(needsOf(experiment(terms, 'airl')).learners?.learned).toBeUndefined();
    expect(needsOf(experiment([{ term: 'answer' }])).learners).toBeUndefined();
  });

  it.each(['../secret', '/etc', 'a/../b', 'a//b', 'a', 'https://x/y', 'a/.b', 'a/b?c'])(
    'is not looked for at %s',
    (reward_model) => {
      const parsed = parseExperiment({ rewards: [{ term: 'learned', reward_model }] });
      expect(parsed).toMatchObject({
        problems: [{ field: 'rewards.0.reward_model' }],
      });
    },
  );
});
