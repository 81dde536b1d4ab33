/**
 * Why ties save the game. A critic that is right with chance p earns p by naming an answer and tau_crit by a tie, so below p = tau_crit a
 * tie is its best reply, and the policy earns tau_pol for certain in place of a coin flip.
 */
import { criticReward, type Payoffs, policyReward } from './payoffs.ts';
import type { CriticVerdict } from './verdict.ts';

export interface PayoffRow {
  /** Whose answer the verdict names. */
  readonly named: 'expert' | 'policy' | 'tie';
  readonly critic: number;
  readonly policy: number;
}

/** What each verdict pays both sides. `WITHOUT_TIES` gives the table of the game without them. */
export function payoffTable(payoffs: Payoffs): readonly PayoffRow[] {
  const row = (named: PayoffRow['named'], verdict: CriticVerdict): PayoffRow => {
    const judged = { verdict, expert: '1' } as const;
    const policy = policyReward([judged], payoffs) ?? 0;
    return { named, critic: criticReward(judged, payoffs), policy };
  };
  return [row('expert', '1'), row('tie', 'tie'), row('policy', '2')];
}

/** Whether a tie pays the critic more than its best guess. @param p chance that the guess is right, 0 to 1 */
export function tiePays(p: number, { tau_crit }: Payoffs): boolean {
  return p < tau_crit;
}

/** What both sides earn on average where the critic does what pays it most. @param p chance that its guess is right, 0 to 1 */
export function bestReply(p: number, payoffs: Payoffs): Omit<PayoffRow, 'named'> {
  if (tiePays(p, payoffs)) return { critic: payoffs.tau_crit, policy: payoffs.tau_pol };
  return { critic: p, policy: 1 - p };
}

/** What both sides earn under a critic that says tie whatever it sees. */
export function tyingRewards({ tau_crit, tau_pol }: Payoffs): Omit<PayoffRow, 'named'> {
  return { critic: tau_crit, policy: tau_pol };
}

/** What both sides earn on average under a critic that names one of two answers without looking. */
export const GUESSING_REWARDS: Omit<PayoffRow, 'named'> = { critic: 0.5, policy: 0.5 };
