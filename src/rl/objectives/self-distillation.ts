/**
 * What a policy owes to a teacher of its own answers, in float64. The reward of a token is how much likelier the teacher finds it than the policy that wrote it:
 *
 *     r_t = log pi_teacher(y_t | x, c, y_<t) - log pi(y_t | x, y_<t)        A_t = r_t + gamma A_{t+1}
 *
 * No gradient flows through r. With gamma 0 the policy gradient is, in expectation, that of the reverse divergence KL(pi || pi_teacher) of each next token at the
 * places where the policy has been; with gamma 1 it is that of whole answers, what a token leads to included.
 *
 * Source: OPSD (Zhao et al. 2026, arXiv 2601.18734), its objective on sampled tokens; gamma is ours.
 */
import { discounted } from './discounted.ts';

export interface TaughtTokens {
  /** r, one number per token, nats. */
  readonly rewards: Float64Array;
  /** A, one number per token. */
  readonly advantages: Float64Array;
}

/**
 * @param teacher log-probability of each token of an answer under the teacher, nats
 * @param policy the same under the policy that wrote it
 * @param gamma what a reward one token later is worth, 0 to 1
 * @throws RangeError where the two are not of one length
 */
export function taughtTokens(
  teacher: ArrayLike<number>,
  policy: ArrayLike<number>,
  gamma: number,
): TaughtTokens {
  if (teacher.length !== policy.length)
    throw new RangeError(`${teacher.length} and ${policy.length} log-probs of one answer`);
  const rewards = Float64Array.from(teacher, (logprob, t) => logprob - policy[t]);
  return { rewards, advantages: discounted(rewards, gamma) };
}
