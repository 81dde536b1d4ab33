/** DPO as a loss of the training loop and as a loss on given numbers. */
import { badFile } from '../../errors.ts';
import { type DpoSettings, type DpoTerm, dpoMetrics, dpoTerm } from '../objectives/dpo.ts';
import type { Example } from './example.ts';
import type { Loss } from './learn.ts';
import {
  columnOf,
  exampleOfLine,
  type OfflineLine,
  type OfflineLoss,
  offlineGradient,
} from './offline.ts';

/**
 * The mean loss over the pairs of an update. The two examples of a pair are neighbours, the chosen one first; the column `ref` holds the reference's
 * log-probs. @param onTerms told the pairs of each micro-batch, for metrics
 * @throws RangeError where examples are no pairs, or have no reference
 */
export function dpoLoss(
  settings: DpoSettings,
  onTerms?: (terms: readonly DpoTerm[]) => void,
): Loss {
  return (update) => {
    const pairs = countPairs(update);
    return ({ examples, spans, logp, column }) => {
      const ref = column('ref');
      if (!ref) throw new RangeError('no reference');
      countPairs(examples);
      const likelihood = (i: number) => {
        const { start, length } = spans[i];
        return { logp: sumOf(logp, start, length), ref: sumOf(ref, start, length) };
      };
      const terms: DpoTerm[] = [];
      const coefficients = new Float64Array(logp.length);
      for (let i = 0; i < examples.length; i += 2) {
        const term = dpoTerm({ chosen: likelihood(i), rejected: likelihood(i + 1) }, settings);
        terms.push(term);
        for (const [at, slope] of [
          [i, term.slope],
          [i + 1, -term.slope],
        ]) {
          const { start, length } = spans[at];
          coefficients.fill(slope / pairs, start, start + length);
        }
      }
      onTerms?.(terms);
      return { loss: terms.reduce((sum, { loss }) => sum + loss, 0) / pairs, coefficients };
    };
  };
}

/** The loss on given lines; both completions of a pair have its number as `pair`, the chosen one first. @throws BadFile naming the line */
export function dpoOffline(lines: readonly OfflineLine[], settings: DpoSettings): OfflineLoss {
  lines.forEach((line, i) => {
    columnOf(line, 'ref');
    const other = lines[i % 2 === 0 ? i + 1 : i - 1];
    if (line.pair !== undefined && other?.pair === line.pair) return;
    throw badFile(
      `${line.where}: pair`,
      `${line.where}: pair has no second completion beside it`,
      'Give the chosen and then the rejected completion of each pair, both with its number.',
    );
  });
  const terms: DpoTerm[] = [];
  const examples = lines.map((line) => exampleOfLine(line));
  const keep = (some: readonly DpoTerm[]) => {
    for (const one of some) terms.push(one);
  };
  const gradient = offlineGradient(lines, examples, dpoLoss(settings, keep));
  return { ...gradient, metrics: { ...dpoMetrics(terms) } };
}

function countPairs(examples: readonly Example[]): number {
  const apart = examples.some(
    ({ pair }, i) => pair === undefined || pair !== examples[i % 2 === 0 ? i + 1 : i - 1]?.pair,
  );
  if (apart || examples.length === 0) throw new RangeError('examples of DPO come in pairs');
  return examples.length / 2;
}

function sumOf(values: ArrayLike<number>, start: number, length: number): number {
  let sum = 0;
  for (let i = start; i < start + length; i++) sum += values[i];
  return sum;
}
