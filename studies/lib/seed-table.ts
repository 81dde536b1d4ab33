/** Numbers seed by seed: what a mean and an interval stand for. */

import type { Show } from './format.ts';
import { type Block, subheading, table } from './report.ts';
import type { Measure, Results } from './results.ts';

export interface SeedColumn {
  readonly head: string;
  readonly measure: Measure;
  readonly show: Show;
}

/** A row a seed, and of every arm these numbers; what was not measured is a dash. Nothing where no arm has been run. */
export function seedTable(
  results: Results,
  arms: readonly string[],
  columns: readonly SeedColumn[],
): Block[] {
  const some = arms.filter((id) => results.has(id));
  if (some.length === 0) return [];
  const values = some.flatMap((id) =>
    columns.map(({ measure, show }) => ({ by: results.bySeed(id, measure), show })),
  );
  const seeds = results.seeds.filter((seed) => values.some(({ by }) => by.has(seed)));
  if (seeds.length === 0) return [];
  return [
    subheading('Seed by seed'),
    table(
      ['Seed', ...some.flatMap((id) => columns.map(({ head }) => `${results.label(id)}: ${head}`))],
      seeds.map((seed) => [
        `${seed}`,
        ...values.map(({ by, show }) => {
          const value = by.get(seed);
          return value === undefined ? '–' : show(value);
        }),
      ]),
    ),
  ];
}
