import { describe, expect, it, test } from 'vitest';
import { parseExperiment } from '../experiment/schema.ts';
import type { Completion, PolicyService, TermScores } from './reward.ts';
import { copiedTokens, sar } from './sar.ts';
import { completion, contextWith, END, encode, knownPolicy, task, textOnly } from './testing.ts';

const DEFAULTS = { weight: 0.2, floor: -1, gate: false, form: 'ratio' } as const;
type Options = Parameters<typeof sar.create>[0];

function score(
  batch: readonly Completion[],
  policy: PolicyService | undefined,
  options: Partial<Options> = {},
): Promise<TermScores> {
  return sar.create({ ...DEFAULTS, ...options }).score(batch, contextWith(policy));
}

/** R_SA of one completion whose tokens have these mean log-probs. */
async function reward(given: number, alone: number, options: Partial<Options> = {}) {
  const { policy } = knownPolicy(alone);
  return (await score([completion('7', { logprobs: given })], policy, options)).values[0];
}

describe('R_SA', () => {
  test.each([
    [-0.2, -0.9, 0.5034],
    [-0.5, -0.5, 0],
    [-1.5, -0.5, -1],
  ])('of mean log-prob %f given the question and %f alone is %f', async (given, alone, value) => {
    expect(await reward(given, alone)).toBeCloseTo(value, 4);
  });

  it('stops at the chosen floor', async () => {
    expect(await reward(-1.5, -0.5, { floor: -100 })).toBeCloseTo(-1.7183, 4);
    expect(await reward(-1.5, -0.5, { floor: -0.25 })).toBe(-0.25);
    expect(await reward(-0.2, -0.9, { floor: -0.25 })).toBeCloseTo(0.5034, 4);
  });

  it('in the log form compares the logarithms', async () => {
    expect(await reward(-0.2, -0.9, { form: 'log' })).toBeCloseTo(0.7 / 0.9, 6);
    expect(await reward(-1.5, -0.5, { form: 'log' })).toBe(-1);
  });

  it('is 1 - exp(-mean of v), where v is what the question adds to each token’s log-prob', async () => {
    const { policy } = knownPolicy([-2, -0.5, -1.1]);
    const batch = [completion('52', { logprobs: [-0.1, -0.6, -0.2] })];
    const { values, used, shown, tokens, tokenValues } = await score(batch, policy);
    const v = used[0].v as number[];
    expect(tokens?.v[0]).toEqual(v);
    expect(shown?.[0]).not.toHaveProperty('v');
    [1.9, -0.1, 0.9].forEach((expected, i) => {
      expect(v[i]).toBeCloseTo(expected, 12);
    });
    expect(values[0]).toBeCloseTo(1 - Math.exp(-2.7 / 3), 8);
    expect(tokenValues).toBeUndefined();
  });

  it('does not ask whether the answer is right, unless it is gated', async () => {
    const batch = [completion('7'), completion('8')];
    const { policy } = knownPolicy(-0.9);
    const open = await score(batch, policy);
    expect(open.values[1]).toBe(open.values[0]);
    const gated = await score(batch, policy, { gate: true });
    expect(gated.values).toEqual([open.values[0], 0]);
    expect(gated.used).toEqual(open.used);
  });
});

describe('the scoring pass', () => {
  it('empties the question, keeps the template, and scores the same tokens with the end token', async () => {
    const { policy, asked } = knownPolicy(-0.9);
    const batch = [completion('7'), completion('12+95=7', { group: 1, ends: 0 })];
    const { used } = await score(batch, policy);
    expect(asked).toEqual([
      { promptIds: [1, ...encode(':')], completionIds: [...encode('7'), END] },
      { promptIds: [1, ...encode(':')], completionIds: encode('12+95=7') },
    ]);
    expect(task.emptyPrompt).toBe(':');
    expect(used[0]).toMatchObject({
      ids_with_question: [1, ...encode('12+95:7'), END],
      ids_without_question: [1, ...encode(':7'), END],
      r_sa: expect.closeTo(0.5034, 4),
      raw: expect.closeTo(0.5034, 4),
    });
    expect(used[0].perplexity_with_question).toBeCloseTo(Math.exp(0.2), 12);
    expect(used[0].perplexity_without_question).toBeCloseTo(Math.exp(0.9), 12);
    expect(used[0].mean_logprob_with_question).toBeCloseTo(-0.2, 12);
    expect(used[0].mean_logprob_without_question).toBeCloseTo(-0.9, 12);
  });

  it('is one for the whole batch', async () => {
    const { policy } = knownPolicy(-0.9);
    let passes = 0;
    const counting: PolicyService = {
      ...policy,
      logprobs: (pairs) => {
        passes++;
        return policy.logprobs(pairs);
      },
    };
    await score([completion('7'), completion('8'), completion('')], counting);
    expect(passes).toBe(1);
  });
});

