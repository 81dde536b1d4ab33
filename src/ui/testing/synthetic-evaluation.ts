/** Tests and screenshots only: an invented evaluation that agrees with itself. The better the policy, the higher its curves. */
import type { Band, Interval } from '../../rl/evaluate/bootstrap.ts';
import type { Evaluation } from '../../rl/evaluate/evaluate.ts';
import type { EvaluationOrder } from '../../rl/evaluate/order.ts';
import { sizesUpTo, type TournamentNumbers } from '../../rl/evaluate/tournament.ts';
import { parseReceivers } from '../../rl/rewards/transfer/receiver-list.ts';

/** @param skill chance that an answer is right, 0 to 1 */
export function syntheticEvaluation(order: EvaluationOrder, skill: number): Evaluation {
  const { prompts, samples, transfer_answers } = order;
  const half = 1 / Math.sqrt(prompts);
  const around = (mean: number, width = half): Interval => ({
    mean,
    low: Math.max(0, mean - width * 0.4),
    high: Math.min(1, mean + width * 0.4),
  });
  const band = (values: readonly number[]): Band => ({
    low: values.map((value) => around(value).low),
    high: values.map((value) => around(value).high),
  });
  const ks = Array.from({ length: samples }, (_, i) => i + 1);
  const maj_at_k = ks.map((k) => skill + (1 - skill) * 0.35 * (1 - 1 / (1 + Math.log2(k) / 2)));
  const pass_at_k = ks.map((k) => 1 - (1 - skill) ** (1 + Math.log2(k)));
  const length = (mean: number): Interval => ({ mean, low: mean - 1.5, high: mean + 1.5 });
  const receivers = parseReceivers(order.receivers).map(({ id }, i) => {
    const scratch = 0.2 + 0.15 * i;
    const success = ks.length
      ? Array.from({ length: 10 }, (_, b) => scratch + (skill + 0.3 - scratch) * (b / 9) ** 1.5)
      : [];
    const mean = success.reduce((sum, value) => sum + value, 0) / success.length;
    return {
      receiver: id,
      success,
      success_interval: band(success),
      transferability: mean,
      transferability_interval: around(mean),
      scratch,
      scratch_interval: around(scratch),
      gain: mean - scratch,
      gain_interval: {
        mean: mean - scratch,
        low: mean - scratch - 0.04,
        high: mean - scratch + 0.04,
      },
      no_room: 0,
    };
  });
  return {
    prompts,
    distinct: prompts,
    clusters: prompts,
    samples,
    accuracy: skill,
    accuracy_interval: around(skill),
    well_formed: 0.98,
    maj_at_k,
    maj_at_k_interval: band(maj_at_k),
    pass_at_k,
    pass_at_k_interval: band(pass_at_k),
    mean_length: 31,
    mean_length_interval: length(31),
    mean_length_right: 27,
    mean_length_right_interval: length(27),
    truncated: 0.02,
    ...(order.tournament ? { tournament: tournamentOf(order.tournament, skill, around) } : {}),
    ...(receivers.length > 0 && {
      transfer: {
        answers: transfer_answers,
        continuations: 1,
        leakage: Array.from({ length: 10 }, (_, b) => (b === 9 ? skill : 0)),
        leakage_mean: skill / 10,
        receivers,
      },
    }),
  };
}

function tournamentOf(
  most: number,
  skill: number,
  around: (mean: number) => Interval,
): TournamentNumbers {
  const by_answers = sizesUpTo(most).map((n) => {
    const grown = 1 - 1 / (1 + Math.log2(n) / 2);
    const [one_sample, majority] = [skill, skill + (1 - skill) * 0.3 * grown];
    const tournament = skill + (1 - skill) * 0.5 * grown;
    const best_of = 1 - (1 - skill) ** (1 + Math.log2(n));
    const gain = tournament - majority;
    return {
      ...{ n, one_sample, one_sample_interval: around(one_sample) },
      ...{ majority, majority_interval: around(majority) },
      ...{ tournament, tournament_interval: around(tournament) },
      ...{ best_of, best_of_interval: around(best_of) },
      ...{ gain, gain_interval: { mean: gain, low: gain - 0.05, high: gain + 0.05 } },
      drawn: n === 1 ? null : 0.4,
    };
  });
  return { by_answers, verdicts: 100, unreadable: 0.02 };
}
