/** What OPSD pays for a token, against the divergences that it is said to descend, summed over every answer. */
import { describe, expect, it } from 'vitest';
import fixture from './fixtures/self-distillation.json' with { type: 'json' };
import { taughtTokens } from './self-distillation.ts';

const logSoftmax = (logits: readonly number[]) => {
  const total = Math.log(logits.reduce((sum, x) => sum + Math.exp(x), 0));
  return logits.map((x) => x - total);
};
const policy = fixture.policy.map(logSoftmax);
const { teacher } = fixture;
const TOKENS = teacher[0].length;
const every = Array.from({ length: TOKENS ** 2 }, (_, i) => [Math.floor(i / TOKENS), i % TOKENS]);
/** The row of logits that each of two tokens is drawn from. */
const rowsOf = ([first]: readonly number[]) => [0, 1 + first];

/** The expected gradient of -A_t log pi(y_t) by the logits, over all answers of two tokens. */
function expectedGradient(gamma: number): number[][] {
  const gradient = policy.map((row) => row.map(() => 0));
  for (const answer of every) {
    const rows = rowsOf(answer);
    const said = (table: readonly (readonly number[])[]) =>
      answer.map((token, t) => table[rows[t]][token]);
    const own = said(policy);
    const { advantages } = taughtTokens(said(teacher), own, gamma);
    const chance = Math.exp(own[0] + own[1]);
    answer.forEach((token, t) => {
      policy[rows[t]].forEach((logprob, v) => {
        const slope = Number(v === token) - Math.exp(logprob);
        gradient[rows[t]][v] -= chance * advantages[t] * slope;
      });
    });
  }
  return gradient;
}

const near = (rows: readonly (readonly number[])[]) =>
  rows.map((row) => row.map((x) => expect.closeTo(x, 12)));

describe('what a teacher pays', () => {
  it('is how much likelier it finds a token, and what follows by the discount', () => {
    const { rewards, advantages } = taughtTokens([-1, -0.5, -3], [-2, -0.5, -1], 0.5);
    expect([...rewards]).toEqual([1, 0, -2]);
    expect([...advantages]).toEqual([0.5, -1, -2]);
    expect(taughtTokens([], [], 0.5).advantages).toHaveLength(0);
    expect(() => taughtTokens([-1], [], 0)).toThrow(RangeError);
  });

  it('is minus the divergence of the policy from the teacher, in the mean over what the policy writes', () => {
    const mean = every.reduce((sum, answer) => {
      const rows = rowsOf(answer);
      const own = answer.map((token, t) => policy[rows[t]][token]);
      const { rewards } = taughtTokens(
        answer.map((token, t) => teacher[rows[t]][token]),
        own,
        0,
      );
      return sum + Math.exp(own[0] + own[1]) * (rewards[0] + rewards[1]);
    }, 0);
    expect(-mean).toBeCloseTo(fixture.divergence, 12);
  });

  it('leads down the divergence of each next token without a look ahead, as PyTorch differentiates it', () => {
    expect(expectedGradient(0)).toEqual(near(fixture.gradient_by_token));
  });

  it('leads down the divergence of whole answers where what follows counts in full', () => {
    expect(expectedGradient(1)).toEqual(near(fixture.gradient_whole));
    expect(expectedGradient(1)).not.toEqual(near(fixture.gradient_by_token));
  });
});
