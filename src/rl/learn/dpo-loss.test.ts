import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DPO_DEFAULTS, dpoTerm } from '../objectives/dpo.ts';
import { dpoLoss, dpoOffline } from './dpo-loss.ts';
import { exampleOfLine, type OfflineLine } from './offline.ts';

const settings = { beta: 0.5, label_smoothing: 0.1 };

function lineOf(at: number, pair: number | undefined, logp: number[], ref?: number[]): OfflineLine {
  return {
    ...{ where: `line ${at}`, group: 0, truncated: false },
    ...(pair !== undefined && { pair }),
    columns: { logp, ...(ref && { ref }) },
  };
}

const lines = [
  lineOf(1, 7, [-3, -4], [-3.5, -4.5]),
  lineOf(2, 7, [-1, -2, -3], [-1, -1.5, -2]),
  lineOf(3, 8, [-2], [-2]),
  lineOf(4, 8, [-2, -1], [-1, -1]),
];
const terms = [
  dpoTerm({ chosen: { logp: -7, ref: -8 }, rejected: { logp: -6, ref: -4.5 } }, settings),
  dpoTerm({ chosen: { logp: -2, ref: -2 }, rejected: { logp: -3, ref: -2 } }, settings),
];

describe('DPO on given numbers', () => {
  it('sums each completion, means over pairs, and pulls every token of one completion alike', () => {
    const { loss, coefficients, metrics } = dpoOffline(lines, settings);
    const [a, b] = terms.map(({ slope }) => expect.closeTo(slope / 2, 14));
    const [c, d] = terms.map(({ slope }) => expect.closeTo(-slope / 2, 14));
    expect(coefficients).toEqual([[a, a], [c, c, c], [b], [d, d]]);
    expect(loss).toBeCloseTo((terms[0].loss + terms[1].loss) / 2, 14);
    // By the formula in 40 digits: the first pair.
    expect(terms[0].loss).toBeCloseTo(0.376929081345373, 14);
    expect(metrics).toMatchObject({ 'rewards/accuracies': 1, 'rewards/margins': (1.25 + 0.5) / 2 });
  });

  it.each([
    ['a lonely line', lines.slice(0, 3), 'line 3: pair'],
    ['a line without a pair', [lineOf(1, undefined, [-1], [-1]), lines[1]], 'line 1: pair'],
    ['pairs that are apart', [lines[0], lines[2], lines[1], lines[3]], 'line 1: pair'],
    ['no reference', [lineOf(1, 7, [-1]), lines[1]], 'line 1: ref'],
  ])('names the line of %s', (_, given, field) => {
    expect(() => dpoOffline(given, settings)).toThrow(
      expect.objectContaining({ kind: 'BadFile', field }),
    );
  });
});

interface Case {
  readonly beta: number;
  readonly label_smoothing: number;
  readonly lines: readonly { pair: number; logp: number[]; ref: number[] }[];
  readonly loss: number;
  readonly coefficients: number[][];
  readonly metrics: Record<string, number>;
}

/** Made by fixtures/make_dpo_fixture.py. */
const { cases } = JSON.parse(
  readFileSync(new URL('./fixtures/dpo.json', import.meta.url), 'utf8'),
) as { cases: Case[] };

it.each(cases)('agrees with PyTorch: beta $beta, label smoothing $label_smoothing', (given) => {
  const own = given.lines.map(({ pair, logp, ref }, i) => lineOf(i + 1, pair, logp, ref));
  const { loss, coefficients, metrics } = dpoOffline(own, given);
  const near = (x: number) => expect.closeTo(x, 12);
  expect(loss).toBeCloseTo(given.loss, 12);
  expect(coefficients).toEqual(given.coefficients.map((row) => row.map(near)));
  const expected = Object.entries(given.metrics).map(([name, x]) => [name, near(x)]);
  expect(metrics).toMatchObject(Object.fromEntries(expected));
});

describe('the loss in the training loop', () => {
  it('does not depend on how an update is cut', () => {
    const examples = lines.map((line) => exampleOfLine(line));
    const ask = dpoLoss(settings)(examples);
    const parts = [0, 2].map((from) => {
      const own = examples.slice(from, from + 2);
      const some = lines.slice(from, from + 2);
      const lengths = own.map(({ completion }) => completion.length);
      return ask({
        examples: own,
        spans: lengths.map((length, i) => ({ start: i === 0 ? 0 : lengths[0], length })),
        logp: some.flatMap(({ columns }) => Array.from(columns.logp)),
        entropy: [],
        column: (name) =>
          Float64Array.from(some.flatMap(({ columns }) => Array.from(columns[name]))),
      });
    });
    const whole = dpoOffline(lines, settings);
    expect(parts[0].loss + parts[1].loss).toBeCloseTo(whole.loss, 15);
    expect(parts.flatMap(({ coefficients }) => Array.from(coefficients ?? []))).toEqual(
      whole.coefficients.flat(),
    );
  });

  it('fails loudly on examples that are no pairs', () => {
    const [example] = lines.map((line) => exampleOfLine(line));
    expect(() => dpoLoss(DPO_DEFAULTS)([example])).toThrow(RangeError);
    expect(() => dpoLoss(DPO_DEFAULTS)([])).toThrow(RangeError);
  });
});
