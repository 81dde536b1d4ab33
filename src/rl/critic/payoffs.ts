/**
 * What verdicts pay. R_critic = 1[names the expert's] + tau_crit 1[tie], R_policy = 1[names the policy's] + tau_pol 1[tie]
 * (RARO, "Escaping the Verifier", the two rewards of the relativistic critic).
 */
import type { Place } from './pair.ts';
import type { AloneVerdict, CriticVerdict } from './verdict.ts';

export interface Payoffs {
  /** What a tie pays the critic. */
  readonly tau_crit: number;
  /** What a tie pays the policy. */
  readonly tau_pol: number;
}

/** The paper's values for DeepMath. */
export const PAYOFFS: Payoffs = { tau_crit: 0.55, tau_pol: 0.6 };

/** The ablation without ties: a tie may still be said, and pays nobody. */
export const WITHOUT_TIES: Payoffs = { tau_crit: 0, tau_pol: 0 };

/** What verdicts pay by the settings of a method; null where that method has no critic that compares answers. */
export function payoffsOf(method: object): Payoffs | null {
  const { tau_crit, tau_pol } = method as Partial<Payoffs>;
  return tau_crit === undefined || tau_pol === undefined ? null : { tau_crit, tau_pol };
}

/** A verdict and where the expert's answer stood. Null: it could not be read. */
export interface Judged {
  readonly verdict: CriticVerdict | null;
  readonly expert: Place;
}

/** What one verdict pays the critic; 0 where it cannot be read. */
export function criticReward({ verdict, expert }: Judged, { tau_crit }: Payoffs): number {
  if (verdict === 'tie') return tau_crit;
  return Number(verdict === expert);
}

/**
 * What all verdicts on one answer, in whatever orders, pay the policy: the mean over those that can be read.
 * @returns null where none can be read: then the answer is not scored
 */
export function policyReward(judged: readonly Judged[], { tau_pol }: Payoffs): number | null {
  const paid = judged.flatMap(({ verdict, expert }) => {
    if (verdict === null) return [];
    return verdict === 'tie' ? tau_pol : Number(verdict !== expert);
  });
  return meanOf(paid);
}

/** The binary critic: what calling one answer the expert's or the policy's pays it; 0 where it cannot be read. */
export function aloneCriticReward(verdict: AloneVerdict | null, truth: AloneVerdict): number {
  return Number(verdict === truth);
}

/** The binary critic: the share of readable verdicts that take the policy's answer for the expert's; null where none can be read. */
export function alonePolicyReward(verdicts: readonly (AloneVerdict | null)[]): number | null {
  const read = verdicts.filter((verdict) => verdict !== null);
  return meanOf(read.map((verdict) => Number(verdict === 'expert')));
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, x) => sum + x, 0) / values.length;
}
