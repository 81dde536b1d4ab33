/** Accuracy against length, one point an arm. */
import { type Block, figure } from '../lib/report.ts';
import type { Measure, Results } from '../lib/results.ts';
import { type Family, scatterFigure } from '../lib/svg/scatter-chart.ts';
import { accuracy, BASE, isSelfAligned, length } from './numbers.ts';

export interface FamilyOf {
  readonly name: string;
  readonly has: (arm: string) => boolean;
  /** Differ in more than a weight. */
  readonly apart?: true;
}

export const FAMILIES: readonly FamilyOf[] = [
  { name: 'GRPO', has: (arm) => arm === BASE },
  { name: 'SA-GRPO', has: isSelfAligned },
  { name: 'O1 penalty', has: (arm) => arm.startsWith('o1-') },
  { name: 'ER penalty', has: (arm) => arm.startsWith('er-') },
  {
    name: 'others',
    apart: true,
    has: (arm) => ['confidence', 'permuted', 'ppo', 'ppo-sar-020'].includes(arm),
  },
];

/** Absolute, or against plain GRPO of the same seed. */
export function pareto(
  results: Results,
  name: string,
  title: string,
  of: readonly FamilyOf[],
  relative = false,
): Block[] {
  const value = (arm: string, measure: Measure) =>
    relative ? results.ratio(arm, BASE, measure) : results.mean(arm, measure);
  const families: Family[] = of.map(({ name, has, apart }) => ({
    name,
    ...(apart && { apart }),
    points: results.arms
      .filter(({ id }) => has(id))
      .flatMap(({ id, label }) => {
        const x = value(id, length);
        const y = value(id, accuracy);
        // The figure puts the family’s name before it.
        const weight = /, (?:α = )?([\d.]+)$/.exec(label)?.[1];
        return x && y ? [{ label: apart ? label : (weight ?? label), x, y }] : [];
      }),
  }));
  const drawn = scatterFigure(
    name,
    'Up and to the left is better. One point an arm, with 95 % intervals over seeds; a line joins the weights of one reward.',
    {
      title,
      xTitle: relative ? 'length, % of GRPO’s' : 'mean length, tokens',
      yTitle: relative ? 'accuracy, % of GRPO’s' : 'accuracy, %',
      families,
      yTimes: 100,
      ...(relative && { xTimes: 100, origin: [1, 1] as const }),
    },
  );
  return drawn ? [figure(drawn)] : [];
}
