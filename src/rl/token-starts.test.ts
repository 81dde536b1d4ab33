import { expect, it } from 'vitest';
import { tokenStarts } from './token-starts.ts';

/** Pieces as tokens; id 0 ends a text, and id 9 is a special token without text. */
const PIECES = ['<end>', 'so', ' let', '7', ' ', '', '', '', '', '<odd>'];
const tokenizer = {
  tokenText: (id: number) => PIECES[id],
  decode: (ids: ArrayLike<number>) =>
    Array.from(ids, (id) => (id === 0 || id === 9 ? '' : PIECES[id])).join(''),
};
const startsOf = (completionIds: number[], truncated = false) =>
  tokenStarts({ completionIds, truncated, text: tokenizer.decode(completionIds) }, tokenizer);

it('tokens begin where the ones before them end, and the end token is left out', () => {
  expect(startsOf([1, 2, 4, 3, 0])).toEqual([0, 2, 6, 7]);
  expect(startsOf([1, 2], true)).toEqual([0, 2]);
  expect(startsOf([0])).toEqual([]);
});

it('a special token in the middle has no characters', () => {
  expect(startsOf([1, 9, 3, 0])).toEqual([0, 2, 2]);
});
