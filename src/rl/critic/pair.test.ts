import { describe, expect, it } from 'vitest';
import { randomStream } from '../random.ts';
import { verifiedTask } from '../tasks/testing.ts';
import { isSame, pairOf, pairPrompt, shownPairs, turnedPair } from './pair.ts';

const chain = verifiedTask({
  ...{ id: 'chain', min_terms: 2, max_terms: 4, largest_term: 99, answer_apart: true },
});
const { critic } = chain;
if (!critic) throw new RangeError('chain has no critic');
const question = chain.readQuestion('3+8+5:');
const expert = ';16';

describe('a pair', () => {
  const drawn = (seed: number, policy: string) =>
    pairOf(critic, question, { expert, policy }, randomStream(seed, 'pair'));

  it('stands in an order that the seed draws, about as often one way as the other', () => {
    const prompts = Array.from({ length: 200 }, (_, seed) => {
      const pair = drawn(seed, '3+8=11,11+5=14;14');
      if (!pair) throw new RangeError('no pair');
      expect(pair.expert).toBe(pair.first === '16' ? '1' : '2');
      expect(pair).toEqual(drawn(seed, '3+8=11,11+5=14;14'));
      return pairPrompt(critic, pair);
    });
    const first = prompts.filter((prompt) => prompt === '3+8+5|16|14:').length;
    expect(prompts.filter((prompt) => prompt === '3+8+5|14|16:').length).toBe(200 - first);
    // Five standard deviations of 200 fair draws.
    expect(Math.abs(first - 100)).toBeLessThan(36);
  });

  it('shows nothing of the reasoning, the dialect or the setting of an answer', () => {
    const policies = ['3+8=11,11+5=14;14', 'd+i=bb,bb+f=be;14', 'so 3+8=11,11+5=14; (14)', ';14'];
    const pairs = policies.map((policy) => drawn(5, policy));
    for (const pair of pairs) expect(pair).toEqual(pairs[0]);
  });

  it('is none where the policy gave no answer', () => {
    for (const policy of ['', '3+8=11', '3+8=11;', ';x', ';100', ';016'])
      expect(drawn(1, policy)).toBeNull();
  });

  it('turned twice is itself, and turned once has the expert in the other place', () => {
    const pair = drawn(1, ';14');
    if (!pair) throw new RangeError('no pair');
    const other = turnedPair(pair);
    expect(other).toMatchObject({ first: pair.second, second: pair.first });
    expect(other.expert).not.toBe(pair.expert);
    expect(turnedPair(other)).toEqual(pair);
    expect(isSame(pair)).toBe(false);
  });

  it('is shown in both orders by turns, or in one', () => {
    const pair = drawn(1, ';14');
    if (!pair) throw new RangeError('no pair');
    const other = turnedPair(pair);
    expect(shownPairs(pair, 3, true)).toEqual([pair, other, pair]);
    expect(shownPairs(pair, 2, false)).toEqual([pair, pair]);
  });

  it('of equal answers is known as such', () => {
    const pair = drawn(1, '3+8=10,10+5=15; 16');
    expect(pair && isSame(pair)).toBe(true);
  });

  it('fails loudly where the expert gave no answer', () => {
    expect(() =>
      pairOf(critic, question, { expert: '', policy: ';1' }, randomStream(1, 'p')),
    ).toThrow(RangeError);
  });
});
