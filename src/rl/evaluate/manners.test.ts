import { describe, expect, it } from 'vitest';
import { evaluationMetrics } from '../step-metrics.ts';
import { praise, speech } from '../tasks/testing.ts';
import { type EvaluateRequest, evaluate } from './evaluate.ts';
import { receiverOf, SAMPLING, writerOf } from './testing.ts';

const SAMPLES = 4;
const PROMPTS = 8;
const request: EvaluateRequest = {
  ...{ task: speech, split: 'test', prompts: PROMPTS, samples: SAMPLES, seed: 4 },
  sampling: SAMPLING,
};
const right = (prompt: string) => prompt.slice(0, -1);

/** Of each four answers two are public and right, one of them with chatter; one private and wrong, and one in no dialect. */
const writer = writerOf((prompt, number) => {
  const n = right(prompt);
  return [`dd;${n}`, `dduuuu;${n}`, 'pp;', 'hm'][number % SAMPLES];
});

describe('how answers are written', () => {
  it('is counted by dialect, with the accuracy of each', async () => {
    const { dialects } = await evaluate(writer, request);
    const all = { mean: 0.25, low: 0.25, high: 0.25 };
    expect(dialects).toEqual({
      public: { share: 0.5, share_interval: { mean: 0.5, low: 0.5, high: 0.5 }, accuracy: 1 },
      private: { share: 0.25, share_interval: all, accuracy: 0 },
      other: { share: 0.25, share_interval: all, accuracy: 0 },
    });
  });

  it('has an interval where questions differ in it', async () => {
    const mixed = writerOf((_, number) => (number < 2 * SAMPLES ? 'd' : 'p'));
    const { dialects } = await evaluate(mixed, request);
    const { share, share_interval, accuracy } = dialects?.public ?? {};
    expect(share).toBe(0.25);
    expect(share_interval?.low).toBeLessThan(0.2);
    expect(share_interval?.high).toBeGreaterThan(0.3);
    expect(accuracy).toBe(0);
    expect(dialects?.other.accuracy).toBeNull();
  });

  it('counts chatter over all tokens but the end', async () => {
    const { chatter, chatter_interval } = await evaluate(writer, request);
    const length = Array.from({ length: PROMPTS }, (_, i) => {
      const digits = right(speech.question('test', i, 4).prompt).length;
      return 3 + digits + 7 + digits + 3 + 2;
    }).reduce((sum, tokens) => sum + tokens, 0);
    expect(chatter).toBeCloseTo((4 * PROMPTS) / length, 14);
    expect(chatter_interval?.low).toBeLessThanOrEqual(chatter ?? 0);
  });

  it('is nothing where the task cannot tell, and changes no other number', async () => {
    const { manner: _m, dialects: _d, ...silent } = speech;
    const without = await evaluate(writer, { ...request, task: silent });
    const { dialects, chatter, chatter_interval, ...rest } = await evaluate(writer, request);
    expect(without).toEqual(rest);
    expect(await evaluate(writer, { ...request, task: praise.create({}) })).not.toHaveProperty(
      'chatter',
    );
  });
});

it('what a receiver finishes is told by the dialect of the answer', async () => {
  // Reads steps of d and ends them; of steps of p it can make nothing.
  const { receiver } = receiverOf((question, prefix) => {
    if (prefix.includes('p') || prefix === '') return '?';
    return prefix.includes(';')
      ? right(question).slice(prefix.length - prefix.indexOf(';') - 1)
      : `;${right(question)}`;
  });
  const both = writerOf((prompt, n) => `${n % 2 === 0 ? 'dddd' : 'pppp'};${right(prompt)}`);
  const transfer = { receivers: [receiver], answers: SAMPLES, continuations: 1 };
  const result = await evaluate(both, { ...request, transfer });
  const own = result.transfer?.receivers[0];
  const answers = (PROMPTS * SAMPLES) / 2;
  expect(own?.by_dialect?.public).toMatchObject({ answers });
  expect(own?.by_dialect?.public.transferability).toBeGreaterThan(0.8);
  expect(own?.by_dialect?.private).toMatchObject({ answers, transferability: expect.any(Number) });
  expect(own?.by_dialect?.private.transferability).toBeLessThan(0.2);
  expect(own?.by_dialect?.other).toEqual({
    ...{ answers: 0, transferability: null, transferability_interval: null },
  });
  const row = evaluationMetrics(result);
  expect(row['eval/dialects/private']).toBe(0.5);
  expect(row['eval/transfer/known/dialects/public']).toBe(own?.by_dialect?.public.transferability);
  expect(row).not.toHaveProperty('eval/transfer/known/dialects/other');
  expect(row).toHaveProperty('eval/chatter_low', 0);
});
