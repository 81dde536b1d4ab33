/**
 * A loss on given numbers instead of computed ones: no model, no device. An outside check, such as a script in PyTorch, can compare
 * with it.
 */
import { badFile } from '../../errors.ts';
import type { Columns, Example } from './example.ts';
import type { Gradient, Loss } from './learn.ts';

/** One given completion. */
export interface OfflineLine {
  /** How an error names it: `line 3`. */
  readonly where: string;
  readonly group: number;
  readonly pair?: number;
  readonly truncated: boolean;
  /** The total reward; null where no term could score it, undefined where it is not given. */
  readonly reward?: number | null;
  /** The advantage of the whole completion, in place of one computed from rewards. */
  readonly advantage?: number;
  /** Lists of one number per token: `logp`, `old`, `ref`, `entropy`, `values`, and those that only one method has. */
  readonly columns: Columns;
}

export interface OfflineLoss {
  readonly loss: number;
  /** dLoss/dlogp, dLoss/dentropy and dLoss/dvalue, one list per line. */
  readonly coefficients: readonly (readonly number[])[];
  readonly entropyCoefficients?: readonly (readonly number[])[];
  readonly valueCoefficients?: readonly (readonly number[])[];
  readonly metrics: Readonly<Record<string, number | null | undefined>>;
}

/** Tokens of a line. @throws BadFile where it has no log-probs */
export function tokensOf({ where, columns }: OfflineLine): number {
  if (columns.logp) return columns.logp.length;
  throw badFile(`${where}: logp`, `${where}: logp is missing`);
}

/** A column that a loss cannot do without. @throws BadFile */
export function columnOf(line: OfflineLine, name: string): ArrayLike<number> {
  const column = line.columns[name];
  if (column) return column;
  throw badFile(`${line.where}: ${name}`, `${line.where}: ${name} is missing`);
}

/** A line's total reward. @throws BadFile where it is not given */
export function rewardOf({ where, reward }: OfflineLine): number | null {
  if (reward !== undefined) return reward;
  throw badFile(`${where}: reward`, `${where}: reward is missing`);
}

/** A line as an example. Lines have no token ids, so the ids are made up. */
export function exampleOfLine(line: OfflineLine, columns: Columns = {}): Example {
  const { logp: _, entropy: __, values: ___, ...given } = line.columns;
  const { group, pair, truncated } = line;
  return {
    ...{ role: 'given', group, truncated },
    ...(pair !== undefined && { pair }),
    prompt: [0],
    completion: new Array<number>(tokensOf(line)).fill(0),
    columns: { ...given, ...columns },
  };
}

/** The loss and its derivatives for one update on all lines. `examples[i]` is that of `lines[i]`. */
const constantRow = (length: number) => new Array<number>(length).fill(0);

export function offlineGradient(
  lines: readonly OfflineLine[],
  examples: readonly Example[],
  loss: Loss,
): Pick<OfflineLoss, 'loss' | 'coefficients' | 'entropyCoefficients' | 'valueCoefficients'> {
  let start = 0;
  const spans = examples.map(({ completion: { length } }) => {
    const span = { start, length };
    start += length;
    return span;
  });
  const flat = (of: (i: number) => ArrayLike<number> | undefined) =>
    lines.flatMap((_, i) => Array.from(of(i) ?? new Float64Array(spans[i].length)));
  const values = lines.every(({ columns }) => columns.values)
    ? flat((i) => lines[i].columns.values)
    : undefined;
  const gradient: Gradient = loss(examples)({
    ...{ examples, spans },
    logp: flat((i) => columnOf(lines[i], 'logp')),
    entropy: flat((i) => lines[i].columns.entropy),
    ...(values && { values }),
    column: (name) => {
      const known = examples.filter((example) => example.columns[name]).length;
      if (known === 0) return undefined;
      if (known < examples.length)
        columnOf(lines[examples.findIndex((example) => !example.columns[name])], name);
      return Float64Array.from(flat((i) => examples[i].columns[name]));
    },
  });
  const rows = (given: ArrayLike<number> | undefined) => {
    const all = given && Array.from(given);
    return all && spans.map(({ start, length }) => all.slice(start, start + length));
  };
  const entropyCoefficients = rows(gradient.entropyCoefficients);
  const valueCoefficients = rows(gradient.valueCoefficients);
  return {
    loss: gradient.loss,
    coefficients: rows(gradient.coefficients) ?? spans.map(({ length }) => constantRow(length)),
    ...(entropyCoefficients && { entropyCoefficients }),
    ...(valueCoefficients && { valueCoefficients }),
  };
}
