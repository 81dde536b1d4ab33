/** How well a reward model tells experts from a policy on questions that neither learned from. */
import { Bootstrap, type Interval } from '../evaluate/bootstrap.ts';
import { randomStream } from '../random.ts';
import { aurocOf } from './as-judge.ts';

/** What a reward model said of one trace. */
export interface HeldTrace {
  /** Traces with the same key are drawn together: those to one question, or to questions that go together. */
  readonly cluster: string;
  readonly expert: boolean;
  /** Mean logit over the tokens at which it is read. */
  readonly logit: number;
}

export interface HeldOut {
  /** Traces of experts, and the policy's. */
  readonly experts: number;
  readonly answers: number;
  /** Share of pairs of an expert's trace and an answer that are in the right order, with its 95 % interval; null where a kind is missing. */
  readonly auroc: number | null;
  readonly auroc_interval: Interval | null;
  /** Share that is told rightly at a logit of 0, both kinds weighing the same; exactly 0 counts one half. */
  readonly accuracy: number | null;
  readonly accuracy_interval: Interval | null;
}

/** @param seed of the bootstrap over clusters */
export function heldOut(traces: readonly HeldTrace[], seed: number): HeldOut {
  const experts = traces.map(({ expert }) => expert);
  const count = experts.filter(Boolean).length;
  const counts = { experts: count, answers: traces.length - count };
  if (count === 0 || count === traces.length)
    return {
      ...counts,
      auroc: null,
      auroc_interval: null,
      accuracy: null,
      accuracy_interval: null,
    };
  const bootstrap = new Bootstrap(
    traces.map(({ cluster }) => cluster),
    randomStream(seed, 'airl/held-out'),
  );
  const ranked = bootstrap.weighted(
    aurocOf(
      traces.map(({ logit }) => logit),
      experts,
    ),
  );
  const right = traces.map(({ expert, logit }) => (Math.sign(expert ? logit : -logit) + 1) / 2);
  const ofKind = (kind: boolean, values: readonly number[]) =>
    values.map((value, i) => (experts[i] === kind ? value : 0));
  const ones = traces.map(() => 1);
  const told = bootstrap.statistic(
    [ofKind(true, right), ofKind(true, ones), ofKind(false, right), ofKind(false, ones)],
    ([a, all, b, others]) => (a / all + b / others) / 2,
  );
  return {
    ...counts,
    ...{ auroc: ranked.mean, auroc_interval: ranked },
    ...{ accuracy: told.mean, accuracy_interval: told },
  };
}
