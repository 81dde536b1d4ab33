/**
 * Expands a WGSL template. Five forms, each understandable at a glance, so that a kernel stays readable as WGSL:
 *
 *   ${EXPR}                          an integer expression of the constants: + - * / % and parentheses
 *   //% for i in FROM..TO  //% end   repeats the lines between with i = FROM .. TO-1
 *   //% unroll i in FROM..TO unless EXPR, then to END  //% end   the same; if EXPR holds, a loop of WGSL from FROM to END
 *                                    with the lines in it once (END is WGSL, and data: with a constant a driver would unroll the loop again)
 *   ${x[i]}                          element i of registers x: the name x3 where i is the number 3, x[i] in a loop that stayed a loop
 *   //% if EXPR  //% else  //% end   keeps one branch; EXPR may compare with == != < > <= >=
 *
 * Register tiles are unrolled in the text because software adapters keep indexed private arrays in memory. But their compile time grows
 * faster than the text, so there the widest tiles stay loops. What several templates share is included: @see wgsl-include.ts
 */
import { BatonError } from '../errors.ts';

export type TemplateConstants = Readonly<Record<string, number | string>>;

/** Turns a template and its constants into WGSL, in place of `expandTemplate`. */
export type TemplateExpander = (source: string, constants: TemplateConstants) => string;
let interceptor: TemplateExpander | null = null;

/**
 * Lets every later expansion in this worker go through `next`; null ends that. The kernel laboratory tries changed templates this way, in a
 * worker of its own where nothing trains.
 */
export function interceptTemplates(next: TemplateExpander | null): void {
  interceptor = next;
}

/** Lets what `work` expands go through `next`, and nothing else, since `work` does not wait. */
export function expandingWith<T>(next: TemplateExpander, work: () => T): T {
  const before = interceptor;
  interceptor = next;
  try {
    return work();
  } finally {
    interceptor = before;
  }
}

/** Most texts kept of one template; a model needs a few. */
const MAX_TEXTS = 64;
const texts = new Map<string, Map<string, string>>();

/** The text of a kernel from its template. @throws ShaderError naming the line of a malformed directive or unknown name */
export function expandWgsl(source: string, constants: TemplateConstants): string {
  return interceptor ? interceptor(source, constants) : expandOnce(source, constants);
}

/** As `expandTemplate`, but a text is made once and kept: every recording of a new shape asks for all its kernels again. */
export function expandOnce(source: string, constants: TemplateConstants): string {
  const known = texts.get(source) ?? new Map<string, string>();
  texts.set(source, known);
  const key = Object.entries(constants).join();
  const text = known.get(key) ?? expandTemplate(source, constants);
  if (known.size >= MAX_TEXTS) known.clear();
  known.set(key, text);
  return text;
}

/** What a template may be. Readers write them too, so expanding one has to end, whatever it says. */
export const TEMPLATE_LIMITS = {
  /** Each of Baton's has less than 20,000. */
  characters: 2 ** 18,
  lineCharacters: 2048,
  /** Lines and turns of loops that one expansion goes through. */
  work: 2 ** 17,
  /** Directives, parentheses and signs inside one another. */
  depth: 64,
  /** Of the text that comes out. */
  expanded: 2 ** 20,
} as const;

/**
 * Expands `source` with `constants`.
 * @throws ShaderError naming the line of a malformed directive or unknown name, or where it goes beyond `TEMPLATE_LIMITS`
 */
export function expandTemplate(source: string, constants: TemplateConstants): string {
  const { characters, lineCharacters, expanded } = TEMPLATE_LIMITS;
  if (source.length > characters) throw bad(0, `it has ${source.length} characters`);
  const lines = source.split('\n');
  const long = lines.findIndex(({ length }) => length > lineCharacters);
  if (long !== -1) throw bad(long, `the line has ${lines[long].length} characters`);
  const [text, end] = block({ lines, work: 0, depth: 0 }, 0, { ...constants }, true);
  if (end !== lines.length) throw bad(end, 'an `end` without its beginning');
  const whole = text.join('\n');
  if (whole.length > expanded) throw bad(0, `it expands to ${whole.length} characters`);
  return whole;
}

