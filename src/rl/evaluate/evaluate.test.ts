import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { task } from '../rewards/testing.ts';
import { type EvaluateRequest, evaluate } from './evaluate.ts';
import { carryOut } from './order.ts';
import { passAtK } from './statistics.ts';
import { judgedEvaluation, receiverOf, rightAnswer, SAMPLING, writerOf } from './testing.ts';

const SAMPLES = 5;
const PROMPTS = 6;
const request: EvaluateRequest = {
  ...{ task, split: 'test', prompts: PROMPTS, samples: SAMPLES, seed: 4, sampling: SAMPLING },
};
/** For question q the first `rights[q]` answers are right; all others give up, in nine tokens. */
const writing = (rights: readonly number[], room?: number) =>
  writerOf(
    (prompt, number) =>
      number % SAMPLES < rights[Math.floor(number / SAMPLES)] ? rightAnswer(prompt) : '????????',
    room === undefined ? {} : { room },
  );

describe('an evaluation', () => {
  const rights = [0, 1, 2, 3, 4, 5];

  it('counts accuracy, pass@k and maj@k of known answers exactly', async () => {
    const result = await judgedEvaluation(writing(rights), request);
    expect(result.accuracy).toBeCloseTo(0.5, 14);
    result.pass_at_k.forEach((value, i) => {
      const exact = rights.reduce((sum, c) => sum + passAtK(SAMPLES, c, i + 1), 0) / PROMPTS;
      expect(value).toBeCloseTo(exact, 14);
    });
    // Wrong ones have no answer and so no vote: one right answer of those drawn is enough.
    expect(result.maj_at_k).toEqual(result.pass_at_k.map((v) => expect.closeTo(v, 12)));
    expect(result.mean_length_interval.mean).toBe(result.mean_length);
    expect(result.transfer).toBeUndefined();
  });

  it('measures the length of right answers over right answers alone', async () => {
    const lengths = await judgedEvaluation(writing([5, 5, 5, 5, 5, 5]), request);
    const mixed = await judgedEvaluation(writing([5, 5, 5, 5, 5, 0]), request);
    const first = Array.from({ length: 5 }, (_, i) => task.question('test', i, 4));
    const exact = first.reduce((sum, q) => sum + rightAnswer(q.prompt).length + 1, 0) / 5;
    expect(mixed.mean_length_right).toBeCloseTo(exact, 12);
    expect(mixed.mean_length).toBeCloseTo((exact * 25 + 9 * 5) / 30, 12);
    expect(lengths.mean_length_right).toBe(lengths.mean_length);
    const none = await judgedEvaluation(writing([0, 0, 0, 0, 0, 0]), request);
    expect(none.mean_length_right).toBeNaN();
    expect(none.mean_length).toBe(9);
  });

  it('does not depend on how many sequences fit at once, down to one', async () => {
    const whole = await judgedEvaluation(writing(rights), request);
    for (const room of [1, 2, 5, 7, 12]) {
      expect(await judgedEvaluation(writing(rights, room), request)).toEqual(whole);
    }
  });

  it('for any answers has curves that begin at the accuracy, a pass@k that rises, and intervals around its numbers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: SAMPLES }), { minLength: PROMPTS, maxLength: PROMPTS }),
        async (any) => {
          const result = await judgedEvaluation(writing(any), request);
          expect(result.maj_at_k[0]).toBeCloseTo(result.accuracy, 12);
          expect(result.pass_at_k[0]).toBeCloseTo(result.accuracy, 12);
          result.pass_at_k.forEach((value, i) => {
            expect(value).toBeGreaterThanOrEqual((result.pass_at_k[i - 1] ?? 0) - 1e-12);
            const { low, high } = result.pass_at_k_interval;
            expect(low[i]).toBeLessThanOrEqual(value + 1e-12);
            expect(high[i]).toBeGreaterThanOrEqual(value - 1e-12);
          });
        },
      ),
      { numRuns: 20 },
    );
  });

  it('asks the same questions at any number of answers, and others of another split', async () => {
    const asked = new Map<string, string[]>();
    const ask = async (name: string, more: Partial<EvaluateRequest>) => {
      const prompts: string[] = [];
      const writer = writerOf((prompt) => {
        if (prompts.at(-1) !== prompt) prompts.push(prompt);
        return '';
      });
      await evaluate(writer, { ...request, ...more });
      asked.set(name, prompts);
    };
    await ask('few', {});
    await ask('many', { samples: 9 });
    await ask('ood', { split: 'ood' });
    expect(asked.get('many')).toEqual(asked.get('few'));
    expect(asked.get('few')).toHaveLength(PROMPTS);
    for (const prompt of asked.get('ood') ?? []) expect(asked.get('few')).not.toContain(prompt);
  });

  it('refuses questions that do not fit, before anything is asked', async () => {
    let asked = 0;
    const writer = writerOf(
      () => {
        asked += 1;
        return '';
      },
      { positions: 205 },
    );
    await expect(evaluate(writer, request)).rejects.toMatchObject({
      kind: 'BadConfig',
      field: 'split',
    });
    expect(asked).toBe(0);
  });

  it('reports progress in answers and continuations, up to all of them', async () => {
    const said: [number, number][] = [];
    const { receiver } = receiverOf(() => '');
    await judgedEvaluation(writing(rights, 5), {
      ...request,
      transfer: { receivers: [receiver, receiver], answers: 2, continuations: 3 },
      onProgress: (done, total) => said.push([done, total]),
    });
    const total = PROMPTS * SAMPLES + 2 * PROMPTS * (2 * 3 * 10 + 6);
    expect(said.every(([, all]) => all === total)).toBe(true);
    expect(said.map(([done]) => done)).toEqual(said.map(([done]) => done).sort((a, b) => a - b));
    expect(said[0]).toEqual([SAMPLES, total]);
    expect(said.at(-1)).toEqual([total, total]);
  });
});

describe('an order', () => {
  const order = {
    split: 'test',
    prompts: 3,
    samples: 2,
    transfer_answers: 1,
    receiver_backend: 'kernels',
  } as const;
  const means = { writer: writing([5, 5, 5]), task, seed: 4, sampling: SAMPLING };

  it('for the policy before the run is answered by the receiver called policy', async () => {
    const known = receiverOf((question) => rightAnswer(question));
    const opened: string[] = [];
    const service = {
      open: async (id: string) => {
        opened.push(id);
        return known.receiver;
      },
      close: () => undefined,
    };
    const result = await carryOut(
      { ...order, policy: 'before', receivers: '' },
      { ...means, service },
    );
    expect(opened).toEqual(['policy']);
    expect(result.accuracy).toBe(1);
    expect(known.asked[0].budgets).toEqual([200, 200, 200]);
  });

  it('with a malformed list, or with nothing that can open receivers, is refused by its field', async () => {
    const refused = { kind: 'BadConfig', field: 'receivers' };
    for (const receivers of ['policy  policy', 'Policy', 'policy*']) {
      await expect(
        carryOut({ ...order, policy: 'now', receivers }, { ...means, service: undefined }),
      ).rejects.toMatchObject(refused);
    }
    await expect(
      carryOut({ ...order, policy: 'before', receivers: '' }, { ...means, service: undefined }),
    ).rejects.toMatchObject(refused);
  });
});
