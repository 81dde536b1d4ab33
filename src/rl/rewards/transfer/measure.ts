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
  /** By answer and cut: 0 or 1 per try; null where that could not be handed over. */
  readonly outcomes: readonly (readonly (readonly number[] | null)[])[];
  /** Share of questions that it solves from scratch; NaN where that was not measured. */
  readonly scratch: number;
}

/** What came of a batch of N answers. */
export interface TransferOutcome {
  readonly batch: readonly Completion[];
  /** By answer, one or more. */
  readonly cuts: readonly (readonly Cut[])[];
  /** By answer and cut: what was handed over is a right answer already. */
  readonly leaked: readonly (readonly boolean[])[];
  /** By answer and cut: the share of right finishes, receivers by their weights; null where the cut does not count. */
  readonly shares: readonly (readonly (number | null)[])[];
  /** By answer: the mean of its shares; null where no cut counts. */
  readonly finished: readonly (number | null)[];
  /** By answer: what was paid. */
  readonly values: readonly (number | null)[];
  readonly receivers: readonly ReceiverOutcome[];
  /** By answer: second tries that were made for `icc` alone. */
  readonly again: readonly (readonly number[] | null)[];
}

/** Everything that is measured, by receiver and together. */
export function transferMetrics(outcome: TransferOutcome): Record<string, number> {
  const { batch, leaked, finished, values, receivers } = outcome;
  const out: Record<string, number> = {
    ...byTau(outcome),
    leakage: leaked.flat().filter(Boolean).length / leaked.flat().length,
    group_std: withinGroups(batch, values),
  };
  const icc = luck(outcome);
  if (icc !== undefined) out.icc = icc;
  const scratch = weighted(receivers.map(({ receiver, scratch: s }) => [receiver.weight, s]));
  if (!Number.isNaN(scratch)) {
    out.scratch = scratch;
    out.gain = (meanOf(finished.filter((v) => v !== null)) ?? Number.NaN) - scratch;
  }
  if (receivers.length > 1) out.agreement = agreement(receivers);
  for (const { receiver, outcomes, scratch: s } of receivers) {
    const name = receiverName(receiver.id);
    const own = rates(outcomes).flat();
    out[`receiver/${name}/mean`] = meanOf(own.filter((r) => r !== null)) ?? Number.NaN;
    if (!Number.isNaN(s)) out[`receiver/${name}/scratch`] = s;
  }
  return out;
}

/** Share of right tries, by answer and cut. */
export function rates(outcomes: ReceiverOutcome['outcomes']): (number | null)[][] {
  return outcomes.map((cuts) => cuts.map((tries) => (tries === null ? null : meanOf(tries))));
}

/** Mean of [weight, value] pairs; NaN where a value is NaN. */
export function weighted(pairs: readonly (readonly [number, number])[]): number {
  const total = pairs.reduce((sum, [weight]) => sum + weight, 0);
  return pairs.reduce((sum, [weight, value]) => sum + weight * value, 0) / total;
}

/** Each cut counts in the tenth of its own tau. */
function byTau({ cuts, shares }: TransferOutcome): Record<string, number> {
  const buckets = Array.from({ length: TAU_BUCKETS }, (): number[] => []);
  cuts.forEach((own, i) => {
    own.forEach(({ tau }, k) => {
      const share = shares[i][k];
      if (share !== null) buckets[tauBucket(tau, TAU_BUCKETS)].push(share);
    });
  });
  return Object.fromEntries(
    buckets.flatMap((own, b) => (own.length > 0 ? [[`tau_${b}`, meanOf(own) ?? 0]] : [])),
  );
}

/**
 * Reliability of one try of the first receiver. An answer's tries at all its cuts are taken together, so with several cuts the place of a
 * cut counts as luck. An answer with a cut that could not be handed over has fewer tries than the others and is left out. Undefined where no
 * answer was tried twice.
 */
function luck({ batch, receivers, again }: TransferOutcome): number | undefined {
  const tried = batch.flatMap(({ group }, i) => {
    const cuts = receivers[0].outcomes[i];
    if (cuts.includes(null)) return [];
    const outcomes = [...cuts.flatMap((tries) => tries ?? []), ...(again[i] ?? [])];
    return outcomes.length >= 2 ? [{ group, outcomes }] : [];
  });
  return tried.length === 0 ? undefined : intraclassCorrelation(tried);
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

/** Chance that two receivers, each with one of its tries, agree on a cut answer: mean over cuts and pairs. */
function agreement(receivers: readonly ReceiverOutcome[]): number {
  const all = receivers.map(({ outcomes }) => rates(outcomes).flat());
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
