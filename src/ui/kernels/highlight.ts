/** Splits WGSL into coloured pieces, line by line. Simple on purpose: comments, words, types, numbers, attributes, template lines. */

export type Tone = 'plain' | 'note' | 'key' | 'type' | 'num';

export interface Piece {
  readonly tone: Tone;
  readonly text: string;
}

const KEYS = new Set(
  'alias break case const const_assert continue continuing default diagnostic discard else enable fn for if let loop override private read read_write requires return storage struct switch uniform var while workgroup'.split(
    ' ',
  ),
);
const TYPE = /^(?:array|atomic|bool|f16|f32|i32|u32|mat\dx\d[fh]?|ptr|vec\d[fhiu]?)$/;
const TOKEN = /(\/\/.*$)|(\$\{[^}]*\})|(@\w+)|(\b\d[\w.]*)|(\b[A-Za-z_]\w*)|([^\w@$/]+|.)/g;

/** The pieces of one line; neighbours of one tone are joined. Block comments are not known: no kernel has any. */
export function highlightLine(line: string): Piece[] {
  const pieces: { tone: Tone; text: string }[] = [];
  for (const [text, note, hole, attribute, number, word] of line.matchAll(TOKEN)) {
    let tone: Tone = 'plain';
    if (note !== undefined) tone = 'note';
    else if (hole !== undefined || number !== undefined) tone = 'num';
    else if (attribute !== undefined) tone = 'type';
    else if (word !== undefined) tone = KEYS.has(word) ? 'key' : TYPE.test(word) ? 'type' : 'plain';
    const last = pieces.at(-1);
    if (last?.tone === tone) last.text += text;
    else pieces.push({ tone, text });
  }
  return pieces;
}

/** The lines of `text` that `original` does not have at all, by number from 0. */
export function changedLines(original: string, text: string): ReadonlySet<number> {
  const known = new Set(original.split('\n'));
  const changed = new Set<number>();
  text.split('\n').forEach((line, i) => {
    if (!known.has(line)) changed.add(i);
  });
  return changed;
}
