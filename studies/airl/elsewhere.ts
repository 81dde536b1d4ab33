/**
 * Reward models on answers of policies that they never saw, as the page shows it: the numbers of `transferSection`, and how well right answers are told
 * from wrong ones.
 */
import type { Estimate } from '../../src/rl/over-seeds.ts';
import { short } from '../lib/raw.ts';
import type { Results } from '../lib/results.ts';
import { MOST, QUESTIONS } from './asked.ts';
import { chosenLess, judgesOf, over } from './judge-numbers.ts';
import { WORLDS } from './worlds.ts';

/** A mean over reward models of several seeds and its 95 % interval, as precise as the raw files. */
function rounded(found: Estimate | undefined) {
  if (!found || found.low === null || found.high === null) return null;
  return { mean: short(found.mean), low: short(found.low), high: short(found.high) };
}

/** @param results of the part `judges` */
export function elsewhereOf(results: Results) {
  const worlds = WORLDS.filter(({ id }) => judgesOf(results, { from: id }).length > 0);
  const cells = worlds.flatMap(({ id: from }) =>
    worlds.map(({ id: on }) => ({
      ...{ from, on },
      gain: rounded(over(results, { from, on }, chosenLess('mean', 'one_sample'))),
      auroc: rounded(over(results, { from, on }, ({ auroc }) => auroc)),
    })),
  );
  const judges = worlds.flatMap(({ id }) => judgesOf(results, { from: id }));
  return {
    ...{ answers: MOST, questions: QUESTIONS },
    seeds: [...new Set(judges.map(({ seed }) => seed))],
    worlds: worlds.map(({ id, label, policy, steps }) => ({ id, label, policy, steps })),
    cells,
  };
}
