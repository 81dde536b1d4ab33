import type { CompletionRecord, SampleGroup } from '../../rl/records.ts';
import { permutedShown } from './permuted-shown.ts';

/** What a group amounts to. */
export interface GroupStats {
  readonly count: number;
  /** Null where nothing is judged. */
  readonly right: number | null;
  readonly truncated: number;
  /** Mean of the total rewards; null where nothing is rewarded. */
  readonly mean: number | null;
  /** Standard deviation of the total rewards, with n - 1; 0 for a single completion. */
  readonly spread: number;
  /** True where all totals are equal and so all advantages 0: the group teaches nothing. PPO learns from equal totals too. */
  readonly noSignal: boolean;
}

/** Counts of one group. */
export function groupStats({ completions }: SampleGroup): GroupStats {
  const rewards = completions.flatMap(({ reward }) => (reward === undefined ? [] : [reward]));
  const count = completions.length;
  const mean = rewards.reduce((sum, reward) => sum + reward, 0) / Math.max(1, rewards.length);
  const squares = rewards.reduce((sum, reward) => sum + (reward - mean) ** 2, 0);
  const spread = rewards.length > 1 ? Math.sqrt(squares / (rewards.length - 1)) : 0;
  return {
    count,
    right: completions.some(({ correct }) => correct === undefined)
      ? null
      : completions.filter(({ correct }) => correct).length,
    truncated: completions.filter((completion) => completion.truncated).length,
    mean: rewards.length === 0 ? null : mean,
    spread,
    noSignal:
      rewards.length > 0 &&
      rewards.every((reward) => Math.abs(reward - rewards[0]) < 1e-9) &&
      completions.every(({ advantage }) => advantage === 0),
  };
}

/** One reward part of a completion as it counts: the raw value times its weight, or the raw value where it is watched. */
export interface Part {
  readonly term: string;
  readonly value: number;
  readonly watched: boolean;
  /** The value is that of another answer of the group, or may be. */
  readonly permuted?: true;
  /** Earned or not, where the raw value is 0 or 1; undefined for graded and for permuted terms. */
  readonly yes?: boolean;
}

/** The parts of a completion's reward, in the order of the experiment's terms, then any others it was scored by. */
export function rewardParts(
  completion: CompletionRecord,
  terms: readonly { readonly term: string; readonly weight: number }[],
): Part[] {
  const known = new Map(terms.map(({ term, weight }) => [term, weight] as const));
  const names = [...known.keys(), ...Object.keys(completion.rewards)];
  const moved = new Set(permutedShown(completion).map(({ term }) => term));
  return [...new Set(names)].flatMap((term): Part[] => {
    const raw = completion.rewards[term];
    if (raw === undefined) return [];
    const weight = known.get(term) ?? 1;
    const value = weight === 0 ? raw : raw * weight;
    const part = { term, value, watched: weight === 0 };
    if (moved.has(term)) return [{ ...part, permuted: true }];
    const binary = raw === 0 || raw === 1;
    return [{ ...part, ...(binary && { yes: raw === 1 }) }];
  });
}
