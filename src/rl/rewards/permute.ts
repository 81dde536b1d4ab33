/**
 * A control: a term's values are shuffled among the completions of each group before they are paid. The term then keeps its size, its
 * spread and its number of missing values, and says nothing of the completion that is paid. The shuffle is uniform, so a value may stay where
 * it is: if it had to leave, a low value would hint at a good answer.
 */
import { randomStream } from '../random.ts';
import type { Completion, TermScores, Used } from './reward.ts';

/** What the records of a permuted term say of one completion. */
export interface Permuted {
  /** The completion's own value, which was not paid to it; null where it could not be scored. */
  readonly measured: number | null;
  /** Whose value was paid instead: a place within the group, from 0. It may be its own. */
  readonly permuted_from: number;
}

/**
 * The scores as they are paid. Values move, missing ones among them; token values are left out, because they belong to the tokens of one
 * completion. Everything else stays what was measured of the completion itself.
 * @param name the term's; with the seed, the step and the group it decides the shuffle
 */
export function permute(
  name: string,
  scores: TermScores,
  batch: readonly Completion[],
  { seed, step }: { readonly seed: number; readonly step: number },
): TermScores {
  const members = new Map<number, number[]>();
  batch.forEach(({ group }, i) => {
    members.set(group, [...(members.get(group) ?? []), i]);
  });
  const from = batch.map(() => 0);
  const values = [...scores.values];
  for (const [group, own] of members) {
    const stream = randomStream(seed, `reward/${name}/permuted`, step, group);
    const places = stream.shuffle([...own.keys()]);
    own.forEach((i, place) => {
      from[i] = places[place];
      values[i] = scores.values[own[places[place]]];
    });
  }
  const told = (records: readonly Used[]) =>
    records.map((record, i): Used & Permuted => ({
      ...record,
      ...{ measured: scores.values[i], permuted_from: from[i] },
    }));
  const { tokenValues: _, ...rest } = scores;
  return {
    ...rest,
    values,
    used: told(scores.used),
    shown: told(scores.shown ?? batch.map(() => ({}))),
  };
}
