import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spoken, visiblePieces, words } from './visible-text.ts';

describe('visible text', () => {
  it('keeps spaces and breaks as themselves, so that copied text is the text', () => {
    expect(visiblePieces('a b\n')).toEqual([
      { kind: 'text', text: 'a' },
      { kind: 'space', text: ' ' },
      { kind: 'text', text: 'b' },
      { kind: 'break', text: '\n' },
    ]);
  });

  it('replaces direction marks, controls, zero-width characters and lone surrogates by their number', () => {
    for (const [char, name] of [
      ['\u202e', 'U+202E'],
      ['\u2066', 'U+2066'],
      ['\u0007', 'U+0007'],
      ['\u200b', 'U+200B'],
      ['\u00a0', 'U+00A0'],
      ['\ud800', 'U+D800'],
      ['\r', 'U+000D'],
    ]) {
      expect(visiblePieces(`x${char}y`)).toEqual([
        { kind: 'text', text: 'x' },
        { kind: 'mark', text: name },
        { kind: 'text', text: 'y' },
      ]);
    }
  });

  it('leaves no character of the kinds that hide or move text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (text) => {
        for (const piece of visiblePieces(text)) {
          const allowed = piece.kind === 'space' || piece.kind === 'break';
          expect(allowed || !/[\p{C}\u2028\u2029]/u.test(piece.text)).toBe(true);
        }
      }),
    );
  });

  it('caps very long tokens and says how much is left', () => {
    const pieces = visiblePieces('a'.repeat(100));
    expect(pieces.at(-1)).toEqual({ kind: 'mark', text: ' … 40 more characters' });
  });

  it('breaks lines between words only, and every token is in exactly one word', () => {
    expect(words(['5', '*', '2', ' ', '1', '0'])).toEqual([
      { from: 0, to: 3, space: false },
      { from: 3, to: 4, space: true },
      { from: 4, to: 6, space: false },
    ]);
    expect(words(['the', ' cat', 's'])).toEqual([
      { from: 0, to: 1, space: false },
      { from: 1, to: 3, space: false },
    ]);
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', ' ', ' b', '\n', 'cd', '')), (tokens) => {
        const covered = words(tokens).flatMap(({ from, to }) =>
          Array.from({ length: to - from }, (_, i) => from + i),
        );
        expect(covered).toEqual(tokens.map((_, i) => i));
      }),
    );
  });

  it('names what cannot be seen', () => {
    expect([' ', '\n', '\t', ' a'].map(spoken)).toEqual(['space', 'line break', 'tab', '·a']);
  });
});
