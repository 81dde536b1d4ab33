/** What a saved chart is called: its runs, their seeds, and what it shows. */
import { fileStem, seeded } from '../export.ts';
import type { ChartRun } from './runs.ts';

/** Seeds that a name spells out; of more it says how many. */
const MOST_SEEDS = 4;

/** `rltr-seed-1-reward`, and of several runs `rltr-rlvr-seed-1-reward`. */
export function chartFile(
  runs: readonly Pick<ChartRun, 'label' | 'seed'>[],
  chart: string,
): string {
  const names = fileStem([...new Set(runs.map(({ label }) => label))].join(' '));
  const seeds = [...new Set(runs.flatMap(({ seed }) => (seed === undefined ? [] : [seed])))];
  return `${runs.length > 0 ? `${withSeeds(names, seeds)}-` : ''}${fileStem(chart)}`;
}

function withSeeds(names: string, seeds: readonly number[]): string {
  if (seeds.length === 0) return names;
  if (seeds.length === 1) return seeded(names, seeds[0]);
  return `${names}-${seeds.length > MOST_SEEDS ? `${seeds.length}-seeds` : `seeds-${seeds.join('-')}`}`;
}