type Scope = Record<string, number | string>;

/** A template and how far its expansion has come. */
interface Source {
  readonly lines: readonly string[];
  work: number;
  depth: number;
}

/** Counts a line or a turn. */
function spend(source: Source, at: number): void {
  source.work += 1;
  if (source.work > TEMPLATE_LIMITS.work) throw bad(at, 'the loops of the template go on too long');
}

/** Expands lines from `at` to the matching `else` or `end`; returns the text and the index it stopped at. */
function block(source: Source, at: number, scope: Scope, keep: boolean): [string[], number] {
  const { lines } = source;
  const out: string[] = [];
  while (at < lines.length) {
    spend(source, at);
    const line = lines[at] ?? '';
    const directive = /^\s*\/\/%\s*(.*?)\s*$/.exec(line)?.[1];
    if (directive === undefined) {
      if (keep) out.push(substitute(line, scope, at));
      at += 1;
    } else if (directive === 'end' || directive === 'else') {
      return [out, at];
    } else if (/^(?:for|unroll|if) /.test(directive)) {
      at = inner(source, at, directive, scope, keep, out);
    } else if (directive.startsWith('include')) {
      throw bad(at, 'includes are put in when kernels are loaded; write the lines themselves');
    } else {
      throw bad(at, `unknown directive "${directive}"`);
    }
  }
  return [out, at];
}

/** A directive that has lines of its own. */
function inner(
  source: Source,
  at: number,
  directive: string,
  scope: Scope,
  keep: boolean,
  out: string[],
): number {
  source.depth += 1;
  if (source.depth > TEMPLATE_LIMITS.depth) throw bad(at, 'directives are nested too deeply');
  const take = directive.startsWith('for ')
    ? repeat
    : directive.startsWith('unroll ')
      ? unroll
      : branch;
  const end = take(source, at, directive, scope, keep, out);
  source.depth -= 1;
  return end;
}

function repeat(
  source: Source,
  at: number,
  directive: string,
  scope: Scope,
  keep: boolean,
  out: string[],
): number {
  const match = /^for (\w+) in (.+)\.\.(.+)$/.exec(directive);
  if (!match) throw bad(at, `cannot read "${directive}"`);
  const [, name = '', from = '', to = ''] = match;
  const first = keep ? evaluate(from, scope, at) : 0;
  const last = keep ? evaluate(to, scope, at) : 0;
  let [, end] = block(source, at + 1, scope, false);
  for (let i = first; i < last; i++) {
    spend(source, at);
    const [text, stop] = block(source, at + 1, { ...scope, [name]: i }, true);
    for (const one of text) out.push(one);
    end = stop;
  }
  return after(source, end, 'end');
}

/** `unroll i in A..B unless E, then to W`: as `for i in A..B`, or where E holds a WGSL loop whose body keeps the name i. */
function unroll(
  source: Source,
  at: number,
  directive: string,
  scope: Scope,
  keep: boolean,
  out: string[],
): number {
  const match = /^unroll ((\w+) in (.+)\.\..+) unless (.+), then to (.+)$/.exec(directive);
  if (!match) throw bad(at, `cannot read "${directive}"`);
  const [, range = '', name = '', from = '', condition = '', last = ''] = match;
  if (!keep || evaluate(condition, scope, at) === 0) {
    return repeat(source, at, `for ${range}`, scope, keep, out);
  }
  const [text, end] = block(source, at + 1, { ...scope, [name]: name }, true);
  const first = `${evaluate(from, scope, at)}u`;
  out.push(`for (var ${name} = ${first}; ${name} < ${last}; ${name}++) {`);
  for (const one of text) out.push(one);
  out.push('}');
  return after(source, end, 'end');
}

