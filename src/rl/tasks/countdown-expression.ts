/**
 * Countdown answers as expressions: `3*7=21,21+5=26` is `3*7+5`. An expression says what is done with which numbers and claims no results, so whoever
 * judges it has to work it out. Brackets stand where the order of steps needs them and nowhere else, so one way to reckon has one text.
 */
import { MOST_COUNTDOWN_NUMBERS, readSteps } from './countdown-steps.ts';
import {
  combine,
  equal,
  NUMBER_PATTERN,
  type Operator,
  type Ratio,
  read,
  whole,
  write,
} from './ratio.ts';

interface Node {
  readonly op: Operator;
  readonly left: Expression;
  readonly right: Expression;
}
type Expression = Ratio | Node;

const isNode = (of: Expression): of is Node => 'op' in of;
const rank = (of: Expression): number => (!isNode(of) ? 3 : of.op === '+' || of.op === '-' ? 1 : 2);

/** The expression of the last try of a completion; what was made and not used stands apart, after a comma. Null where a step cannot be read. */
export function expressionOf(completion: string): string | null {
  const steps = readSteps(completion, MOST_COUNTDOWN_NUMBERS);
  if (steps === null) return null;
  const made: { readonly value: Ratio; readonly tree: Expression }[] = [];
  const operand = (value: Ratio): Expression => {
    const at = made.findLastIndex((one) => equal(one.value, value));
    return at < 0 ? value : made.splice(at, 1)[0].tree;
  };
  for (const { op, left: l, right: r, result } of steps) {
    const [left, right] = [operand(l), operand(r)];
    made.push({ value: result, tree: { op, left, right } });
  }
  return made.map(({ tree }) => textOf(tree)).join(',');
}

function textOf(of: Expression): string {
  if (!isNode(of)) return write(of);
  const side = (part: Expression, bare: boolean) => (bare ? textOf(part) : `(${textOf(part)})`);
  const left = side(of.left, rank(of.left) >= rank(of));
  return left + of.op + side(of.right, rank(of.right) > rank(of));
}

/** An expression worked out. */
export interface WorkedOut {
  /** `3*7=21,21+5=26`: as far as the rules allow. */
  readonly steps: string;
  /** What it comes to; null where a step is against the rules. */
  readonly value: Ratio | null;
  /** The numbers in it, in the order of reading. */
  readonly numbers: readonly Ratio[];
}

/**
 * Works an expression out, innermost first and from the left. @param fractions whether results may be other than whole
 * @returns null where the text is no expression of a few numbers
 */
export function workOut(text: string, fractions: boolean): WorkedOut | null {
  const tree = parse(text);
  if (tree === null) return null;
  const numbers: Ratio[] = [];
  const steps: string[] = [];
  const value = (of: Expression): Ratio | null => {
    if (!isNode(of)) {
      numbers.push(of);
      return of;
    }
    const [left, right] = [value(of.left), value(of.right)];
    const result = left && right && combine(of.op, left, right);
    if (!left || !right || !result || (result.d !== 1 && !fractions)) return null;
    steps.push(`${write(left)}${of.op}${write(right)}=${write(result)}`);
    return result;
  };
  return { value: value(tree), numbers, steps: steps.join(',') };
}

/** Whether a worked expression makes the target of all the numbers, each used once. */
export function reaches(
  { value, numbers: used }: WorkedOut,
  { numbers, target }: { readonly numbers: readonly number[]; readonly target: number },
): boolean {
  if (value === null || !equal(value, whole(target))) return false;
  const sorted = (all: readonly string[]) => all.toSorted().join(' ');
  return sorted(used.map(write)) === sorted(numbers.map(String));
}

const TOKEN = new RegExp(`${NUMBER_PATTERN}|[-+*/()]`, 'y');
/** More tokens than an expression of the most numbers can have with a bracket on each side of every one. */
const MOST_TOKENS = 5 * MOST_COUNTDOWN_NUMBERS;

function tokensOf(text: string): string[] | null {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined || tokens.length === MOST_TOKENS) return null;
    tokens.push(token);
  }
  return tokens;
}

/** Sums of products of numbers and bracketed sums; both kinds of operators bind to the left. */
function parse(text: string): Expression | null {
  const tokens = tokensOf(text);
  if (tokens === null) return null;
  let at = 0;
  const chainOf = (operators: string, part: () => Expression | null): Expression | null => {
    let left = part();
    while (left !== null && at < tokens.length && operators.includes(tokens[at])) {
      const op = tokens[at++] as Operator;
      const right = part();
      left = right && { op, left, right };
    }
    return left;
  };
  const factor = (): Expression | null => {
    const token = tokens[at++] ?? '';
    if (token !== '(') return /^\d/.test(token) ? read(token) : null;
    const inner = sum();
    return tokens[at++] === ')' ? inner : null;
  };
  const product = () => chainOf('*/', factor);
  const sum = (): Expression | null => chainOf('+-', product);
  const tree = sum();
  return at === tokens.length ? tree : null;
}
