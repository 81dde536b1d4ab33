/** The metrics of the transfer reward. */
import { meanOf, stdOf } from '../combine.ts';
import type { Completion } from '../reward.ts';
import { type Cut, tauBucket } from './cut.ts';
import { receiverName, type WeightedReceiver } from './receiver-list.ts';
import { intraclassCorrelation } from './reliability.ts';

export const TAU_BUCKETS = 10;

/** What one receiver did with a batch of N answers. */
export interface ReceiverOutcome {
  readonly receiver: WeightedReceiver;
  /** N lists of 0 or 1, one per try; null where the answer could not be handed over. */
  readonly outcomes: readonly (readonly number[] | null)[];
  /** Share of questions that it solves from scratch; NaN where that was not measured. */
  readonly scratch: number;
}

/** Everything that is measured, by receiver and together. */
export function transferMetrics(
  batch: readonly Completion[],
  cuts: readonly Cut[],
  leaked: readonly boolean[],
  values: readonly (number | null)[],
  receivers: readonly ReceiverOutcome[],
  /** Second tries that were made for `icc` alone, by index of the answer. */
  again: readonly (readonly number[] | null)[],
): Record<string, number> {
  const out: Record<string, number> = {
    ...byTau(cuts, values),
    leakage: leaked.filter(Boolean).length / batch.length,
    group_std: withinGroups(batch, values),
    icc: intraclassCorrelation(
      batch.flatMap(({ group }, i) => {
        const outcomes = [...(receivers[0].outcomes[i] ?? []), ...(again[i] ?? [])];
        return outcomes.length >= 2 ? [{ group, outcomes }] : [];
      }),
    ),
  };
  const scratch = weighted(receivers.map(({ receiver, scratch: s }) => [receiver.weight, s]));
  if (!Number.isNaN(scratch)) {
    out.scratch = scratch;
    out.gain = (meanOf(values.filter((v) => v !== null)) ?? Number.NaN) - scratch;
  }
  if (receivers.length > 1) out.agreement = agreement(receivers);
  for (const { receiver, outcomes, scratch: s } of receivers) {
    const name = receiverName(receiver.id);
    out[`receiver/${name}/mean`] = meanOf(rates(outcomes).filter((r) => r !== null)) ?? Number.NaN;
    if (!Number.isNaN(s)) out[`receiver/${name}/scratch`] = s;
  }
  return out;
}

/** Share of right tries on each answer. */
export function rates(outcomes: ReceiverOutcome['outcomes']): (number | null)[] {
  return outcomes.map((tries) => (tries === null ? null : meanOf(tries)));
}

/** Mean of [weight, value] pairs; NaN where a value is NaN. */
export function weighted(pairs: readonly (readonly [number, number])[]): number {
  const total = pairs.reduce((sum, [weight]) => sum + weight, 0);
  return pairs.reduce((sum, [weight, value]) => sum + weight * value, 0) / total;
}

function byTau(cuts: readonly Cut[], values: readonly (number | null)[]): Record<string, number> {
  const buckets = Array.from({ length: TAU_BUCKETS }, (): number[] => []);
  cuts.forEach(({ tau }, i) => {
    const value = values[i];
    if (value !== null) buckets[tauBucket(tau, TAU_BUCKETS)].push(value);
  });
  return Object.fromEntries(
    buckets.flatMap((own, b) => (own.length > 0 ? [[`tau_${b}`, meanOf(own) ?? 0]] : [])),
  );
}

/** Mean over questions of the standard deviation between their answers. Advantages come from this spread. */
function withinGroups(batch: readonly Completion[], values: readonly (number | null)[]): number {
  const groups = new Map<number, number[]>();
  batch.forEach(({ group }, i) => {
    const value = values[i];
    if (value !== null) groups.set(group, [...(groups.get(group) ?? []), value]);
  });
  return meanOf([...groups.values()].map(stdOf).filter((s) => s !== null)) ?? Number.NaN;
}

/** Chance that two receivers, each with one of its tries, agree on an answer: mean over answers and pairs. */
function agreement(receivers: readonly ReceiverOutcome[]): number {
  const all = receivers.map(({ outcomes }) => rates(outcomes));
  const shares: number[] = [];
  for (let a = 0; a < all.length; a++) {
    for (let b = a + 1; b < all.length; b++) {
      all[a].forEach((p, i) => {
        const q = all[b][i];
        if (p !== null && q !== null) shares.push(p * q + (1 - p) * (1 - q));
      });
    }
  }
  return meanOf(shares) ?? Number.NaN;
}
