import { describe, expect, it } from 'vitest';
import { tokenizer } from '../methods/testing.ts';
import { separatedSteps } from '../tasks/step-text.ts';
import { fillBack, type Granularity, readPlaces, stepEnds } from './granularity.ts';

const places = (granularity: Granularity, length: number, interval = 3, ends: number[] = []) =>
  readPlaces(length, ends, { granularity, interval });

describe('the places where a reward is read', () => {
  it('are the last token, every token, or every n-th and the last', () => {
    expect(places('sparse', 5)).toEqual([4]);
    expect(places('dense', 3)).toEqual([0, 1, 2]);
    expect(places('interval', 8)).toEqual([2, 5, 7]);
    expect(places('interval', 6)).toEqual([2, 5]);
    expect(places('interval', 2, 15)).toEqual([1]);
  });

  it('are the ends of steps and the last token, once where these are one', () => {
    expect(places('step', 6, 1, [1, 4])).toEqual([1, 4, 5]);
    expect(places('step', 6, 1, [1, 5])).toEqual([1, 5]);
    expect(places('step', 3)).toEqual([2]);
  });

  it.each(['sparse', 'step', 'interval', 'dense'] as const)(
    'of one token are that token, and of none there are none (%s)',
    (granularity) => {
      expect(places(granularity, 1, 3, [0])).toEqual([0]);
      expect(places(granularity, 0)).toEqual([]);
    },
  );

  it('refuse an interval of nothing and an end outside of the completion', () => {
    expect(() => places('interval', 4, 0)).toThrow(RangeError);
    expect(() => places('step', 4, 1, [4])).toThrow(RangeError);
  });
});

describe('the ends of steps', () => {
  it('are the tokens of their separators, and the token before the end token', () => {
    const text = '1+2=3,3+4=7;7';
    const completionIds = [...tokenizer.encode(text), 2];
    const written = { text, completionIds, truncated: false };
    const ends = stepEnds(written, tokenizer, separatedSteps(text));
    expect(ends.map((end) => tokenizer.tokenText(completionIds[end]))).toEqual([',', ';', '7']);
    expect(ends[2]).toBe(completionIds.length - 2);
    expect(stepEnds({ text: '', completionIds: [2], truncated: false }, tokenizer, [])).toEqual([]);
  });

  it('are one where two steps end within one token', () => {
    const words = { tokenText: () => 'a,b,c', decode: () => 'a,b,c' };
    const written = { text: 'a,b,c', completionIds: [7, 2], truncated: false };
    expect(stepEnds(written, words, separatedSteps('a,b,c'))).toEqual([0]);
  });
});

describe('filling back', () => {
  it('gives every token what is read at the end of its stretch', () => {
    expect([...fillBack([9, 8, 1, 7, 6, 2, 3], [2, 5, 6])]).toEqual([1, 1, 1, 2, 2, 2, 3]);
    expect([...fillBack([5, 6, 4], [2])]).toEqual([4, 4, 4]);
    expect([...fillBack([], [])]).toEqual([]);
  });

  it('refuses places that leave tokens without a number', () => {
    expect(() => fillBack([1, 2, 3], [0, 1])).toThrow(RangeError);
  });
});
