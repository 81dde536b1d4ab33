/** What several verdicts on one pair come to. */
import type { Place } from './pair.ts';
import { criticReward, type Payoffs, policyReward } from './payoffs.ts';
import { type CriticVerdict, readVerdict, VERDICTS } from './verdict.ts';

export interface Judgement {
  /** One for each verdict, on the answers as they are numbered; null where it cannot be read. */
  readonly verdicts: readonly (CriticVerdict | null)[];
  /** Shares of the readable verdicts; null where none can be read. */
  readonly probabilities: Readonly<Record<CriticVerdict, number>> | null;
  /** What each verdict pays the critic. */
  readonly r_critic: readonly number[];
  /** What all of them pay the policy; null where none can be read. */
  readonly r_policy: number | null;
}

/** @param expert which of the two answers is the expert's */
export function judgementOf(
  verdicts: readonly (CriticVerdict | null)[],
  expert: Place,
  payoffs: Payoffs,
): Judgement {
  const judged = verdicts.map((verdict) => ({ verdict, expert }));
  return {
    verdicts,
    probabilities: sharesOf(verdicts),
    r_critic: judged.map((one) => criticReward(one, payoffs)),
    r_policy: policyReward(judged, payoffs),
  };
}

/** A verdict as it was recorded: the bare word, or the critic's whole text, which must end with a tagged verdict. Anything else is null. */
export function recordedVerdict(text: string): CriticVerdict | null {
  return VERDICTS.find((verdict) => verdict === text) ?? readVerdict(text);
}

/** The share of each verdict among those that can be read; null where none can be. */
function sharesOf(verdicts: readonly (CriticVerdict | null)[]): Judgement['probabilities'] {
  const read = verdicts.filter((verdict) => verdict !== null);
  if (read.length === 0) return null;
  const share = (of: CriticVerdict) => read.filter((one) => one === of).length / read.length;
  return { '1': share('1'), '2': share('2'), tie: share('tie') };
}