function branch(
  source: Source,
  at: number,
  directive: string,
  scope: Scope,
  keep: boolean,
  out: string[],
): number {
  const holds = keep && evaluate(directive.slice(3), scope, at) !== 0;
  const [yes, middle] = block(source, at + 1, scope, keep && holds);
  if (holds) for (const one of yes) out.push(one);
  if (!/\belse\b/.test(source.lines[middle] ?? '')) return after(source, middle, 'end');
  const [no, end] = block(source, middle + 1, scope, keep && !holds);
  if (keep && !holds) for (const one of no) out.push(one);
  return after(source, end, 'end');
}

function after({ lines }: Source, at: number, word: string): number {
  if (!new RegExp(`^\\s*//%\\s*${word}\\s*$`).test(lines[at] ?? ''))
    throw bad(at, `\`${word}\` is missing`);
  return at + 1;
}

function substitute(line: string, scope: Scope, at: number): string {
  if (!line.includes('${')) return line;
  return line.replace(/\$\{([^{}]*)\}/g, (_, expression: string) => {
    const name = expression.trim();
    const value = scope[name];
    // Most are names alone, and a first run waits for thousands of them.
    if (typeof value === 'string' || Number.isSafeInteger(value)) return String(value);
    const element = /^(\w+)\[(\w+)\]$/.exec(name);
    if (!element) return String(evaluate(name, scope, at));
    const [, registers = '', index = ''] = element;
    return typeof scope[index] === 'string' ? name : registers + evaluate(index, scope, at);
  });
}

/** Integer expressions by recursive descent; comparison < sum < product < atom. */
function evaluate(expression: string, scope: Scope, at: number): number {
  const tokens = expression.match(/\d+|[A-Za-z_]\w*|==|!=|<=|>=|[-+*/%()<>]/g) ?? [];
  let next = 0;
  let depth = 0;
  const atom = (): number => {
    depth += 1;
    if (depth > TEMPLATE_LIMITS.depth) throw bad(at, `"${expression}" is nested too deeply`);
    const value = oneAtom();
    depth -= 1;
    return value;
  };
  const oneAtom = (): number => {
    const token = tokens[next++];
    if (token === '(') {
      const value = comparison();
      if (tokens[next++] !== ')') throw bad(at, `")" is missing in "${expression}"`);
      return value;
    }
    if (token === '-') return -atom();
    if (token !== undefined && /^\d/.test(token)) return Number(token);
    const value = token === undefined ? undefined : scope[token];
    if (typeof value === 'number') return value;
    throw bad(at, `unknown name "${token ?? ''}" in "${expression}"`);
  };
  const level = (operand: () => number, operators: readonly string[]) => (): number => {
    let left = operand();
    while (operators.includes(tokens[next] ?? ''))
      left = apply(tokens[next++] ?? '', left, operand());
    return left;
  };
  const product = level(atom, ['*', '/', '%']);
  const sum = level(product, ['+', '-']);
  const comparison = level(sum, ['==', '!=', '<', '>', '<=', '>=']);
  const value = comparison();
  if (next !== tokens.length) throw bad(at, `cannot read "${expression}"`);
  if (!Number.isSafeInteger(value)) throw bad(at, `"${expression}" is no whole number`);
  return value;
}

function apply(operator: string, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return Math.trunc(a / b);
    case '%':
      return a % b;
    case '==':
      return a === b ? 1 : 0;
    case '!=':
      return a !== b ? 1 : 0;
    case '<':
      return a < b ? 1 : 0;
    case '>':
      return a > b ? 1 : 0;
    case '<=':
      return a <= b ? 1 : 0;
    default:
      return a >= b ? 1 : 0;
  }
}

function bad(line: number, message: string): BatonError {
  return new BatonError({
    kind: 'ShaderError',
    message: `WGSL template, line ${line + 1}: ${message}`,
    remedy: 'This is a mistake in a kernel. Nothing was started.',
  });
}
