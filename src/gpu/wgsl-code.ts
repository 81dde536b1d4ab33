/**
 * Reads WGSL just far enough to find its functions, loops and calls. It follows the grammar of the WGSL specification (sections 3.2 to 3.8:
 * white space, comments, identifiers), since what this reader takes for a comment and a compiler for code would be code that nobody looked at.
 */
import { BatonError } from '../errors.ts';

/** A part of a text: from `from`, up to and without `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A loop of any kind. The span begins at its keyword; `brace` is where its body opens. */
export interface Loop extends Span {
  readonly brace: number;
}

/** A call of a function of the same text. */
export interface Call {
  readonly name: string;
  readonly at: number;
  /** Just behind the opening parenthesis. */
  readonly open: number;
}

/** A function. The span is its body, which opens at `from`. */
export interface WgslFunction extends Span {
  readonly name: string;
  /** Nothing calls an entry point; it begins an invocation. */
  readonly entry: boolean;
  /** Just behind the parenthesis that opens its parameters. */
  readonly parameters: number;
  readonly loops: readonly Loop[];
  readonly calls: readonly Call[];
}

/** What a text may be. A reader writes it, so reading it must not take for ever; the longest kernel of Baton has some 70,000 characters. */
export const CODE_LIMITS = { characters: 2 ** 20, functions: 512, loops: 1024 } as const;

/** What ends a comment of one line. A carriage return with a line feed is one break, and ends it all the same. */
const LINE_BREAK = /[\n\v\f\r\u0085\u2028\u2029]/g;
const BLANK = '[\\s\\u0085\\u200e\\u200f]*';
const WORD = '(?<![\\p{XIDC}])';
const LOOP = new RegExp(`${WORD}(?:for|while|loop)(?![\\p{XIDC}])`, 'gu');
const FUNCTION = new RegExp(
  `${WORD}fn(?![\\p{XIDC}])${BLANK}([\\p{XIDS}_][\\p{XIDC}]*)${BLANK}\\(`,
  'gu',
);
const CALL = new RegExp(`(?<![\\p{XIDC}])([\\p{XIDS}_][\\p{XIDC}]*)${BLANK}\\(`, 'gu');
const ENTRY = new RegExp(`@${BLANK}(?:compute|vertex|fragment)(?![\\p{XIDC}])`, 'u');

/** Where the block comment that opens at `at` ends; comments of WGSL nest. */
function blockEnd(source: string, at: number): number {
  const mark = /\/\*|\*\//g;
  mark.lastIndex = at + 2;
  let depth = 1;
  for (let found = mark.exec(source); found; found = mark.exec(source)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return mark.lastIndex;
  }
  return source.length;
}

/**
 * The text with blanks in the place of its comments, and a line feed as its only line break. Nothing moves; line feeds stay. What
 * rewrites or reads the text later cannot take code for a comment any more, nor the other way round.
 * @throws ShaderError for a text that is too long
 */
export function withoutComments(source: string): string {
  const { length } = source;
  if (length > CODE_LIMITS.characters) throw unreadable(`it has ${length} characters`);
  const start = /\/[/*]/g;
  let out = '';
  let at = 0;
  for (let found = start.exec(source); found; found = start.exec(source)) {
    out += source.slice(at, found.index);
    LINE_BREAK.lastIndex = found.index;
    const lineEnd = () => LINE_BREAK.exec(source)?.index ?? source.length;
    at = found[0] === '//' ? lineEnd() : blockEnd(source, found.index);
    out += source.slice(found.index, at).replace(/[^\n]/g, ' ');
    start.lastIndex = at;
  }
  return (out + source.slice(at)).replace(LINE_BREAK, (end) => (end === '\n' ? end : ' '));
}

/** The first of a character outside parentheses. */
function outsideParentheses(code: string, wanted: string, from: number): number {
  let depth = 0;
  for (let at = from; at < code.length; at++) {
    if (depth === 0 && code[at] === wanted) return at;
    if (code[at] === '(') depth += 1;
    else if (code[at] === ')') depth -= 1;
    if (depth < 0) break;
  }
  throw unreadable(`${wanted} is missing`);
}

/** Just behind the brace that closes the one at `from`. */
function blockAfter(code: string, from: number): number {
  let depth = 0;
  for (let at = from; at < code.length; at++) {
    if (code[at] === '{') depth += 1;
    else if (code[at] === '}') depth -= 1;
    if (depth === 0) return at + 1;
  }
  throw unreadable('a brace is not closed');
}

function isWithin({ from, to }: Span, at: number): boolean {
  return from <= at && at < to;
}

/** All matches, if they are at most `most`. */
function within(most: number, matches: Iterable<RegExpExecArray>, what: string): RegExpExecArray[] {
  const all = [...matches];
  if (all.length > most) throw unreadable(`it has ${all.length} ${what}, more than ${most}`);
  return all;
}

/**
 * The functions of a text without comments, in order.
 * @throws ShaderError where a function or loop cannot be made out; a compiler would refuse such a text
 */
export function functionsOf(code: string): WgslFunction[] {
  const heads = within(CODE_LIMITS.functions, code.matchAll(FUNCTION), 'functions');
  const words = within(CODE_LIMITS.loops, code.matchAll(LOOP), 'loops');
  const found: Omit<WgslFunction, 'calls'>[] = [];
  let end = 0;
  const loops = words.map(({ index }): Loop => {
    const brace = outsideParentheses(code, '{', index);
    return { from: index, brace, to: blockAfter(code, brace) };
  });
  for (const match of heads) {
    const parameters = match.index + match[0].length;
    const from = outsideParentheses(code, '{', outsideParentheses(code, ')', parameters) + 1);
    const body = { from, to: blockAfter(code, from) };
    const entry = ENTRY.test(code.slice(end, match.index));
    const own = loops.filter((loop) => isWithin(body, loop.from));
    found.push({ name: match[1], entry, parameters, ...body, loops: own });
    end = body.to;
  }
  const inside = found.reduce((sum, { loops }) => sum + loops.length, 0);
  if (inside !== loops.length) throw unreadable('a loop stands outside of functions');
  const names = new Set(found.map(({ name }) => name));
  const calls = [...code.matchAll(CALL)]
    .map((match): Call => {
      const [text, name] = match;
      return { name, at: match.index, open: match.index + text.length };
    })
    // An attribute may be called as a function is.
    .filter(({ name, at }) => names.has(name) && !code.slice(0, at).trimEnd().endsWith('@'));
  return found.map((one) => ({ ...one, calls: calls.filter(({ at }) => isWithin(one, at)) }));
}

export function unreadable(why: string): BatonError {
  return new BatonError({
    kind: 'ShaderError',
    message: `The loops of this kernel cannot be bounded: ${why}`,
    remedy: 'Nothing was started. Change the kernel, or restore the original.',
  });
}
