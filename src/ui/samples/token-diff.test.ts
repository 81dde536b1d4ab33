import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stretches, tokenDiff } from './token-diff.ts';

const pieces = fc.array(fc.constantFrom<string[]>('1', '2', '+', '=', 'and '), { maxLength: 30 });
const of = (tokens: readonly { piece: string; kind: string }[], kind: string) =>
  tokens.filter((token) => token.kind === kind).map(({ piece }) => piece);

describe('the difference of two answers', () => {
  it('keeps every token of both, and what stays is the same text on both sides', () => {
    fc.assert(
      fc.property(pieces, pieces, (before, after) => {
        const diff = tokenDiff(before, after);
        expect(diff.before.map(({ piece }) => piece)).toEqual(before);
        expect(diff.after.map(({ piece }) => piece)).toEqual(after);
        expect(of(diff.before, 'same')).toEqual(of(diff.after, 'same'));
        expect(diff.changed).toBe(of(diff.before, 'gone').length + of(diff.after, 'new').length);
      }),
    );
  });

  it('finds nothing between equal answers and one token where one was changed', () => {
    fc.assert(
      fc.property(pieces, fc.nat(), (before, at) => {
        expect(tokenDiff(before, before).changed).toBe(0);
        if (before.length === 0) return;
        const after = before.with(at % before.length, 'never');
        expect(tokenDiff(before, after).changed).toBe(2);
      }),
    );
  });

  it('marks what went and what came', () => {
    const { before, after } = tokenDiff(['3', '+', '4', '=', '8'], ['3', '+', '4', '=', '7', '!']);
    expect(stretches(before)).toEqual([
      { pieces: ['3', '+', '4', '='], kind: 'same' },
      { pieces: ['8'], kind: 'gone' },
    ]);
    expect(stretches(after)).toEqual([
      { pieces: ['3', '+', '4', '='], kind: 'same' },
      { pieces: ['7', '!'], kind: 'new' },
    ]);
  });
});
