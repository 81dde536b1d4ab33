/** The charts of what training was for, and of what else evaluations measured on the way. */
import { accuracyChart } from './accuracy-chart.ts';
import { banded, type ChartSpec, namesLike } from './chart-spec.ts';
import type { ChartRun } from './runs.ts';
import { transferabilityChart } from './transferability-chart.ts';
import { winRateCharts } from './win-rate-charts.ts';

/**
 * Accuracy and length, what training was for; and what else evaluations measured on the way.
 * @param sampled false where a step samples nothing: lengths are then those of evaluations
 * @param watched what the verifier does instead of paying, as the method says (`MethodCharts.watched`)
 */
export function outcomeCharts(
  runs: readonly ChartRun[],
  sampled = true,
  watched?: string,
): readonly ChartSpec[] {
  return [
    accuracyChart(runs, 'eval', 'accuracy', 'held out', watched),
    {
      id: 'length',
      title: 'Completion length',
      unit: sampled ? 'tokens' : 'tokens, held out',
      size: 'half',
      lines: [sampled ? { columns: ['completions/mean_length'] } : banded('eval/mean_length')],
      better: 'none',
      least: 10,
      ...(!sampled && { sparse: true }),
    },
    ...(namesLike(runs, /^(eval_ood\/accuracy)$/).length > 0
      ? [accuracyChart(runs, 'eval_ood', 'accuracy-ood', 'out of distribution', watched)]
      : []),
    ...winRateCharts(runs, 'eval', 'win-rate', 'held out'),
    ...winRateCharts(runs, 'eval_ood', 'win-rate-ood', 'out of distribution'),
    ...transferabilityChart(runs, 'eval', 'transfer', 'held out'),
    ...transferabilityChart(runs, 'eval_ood', 'transfer-ood', 'out of distribution'),
  ];
}
