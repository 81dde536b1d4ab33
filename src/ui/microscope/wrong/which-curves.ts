/** The curves of "Which of sixteen": accuracy against the number of answers to choose from, one curve for each way of choosing. */
import type { Aggregator, Chooser, RerankRow } from '../../../rl/airl/rerank.ts';
import type { Curve, CurveSpec } from '../../charts/curves.ts';

export const AGGREGATOR_NAMES: Readonly<Record<Aggregator, string>> = {
  mean: 'mean',
  last: 'last',
  late_weighted: 'late-weighted',
  minimum: 'minimum',
};

export const SPEC: CurveSpec = {
  id: 'which-of-sixteen',
  title: 'Chosen answer is right',
  axis: 'answers to choose from',
  scale: 'log2',
  place: (n) => `N = ${n}`,
};

/** The ways of choosing that are drawn, beside the learned reward; what is only compared with is thin, or a level. */
const OTHERS: readonly (Pick<Curve, 'name' | 'dash' | 'thin' | 'level'> & {
  readonly key: Chooser;
})[] = [
  { key: 'majority', name: 'majority vote', dash: 1 },
  { key: 'reward_weighted_vote', name: 'vote by reward', dash: 2 },
  { key: 'log_probability', name: 'own log-prob', dash: 3 },
  { key: 'one_sample', name: 'one sample', dash: 0, level: true },
  { key: 'any', name: 'any is right', dash: 0, thin: true },
];

export function whichCurves(rows: readonly RerankRow[], how: Aggregator): Curve[] {
  const all = [{ key: how, name: 'learned reward', dash: 0 }, ...OTHERS];
  return all.flatMap((curve): Curve[] => {
    const points = rows.flatMap(({ n, choosers }) => {
      const chosen = choosers[curve.key];
      if (!chosen) return [];
      const { low, high } = chosen.accuracy_interval;
      return [{ x: n, y: chosen.accuracy, low, high }];
    });
    return points.length === 0 ? [] : [{ ...curve, hue: 'ink', points }];
  });
}
