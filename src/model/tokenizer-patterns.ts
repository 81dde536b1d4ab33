/**
 * Refuses tokenizers whose patterns could run forever. The regular expression engine backtracks and cannot be interrupted, so a
 * pattern must be known to end: `(a+)+$` tries 2^n ways through n letters. The patterns of published tokenizers repeat characters,
 * not groups with alternatives, so all of them obey this rule:
 *
 * - a group that can repeat more than once has one length and no alternatives, and there are no backreferences;
 * - an alternative has at most two repetitions without a small bound, so that n characters take about n^3 steps at worst.
 *
 * Replacements are bounded too: forty that each write `aa` for `a` would double the text forty times.
 */

/** A repetition of at most this many times counts as bounded. */
const SMALL = 16;
const MOST_REPETITIONS = 2;
/** The factor by which all replacements together may lengthen a text. */
const MOST_GROWTH = 2 ** 16;

/** What part of a pattern may do. */
interface Part {
  /** It can match texts of different lengths. */
  readonly varies: boolean;
  readonly branches: boolean;
  /** Repetitions without a small bound in its worst alternative. */
  readonly repetitions: number;
}

const CHARACTER: Part = { varies: false, branches: false, repetitions: 0 };

/** Why a pattern (the source of a RegExp with the flag u) is refused; null if it is known to end. */
export function slowPattern(source: string): string | null {
  const reader = new Reader(source);
  const { repetitions } = reader.alternatives();
  if (reader.problem === null && repetitions > MOST_REPETITIONS) {
    return `repeats without bound ${repetitions} times in a row`;
  }
  return reader.problem;
}

/** Reads a pattern by recursive descent. The engine has already compiled it, so its syntax is valid. */
class Reader {
  problem: string | null = null;
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  alternatives(): Part {
    let count = 1;
    let worst = this.#sequence();
    while (this.#source[this.#at] === '|') {
      this.#at += 1;
      count += 1;
      const next = this.#sequence();
      worst = {
        varies: worst.varies || next.varies,
        branches: worst.branches || next.branches,
        repetitions: Math.max(worst.repetitions, next.repetitions),
      };
    }
    return { ...worst, branches: worst.branches || count > 1 };
  }

  #sequence(): Part {
    let whole = CHARACTER;
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at])) {
      const part = this.#repeated(this.#atom());
      whole = {
        varies: whole.varies || part.varies,
        branches: whole.branches || part.branches,
        repetitions: whole.repetitions + part.repetitions,
      };
    }
    return whole;
  }

  #atom(): Part {
    const next = this.#source[this.#at];
    if (next === '(') return this.#group();
    if (next === '[') {
      for (this.#at += 1; this.#source[this.#at] !== ']'; this.#at += 1) {
        if (this.#source[this.#at] === '\\') this.#at += 1;
        if (this.#at >= this.#source.length) break;
      }
      this.#at += 1;
    } else if (next === '\\') {
      const escaped = /\\(?:[pPu]\{[^}]*\}|k<[^>]*>|[1-9]\d*|.)/suy;
      escaped.lastIndex = this.#at;
      const [text = '\\'] = escaped.exec(this.#source) ?? [];
      if (/^\\[1-9k]/.test(text)) this.problem ??= 'refers back to what it matched';
      this.#at += text.length;
    } else this.#at += 1;
    return CHARACTER;
  }

  #group(): Part {
    const opening = /\((?:\?(?:<?[=!]|<[^>]*>|[a-z-]*:))?/y;
    opening.lastIndex = this.#at;
    const [text = '('] = opening.exec(this.#source) ?? [];
    this.#at += text.length;
    const part = this.alternatives();
    this.#at += 1;
    return part;
  }

  #repeated(part: Part): Part {
    const quantifier = /(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/y;
    quantifier.lastIndex = this.#at;
    const found = quantifier.exec(this.#source);
    if (!found) return part;
    const [text, least, comma, most] = found;
    this.#at += text.length;
    if (text.startsWith('?')) return { ...part, varies: true };
    const from = least === undefined ? Number(text[0] === '+') : Number(least);
    const to = comma === '' ? from : Number(most || Number.POSITIVE_INFINITY);
    if (to > 1 && (part.varies || part.branches)) {
      this.problem ??= 'repeats a group that can match in several ways';
    }
    const repetitions = part.repetitions + Number(to > SMALL);
    return { varies: part.varies || from !== to, branches: part.branches, repetitions };
  }
}

/** Every pattern in an object made from a tokenizer.json, whatever its parts are called. */
function patternsOf(value: unknown, seen = new Set<unknown>()): RegExp[] {
  if (value instanceof RegExp) return [value];
  // Some parts of the library are functions with properties.
  const holds = typeof value === 'function' || (typeof value === 'object' && value !== null);
  if (!holds || seen.has(value)) return [];
  seen.add(value);
  return Object.values(value).flatMap((part) => patternsOf(part, seen));
}

/** The factor by which all replacements of a tokenizer.json together may lengthen a text. */
function growthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  const within = Object.values(value).reduce((product, part) => product * growthOf(part), 1);
  const { type, content, pattern } = value as Readonly<Record<string, unknown>>;
  if (type !== 'Replace') return within;
  // Anything other than text is converted to text when it is inserted.
  const text = String(content ?? '');
  // These insert the match, or all the text before or after it.
  if (/\$[`'&\d<]/.test(text)) return Number.POSITIVE_INFINITY;
  const { String: found } = (pattern ?? {}) as { String?: unknown };
  const least = typeof found === 'string' ? found.length : 0;
  // A pattern that matches the empty string inserts between all characters.
  const own = least > 0 ? Math.max(1, text.length / least) : text.length + 1;
  return within * own;
}

/**
 * Why a tokenizer might never finish; null if it is known to finish.
 * @param parts the normaliser, splitter and so on, as the library built them; nothing has been encoded with them yet
 * @param json the same parts as written in the file
 */
export function slowTokenizer(parts: readonly unknown[], json: readonly unknown[]): string | null {
  for (const { source } of patternsOf(parts)) {
    const why = slowPattern(source);
    if (why !== null) return `has a pattern that may take for ever: ${source.slice(0, 80)} ${why}`;
  }
  const growth = json.reduce<number>((product, part) => product * growthOf(part), 1);
  return growth > MOST_GROWTH ? 'has replacements that make a text longer and longer' : null;
}
