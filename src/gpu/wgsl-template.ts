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

/** Expands `source` with `constants`. Throws ShaderError naming the line of a malformed directive or unknown name. */
export function expandTemplate(source: string, constants: TemplateConstants): string {
  const lines = source.split('\n');
  const [text, end] = block(lines, 0, { ...constants }, true);
  if (end !== lines.length) throw bad(end, 'an `end` without its beginning');
  return text.join('\n');
}

type Scope = Record<string, number | string>;

/** Expands lines from `at` to the matching `else` or `end`; returns the text and the index it stopped at. */
function block(
  lines: readonly string[],
  at: number,
  scope: Scope,
  keep: boolean,
): [string[], number] {
  const out: string[] = [];
  while (at < lines.length) {
    const line = lines[at] ?? '';
    const directive = /^\s*\/\/%\s*(.*?)\s*$/.exec(line)?.[1];
    if (directive === undefined) {
      if (keep) out.push(substitute(line, scope, at));
      at += 1;
    } else if (directive === 'end' || directive === 'else') {
      return [out, at];
    } else if (directive.startsWith('for ')) {
      at = repeat(lines, at, directive, scope, keep, out);
    } else if (directive.startsWith('unroll ')) {
      at = unroll(lines, at, directive, scope, keep, out);
    } else if (directive.startsWith('if ')) {
      at = branch(lines, at, directive, scope, keep, out);
    } else if (directive.startsWith('include')) {
      throw bad(at, 'includes are put in when kernels are loaded; write the lines themselves');
    } else {
      throw bad(at, `unknown directive "${directive}"`);
    }
  }
  return [out, at];
}

function repeat(
  lines: readonly string[],
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
  let [, end] = block(lines, at + 1, scope, false);
  for (let i = first; i < last; i++) {
    const [text, stop] = block(lines, at + 1, { ...scope, [name]: i }, true);
    out.push(...text);
    end = stop;
  }
  return after(lines, end, 'end');
}

/** `unroll i in A..B unless E, then to W`: as `for i in A..B`, or where E holds a WGSL loop whose body keeps the name i. */
function unroll(
  lines: readonly string[],
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
    return repeat(lines, at, `for ${range}`, scope, keep, out);
  }
  const [text, end] = block(lines, at + 1, { ...scope, [name]: name }, true);
  const first = `${evaluate(from, scope, at)}u`;
  out.push(`for (var ${name} = ${first}; ${name} < ${last}; ${name}++) {`, ...text, '}');
  return after(lines, end, 'end');
}

function branch(
  lines: readonly string[],
  at: number,
  directive: string,
  scope: Scope,
  keep: boolean,
  out: string[],
): number {
  const holds = keep && evaluate(directive.slice(3), scope, at) !== 0;
  const [yes, middle] = block(lines, at + 1, scope, keep && holds);
  if (holds) out.push(...yes);
  if (!/\belse\b/.test(lines[middle] ?? '')) return after(lines, middle, 'end');
  const [no, end] = block(lines, middle + 1, scope, keep && !holds);
  if (keep && !holds) out.push(...no);
  return after(lines, end, 'end');
}

function after(lines: readonly string[], at: number, word: string): number {
  if (!new RegExp(`^\\s*//%\\s*${word}\\s*$`).test(lines[at] ?? ''))
    throw bad(at, `\`${word}\` is missing`);
  return at + 1;
}

function substitute(line: string, scope: Scope, at: number): string {
  return line.replace(/\$\{([^}]*)\}/g, (_, expression: string) => {
    const name = expression.trim();
    const element = /^(\w+)\[(\w+)\]$/.exec(name);
    if (element) {
      const [, registers = '', index = ''] = element;
      return typeof scope[index] === 'string' ? name : registers + evaluate(index, scope, at);
    }
    const value = scope[name];
    return typeof value === 'string' ? value : String(evaluate(name, scope, at));
  });
}

/** Integer expressions by recursive descent; comparison < sum < product < atom. */
function evaluate(expression: string, scope: Scope, at: number): number {
  const tokens = expression.match(/\d+|[A-Za-z_]\w*|==|!=|<=|>=|[-+*/%()<>]/g) ?? [];
  let next = 0;
  const atom = (): number => {
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