describe('odd completions', () => {
  it('without tokens have perplexity 1 either way, R_SA 0, and are not sent to the policy', async () => {
    const { policy, asked } = knownPolicy(-0.9);
    const { values, used, metrics } = await score([completion('', { ends: 0 })], policy);
    expect(values).toEqual([0]);
    expect(used[0]).toMatchObject({ perplexity_with_question: 1, perplexity_without_question: 1 });
    expect(used[0].v).toEqual([]);
    expect(asked).toEqual([]);
    expect(metrics?.at_floor).toBe(0);
  });

  test.each([
    ['of one token', completion('', { ends: 1 }), 1],
    ['of end tokens only', completion('', { ends: 4 }), 4],
  ])('%s are scored like any other', async (_, odd, tokens) => {
    const { values, used } = await score([odd], knownPolicy(-0.9).policy);
    expect(values[0]).toBeCloseTo(0.5034, 4);
    expect(used[0].v).toHaveLength(tokens);
  });

  test.each([
    ['alone', -0.2, -1e4, 1],
    ['given the question', -1e4, -0.2, -1],
    ['both ways', -1e4, -1e4, 0],
  ])('with a perplexity that overflows %s keep a finite R_SA', async (_, given, alone, value) => {
    const { policy } = knownPolicy(alone);
    const { values, used } = await score([completion('7', { logprobs: given })], policy);
    expect(values).toEqual([value]);
    const texts = JSON.stringify(used);
    // JSON writes NaN and infinities as null; only the perplexities and the raw value may be too large.
    const nulls = texts.match(/"(\w+)":null/g) ?? [];
    expect(nulls.every((text) => /perplexity|raw/.test(text))).toBe(true);
    expect(texts).not.toContain('[null');
  });

  it('to a question longer than the context are scored, since alone they fit', async () => {
    const long = { ...completion('7'), promptIds: new Array<number>(500).fill(3) };
    const { values } = await score([long], knownPolicy(-0.9, 16).policy);
    expect(values[0]).toBeCloseTo(0.5034, 4);
  });

  it('that are longer than the context even alone have no value, and the others keep theirs', async () => {
    const { policy, asked } = knownPolicy(-0.9, 8);
    const batch = [completion('12+95=7,7+7=14'), completion('7')];
    const { values, used, metrics } = await score(batch, policy);
    expect(values).toEqual([null, expect.closeTo(0.5034, 4)]);
    expect(used[0]).toMatchObject({ r_sa: null, note: 'longer than the context' });
    expect(asked).toHaveLength(1);
    expect(metrics?.mean_right).toBeCloseTo(0.5034, 4);
  });

  it('whose log-probabilities are not finite stop the step', async () => {
    await expect(score([completion('7')], knownPolicy(Number.NaN).policy)).rejects.toMatchObject({
      kind: 'NonFinite',
    });
  });
});

test('without a model the term refuses by name', async () => {
  await expect(score([textOnly('7')], undefined)).rejects.toMatchObject({
    kind: 'BadConfig',
    field: 'model',
    message: expect.stringContaining('sar'),
  });
});

describe('the numbers of a step', () => {
  it('split R_SA by right and wrong, and count values at both ends', async () => {
    const logprobs = [-0.2, -0.5, -1.5, -0.9];
    const texts = ['7', '7', '8', '9'];
    const batch = texts.map((text, i) => completion(text, { logprobs: logprobs[i] }));
    const { metrics, values } = await score(batch, knownPolicy(-0.5).policy);
    const [a, b, c, d] = values as number[];
    expect(metrics?.mean_right).toBeCloseTo((a + b) / 2, 12);
    expect(metrics?.std_right).toBeCloseTo(Math.abs(a - b) / Math.SQRT2, 12);
    expect(metrics?.mean_wrong).toBeCloseTo((c + d) / 2, 12);
    expect(metrics?.std_wrong).toBeCloseTo(Math.abs(c - d) / Math.SQRT2, 12);
    expect(metrics).toMatchObject({ at_floor: 0.25, near_top: 0 });
    const sure = await score(batch, knownPolicy(-9).policy);
    expect(sure.metrics).toMatchObject({ at_floor: 0, near_top: 1 });
  });

  it('say what share of tokens was copied from the question', async () => {
    const { policy } = knownPolicy(-0.9);
    // `12+95` of 9 tokens with the end token, and nothing of 2.
    const batch = [completion('12+95=77'), completion('7')];
    expect((await score(batch, policy)).metrics?.copied).toBeCloseTo(5 / 11, 12);
  });

  it('count a copied token once, and no run shorter than four', () => {
    const count = (prompt: string, text: string) => copiedTokens(encode(prompt), encode(text));
    expect(count('12+95+7:', '12+95+7')).toBe(7);
    expect(count('12+95+7:', '12+9 95+7')).toBe(8);
    expect(count('12+95+7:', '12+ 95+')).toBe(0);
    expect(count('12:', '12:12:')).toBe(0);
    expect(count('', '')).toBe(0);
  });
});

test('an experiment that only names the term has the official code’s settings', () => {
  expect(parseExperiment({ rewards: [{ term: 'sar' }] })).toMatchObject({
    ok: true,
    experiment: { rewards: [{ term: 'sar', ...DEFAULTS }] },
  });
});
