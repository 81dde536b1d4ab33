/** A piece of a token: plain text, or a character that would not be seen and is shown as a mark. */
export interface Piece {
  readonly kind: 'text' | 'space' | 'break' | 'mark';
  /** What stands in the page: the character itself for text, space and break, its code point for a mark. */
  readonly text: string;
}

/** Longest token text that is shown whole. */
const LONGEST = 60;

/**
 * Splits a token's text so that nothing in it is invisible or moves other text: spaces, tabs and line breaks keep their
 * character (so that copied text is the text) and get a mark drawn over them; control characters, direction marks,
 * zero-width and lone surrogate code points are replaced by their number, as in U+202E.
 */
export function visiblePieces(text: string): Piece[] {
  const points = [...text];
  const shown = points.length > LONGEST ? points.slice(0, LONGEST) : points;
  const pieces: Piece[] = [];
  for (const point of shown) {
    const kind = kindOf(point);
    const piece = { kind, text: kind === 'mark' ? codePoint(point) : point };
    const last = pieces.at(-1);
    if (kind === 'text' && last?.kind === 'text') {
      pieces[pieces.length - 1] = { kind, text: last.text + point };
    } else pieces.push(piece);
  }
  if (points.length > LONGEST) {
    pieces.push({ kind: 'mark', text: ` … ${points.length - LONGEST} more characters` });
  }
  return pieces;
}

/** A token in words, for a tooltip or a table: spaces and breaks named. */
export function spoken(text: string): string {
  if (text === ' ') return 'space';
  if (text === '\n') return 'line break';
  if (text === '\t') return 'tab';
  return visiblePieces(text)
    .map((piece) => (piece.kind === 'break' ? '↵' : piece.kind === 'space' ? '·' : piece.text))
    .join('');
}

function kindOf(point: string): Piece['kind'] {
  if (point === ' ' || point === '\t') return 'space';
  if (point === '\n') return 'break';
  // Other, and separators other than the plain space: controls, format and direction marks, surrogates, private use.
  if (/[\p{C}\p{Z}]/u.test(point)) return 'mark';
  // A combining mark alone at the start of a token would sit on the token before it; it is left to the font.
  return 'text';
}

function codePoint(point: string): string {
  return `U+${(point.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Tokens in lines that break between words only: an index range for each word or stretch of white space. */
export interface Word {
  readonly from: number;
  readonly to: number;
  readonly space: boolean;
}

/** Groups tokens into words: a token of white space stands alone, one that begins with it begins a word. */
export function words(tokens: readonly string[]): Word[] {
  const out: Word[] = [];
  tokens.forEach((token, i) => {
    const space = token.length > 0 && token.trim() === '';
    const last = out.at(-1);
    if (space || !last || last.space || /^\s/.test(token)) {
      out.push({ from: i, to: i + 1, space });
    } else out[out.length - 1] = { ...last, to: i + 1 };
  });
  return out;
}
