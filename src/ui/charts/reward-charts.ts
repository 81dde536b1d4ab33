/** The charts of what is paid: the reward, and its parts. */
import { termName } from '../term-name.ts';
import { type ChartSpec, LEAST_SHARE } from './chart-spec.ts';
import type { ChartTerm } from './runs.ts';

/** The reward and its parts. */
export function rewardCharts(terms: readonly ChartTerm[]): readonly ChartSpec[] {
  const parts = terms.map(
    ({ term, label = termName(term), weight }): ChartSpec => ({
      id: `rewards/${term}`,
      title: label,
      unit: weight === 0 ? 'watched, not paid' : `× ${weightText(weight)}`,
      size: 'mini',
      lines: [{ columns: [`rewards/${term}/mean`, `rewards/${term}`] }],
      better: 'high',
      least: LEAST_SHARE,
    }),
  );
  const reward: ChartSpec = {
    id: 'reward',
    title: 'Reward',
    unit: 'per completion',
    size: 'hero',
    lines: [{ columns: ['reward'] }],
    better: 'high',
    least: LEAST_SHARE,
    raw: true,
  };
  return [reward, ...parts];
}

function weightText(weight: number): string {
  const text = Number.isInteger(weight) ? weight.toFixed(1) : String(Number(weight.toFixed(3)));
  return text.replace('-', '−');
}
