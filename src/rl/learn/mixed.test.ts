/** A mixed update is the weighted sum of its parts, each computed alone, however it is cut. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PackedBatch } from '../../model/batch.ts';
import type { Coefficients, Learner, TokenScores } from '../../model/learner.ts';
import type { Example } from './example.ts';
import { type LearnOptions, type Loss, learn } from './learn.ts';
import { mixed, type Part } from './mixed.ts';
import { adamw } from './optimizer.ts';

/** A learner whose log-probs and values follow from the tokens, which keeps the gradient of every update by token id. */
function knownLearner() {
  const updates: Record<'logprob' | 'entropy' | 'value', Map<number, number>>[] = [];
  const fresh = () => ({ logprob: new Map(), entropy: new Map(), value: new Map() });
  let sums: (typeof updates)[number] = fresh();
  const learner = {
    async accumulate(batch: PackedBatch, of: (scores: TokenScores) => Coefficients) {
      const ids = batch.targets.subarray(0, batch.targetCount);
      const logprobs = Float32Array.from(ids, (id) => -id / 7);
      const given = of({ logprobs, entropies: logprobs.map((x) => -x), values: logprobs });
      for (const name of ['logprob', 'entropy', 'value'] as const)
        ids.forEach((id, t) => {
          const own = given[name]?.[t] ?? 0;
          if (own !== 0) sums[name].set(id, (sums[name].get(id) ?? 0) + own);
        });
    },
    async update() {
      updates.push(sums);
      sums = fresh();
      return { gradNorm: 1, finite: true };
    },
  };
  return { updates, learner: learner as unknown as Learner };
}

const optimizer = () => adamw({} as Parameters<typeof adamw>[0], 0, 1);
const plan = { microBatchTokens: 12, tokenBucket: 4 };

async function gradients(
  { examples, loss }: { examples: readonly Example[]; loss: Loss },
  more: Partial<LearnOptions> = {},
) {
  const { learner, updates } = knownLearner();
  const { logprobs } = await learn(learner, examples, loss, { plan, optimizer, ...more });
  return { updates, logprobs };
}

/** Minus the weighted mean over all tokens of the update, by a column that only these examples have. */
const policyLoss: Loss = (update) => {
  const tokens = update.reduce((sum, { completion }) => sum + completion.length, 0);
  return ({ logp, column }) => {
    const advantage = column('advantage') ?? new Float64Array();
    return {
      loss: -advantage.reduce((sum, a, t) => sum + a * logp[t], 0) / tokens,
      coefficients: advantage.map((a) => -a / tokens),
      entropyCoefficients: advantage.map(() => 0.5 / tokens),
    };
  };
};

/** A mean over examples of squared values: no coefficient of log-probs, and another divisor. */
const valueLoss: Loss = (update) => (part) => {
  const wanted = part.column('wanted') ?? new Float64Array();
  const off = wanted.map((w, t) => (part.values?.[t] ?? Number.NaN) - w);
  return {
    loss: off.reduce((sum, x) => sum + x * x, 0) / update.length,
    valueCoefficients: off.map((x) => (2 * x) / update.length),
  };
};

/** Examples with one column, whose tokens are found nowhere else. */
function examplesOf(lengths: readonly number[], column: string, from: number): Example[] {
  let id = from;
  return lengths.map((length, group) => ({
    ...{ role: column, group, truncated: false, prompt: [1] },
    completion: Array.from({ length }, () => id++),
    columns: { [column]: Array.from({ length }, (_, t) => group + t / 4 - 1) },
  }));
}

const lengths = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 8 });
const weights = fc.constantFrom(1, 1 / 9, 8 / 9, -2, 0.3);

/** The gradient of one part alone, times its weight. */
async function alone({ examples, loss, weight }: Part) {
  if (examples.length === 0) return [];
  const { updates } = await gradients({ examples, loss });
  const [{ logprob, entropy, value }] = updates;
  return [logprob, entropy, value].map((sums) =>
    [...sums].map(([id, sum]) => [id, weight * sum] as const),
  );
}

describe('a mixed update', () => {
  it('has the weighted gradient of each part as if it were alone, in one optimiser step', async () => {
    await fc.assert(
      fc.asyncProperty(lengths, lengths, weights, weights, async (own, other, a, b) => {
        fc.pre(own.length + other.length > 0);
        const policy = { examples: examplesOf(own, 'advantage', 2), loss: policyLoss, weight: a };
        const critic = { examples: examplesOf(other, 'wanted', 100), loss: valueLoss, weight: b };
        const both = mixed([policy, critic]);
        const { updates, logprobs } = await gradients(both);
        expect(updates.length).toBe(1);
        const [first, second] = [await alone(policy), await alone(critic)];
        const { logprob, entropy, value } = updates[0];
        [logprob, entropy, value].forEach((sums, k) => {
          const wanted = new Map([...(first[k] ?? []), ...(second[k] ?? [])]);
          expect([...sums.keys()].sort()).toEqual([...wanted.keys()].sort());
          for (const [id, sum] of sums) expect(sum).toBeCloseTo(wanted.get(id) ?? Number.NaN, 12);
        });
        const rows = both.split(logprobs);
        expect(rows.map((part) => part.map(({ length }) => length))).toEqual([own, other]);
      }),
      { numRuns: 50 },
    );
  });

  it('keeps its parts apart in minibatches and in later passes', async () => {
    const seen: string[] = [];
    const watched =
      (name: string): Loss =>
      (update) => {
        seen.push(`${name} ${update.length}`);
        return ({ column, logp }) => {
          seen.push(`${name} ${column('old')?.length ?? 'none'}`);
          return { loss: 0, coefficients: Array.from(logp, () => 0) };
        };
      };
    const { examples, loss } = mixed([
      { examples: examplesOf([1, 2], 'a', 2), loss: watched('a'), weight: 1 },
      { examples: examplesOf([3], 'b', 50), loss: watched('b'), weight: 1 },
    ]);
    const parts = [[0], [1, 2]];
    await gradients({ examples, loss }, { passes: 2, fill: 'old', minibatches: () => parts });
    const pass = (old: readonly (string | number)[]) =>
      ['a 1', `a ${old[0]}`, 'a 1', 'b 1', `a ${old[1]}`, `b ${old[2]}`] as const;
    expect(seen).toEqual([...pass(['none', 'none', 'none']), ...pass([1, 2, 3])]);
  });

  it('numbers groups and pairs on from part to part', () => {
    const paired = examplesOf([1, 1], 'a', 2).map((example) => ({ ...example, pair: 0 }));
    const one = { loss: policyLoss, weight: 1 };
    const { examples } = mixed([
      { ...one, examples: paired },
      { ...one, examples: examplesOf([1], 'a', 9) },
      { ...one, examples: paired },
    ]);
    expect(examples.map(({ group }) => group)).toEqual([0, 1, 2, 3, 4]);
    expect(examples.map(({ pair }) => pair)).toEqual([0, 0, undefined, 1, 1]);
  });

  it('refuses a weight that is no number', () => {
    const part = { examples: [], loss: policyLoss, weight: Number.NaN };
    expect(() => mixed([part])).toThrow(RangeError);
  });
});
