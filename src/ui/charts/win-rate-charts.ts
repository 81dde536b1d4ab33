/** The charts of answers that a hidden judge compares with the expert's. */
import { banded, type ChartSpec, LEAST_SHARE, namesLike } from './chart-spec.ts';
import type { ChartRun } from './runs.ts';

const WIN_RATE_HELP =
  'How often an answer is better than the expert’s by a judge that training never sees, ties counted as half. At one half the two are ' +
  'equally good. The other chart has what that judge looks for.';

/** What a hidden judge looks for, by its column. */
const JUDGED: readonly { readonly part: string; readonly name: string }[] = [
  { part: 'rhyme', name: 'rhymes' },
  { part: 'metre', name: 'metre' },
  { part: 'topic', name: 'topic' },
  { part: 'fresh', name: 'no repeats' },
];

/** How answers do against the expert's where a hidden judge compares them. */
export function winRateCharts(
  runs: readonly ChartRun[],
  prefix: 'eval' | 'eval_ood',
  id: string,
  unit: string,
): readonly ChartSpec[] {
  if (namesLike(runs, new RegExp(`^(${prefix}/win_rate)$`)).length === 0) return [];
  const common = {
    size: 'half',
    better: 'high',
    least: LEAST_SHARE,
    ...{ share: true, sparse: true, help: WIN_RATE_HELP },
  } as const;
  return [
    {
      ...{ ...common, id, title: 'Win rate', unit: `against the expert, ${unit}` },
      lines: [banded(`${prefix}/win_rate`)],
      levels: [{ value: 0.5, name: 'as good as the expert' }],
    },
    {
      ...{ ...common, id: `${id}-parts`, title: 'What the judge finds', unit: `share, ${unit}` },
      lines: JUDGED.map(({ part, name }, i) => ({
        ...{ columns: [`${prefix}/hidden/${part}`], name, thin: i > 0 },
      })),
      nameEach: true,
    },
  ];
}
