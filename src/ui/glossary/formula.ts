/**
 * Formulas as people type them, read into a tree that is drawn as MathML. Names are letters (several letters are one name), `_` and `^` lower
 * and raise, braces group, `frac{a}{b}`, `sqrt{a}` and `sum_{a}^{b}` are what they say, and text stands between quotes.
 */

export type Formula =
  | { readonly kind: 'name' | 'number' | 'sign' | 'text'; readonly text: string }
  | { readonly kind: 'row' | 'root'; readonly parts: readonly Formula[] }
  | { readonly kind: 'fraction'; readonly over: Formula; readonly under: Formula }
  | {
      readonly kind: 'marked';
      readonly base: Formula;
      readonly low?: Formula;
      readonly high?: Formula;
      /** The marks stand above and below, as those of a sum. */
      readonly stacked: boolean;
    };

const TOKEN = /\s*(?:"([^"]*)"|(\p{L}+)|(\d+(?:\.\d+)?)|(.))/uy;
const SIGNS: Readonly<Record<string, string>> = { '-': '−', '*': '·' };

type Token = { readonly kind: 'text' | 'name' | 'number' | 'sign'; readonly text: string };

/** @throws RangeError where braces do not match or a command lacks its parts: formulas are part of the program */
export function readFormula(text: string): Formula {
  const tokens = tokensOf(text);
  let at = 0;
  const row = (end: string | null): Formula => {
    const parts: Formula[] = [];
    while (at < tokens.length && !isSign(tokens[at], end)) parts.push(marked());
    if (end !== null && at++ >= tokens.length) throw new RangeError(`${end} is missing in ${text}`);
    return parts.length === 1 ? parts[0] : { kind: 'row', parts };
  };
  const group = (): Formula => {
    if (!isSign(tokens[at], '{')) return one();
    at += 1;
    return row('}');
  };
  const one = (): Formula => {
    const token = tokens[at++];
    if (!token || isSign(token, '}')) throw new RangeError(`something is missing in ${text}`);
    if (isSign(token, '{')) return row('}');
    if (token.kind !== 'name') return token;
    if (token.text === 'frac') return { kind: 'fraction', over: group(), under: group() };
    if (token.text === 'sqrt') return { kind: 'root', parts: [group()] };
    return token.text === 'sum' ? { kind: 'sign', text: '∑' } : token;
  };
  const marked = (): Formula => {
    const base = one();
    const marks: { low?: Formula; high?: Formula } = {};
    for (let mark = tokens[at]; isSign(mark, '_') || isSign(mark, '^'); mark = tokens[at]) {
      at += 1;
      marks[mark.text === '_' ? 'low' : 'high'] = group();
    }
    if (!marks.low && !marks.high) return base;
    return { kind: 'marked', base, ...marks, stacked: base.kind === 'sign' };
  };
  const whole = row(null);
  return whole;
}

function tokensOf(text: string): Token[] {
  const kinds = ['text', 'name', 'number', 'sign'] as const;
  const trimmed = text.trimEnd();
  const out: Token[] = [];
  const token = new RegExp(TOKEN);
  for (let found = token.exec(trimmed); found; found = token.exec(trimmed)) {
    const kind = kinds.findIndex((_, i) => found?.[i + 1] !== undefined);
    const said = found[kind + 1];
    out.push({ kind: kinds[kind], text: kinds[kind] === 'sign' ? (SIGNS[said] ?? said) : said });
  }
  return out;
}

function isSign(token: Token | undefined, sign: string | null): boolean {
  return token?.kind === 'sign' && token.text === sign;
}
