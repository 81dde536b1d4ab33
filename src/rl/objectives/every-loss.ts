/**
 * One batch under every loss: what each of them would do to the same answers with the same rewards, token by token. It calls the functions
 * that train, so its numbers are theirs.
 */
import { type StepSize, tokenDivisor } from './aggregation.ts';
import { cappedWeight, clippedSurrogate } from './clip.ts';
import { sharedRatio, type TokenBatch, tokenCoefficients, tokenRatio } from './objective.ts';
import { ppoCoefficients } from './ppo/loss.ts';
import { PPO_DEFAULTS } from './ppo/settings.ts';
import { isMasked, LOSS_TYPES, OBJECTIVE_DEFAULTS, type ObjectiveSettings } from './settings.ts';

export const EVERY_LOSS = [...LOSS_TYPES, 'ppo'] as const;
export type EveryLoss = (typeof EVERY_LOSS)[number];

/** An answer with what the losses need of it: one number per token, end token included, in nats. */
export interface WeighedAnswer {
  /** Log-probs under the policy that sampled. */
  readonly old: readonly number[];
  /** Under the frozen reference; absent where there is none. */
  readonly ref?: readonly number[];
  readonly truncated: boolean;
  /** Advantages as the losses of the GRPO family take them. */
  readonly advantages: ArrayLike<number>;
  /** Advantages as PPO takes them. */
  readonly critic: ArrayLike<number>;
}

/** How far the policy is moved from the one that sampled. */
export interface Move {
  /**
   * Which log-probs move: all by the same (`alike`), each by the sign of its advantage (`sign`), or so and more where the token was
   * unlikely (`update`): a step on a token's own logit moves its log-prob in proportion to 1 - p.
   */
  readonly by: 'update' | 'sign' | 'alike';
  /** Nats. At 0 the policy is the one that sampled. */
  readonly amount: number;
}

/** What one loss does to one answer, per token. */
export interface AnswerUnderLoss {
  /** dLoss/dlogp */
  readonly coefficients: Float64Array;
  /** The share of the policy's term in it; the rest is that of the KL. */
  readonly policy: Float64Array;
  readonly ratios: Float64Array;
  /** True where a bound holds the ratio: the surrogate then has no slope, or the weight of cispo is its cap. */
  readonly held: readonly boolean[];
  /** What a token's loss is divided by; null where the answer is masked. */
  readonly divisor: number | null;
}

export interface UnderLoss {
  readonly loss: EveryLoss;
  readonly settings: ObjectiveSettings;
  /** In the order of the answers. */
  readonly answers: readonly AnswerUnderLoss[];
}

/** Bounds that mean something else than those of the other losses: of a ratio per answer (GSPO, section 5.1), and of a weight (MiniMax-M1). */
const OWN_BOUNDS: Partial<Record<EveryLoss, Partial<ObjectiveSettings>>> = {
  gspo: { epsilon: 3e-4, epsilon_high: 4e-4, delta: null },
  cispo: { epsilon_high: 5, delta: null },
};

/**
 * The settings of a loss beside those of a run: the run's own where it is the run's loss. Else the run's bounds, and for gspo and cispo those
 * of their papers, since their bounds mean something else.
 * @param trained the loss that the run trains with; null where it is none of these
 */
export function settingsUnder(
  loss: EveryLoss,
  run: ObjectiveSettings,
  trained: EveryLoss | null,
): ObjectiveSettings {
  const loss_type = loss === 'ppo' ? 'dapo' : loss;
  if (loss === trained) return { ...run, loss_type };
  const { epsilon, epsilon_high, delta } = OBJECTIVE_DEFAULTS;
  const foreign = trained !== null && OWN_BOUNDS[trained] !== undefined;
  return {
    ...run,
    ...(foreign && { epsilon, epsilon_high, delta }),
    ...{ loss_type, importance_sampling_level: 'token', ...OWN_BOUNDS[loss] },
  };
}

/** The log-probs of an answer after a move. */
export function moved({ old, advantages }: WeighedAnswer, { by, amount }: Move): number[] {
  return old.map((logp, t) => {
    if (by === 'alike') return logp + amount;
    const signed = amount * Math.sign(advantages[t]);
    return logp + (by === 'sign' ? signed : signed * (1 - Math.exp(logp)));
  });
}

/**
 * The answers under every loss.
 * @param answers some of a step's, all of one policy
 * @param logp their log-probs now, per answer
 * @param step how large the whole step was, to which the divisors belong
 * @param settings of a loss; entropy_coef does not count, as it has no part in dLoss/dlogp
 */
export function underEveryLoss(
  answers: readonly WeighedAnswer[],
  logp: readonly (readonly number[])[],
  step: StepSize,
  settings: (loss: EveryLoss) => ObjectiveSettings,
): UnderLoss[] {
  return EVERY_LOSS.map((loss) => {
    const own = { ...settings(loss), entropy_coef: 0 };
    return {
      loss,
      settings: own,
      answers: answers.map((answer, i) => underLoss(answer, logp[i], step, own, loss)),
    };
  });
}

function underLoss(
  answer: WeighedAnswer,
  logp: readonly number[],
  step: StepSize,
  settings: ObjectiveSettings,
  loss: EveryLoss,
): AnswerUnderLoss {
  const { old, ref, truncated } = answer;
  const { length } = logp;
  const sequence = { start: 0, length, advantage: 0, truncated };
  const advantages = loss === 'ppo' ? answer.critic : answer.advantages;
  const batch = { sequences: [sequence], logp, old, advantages, ...(ref && { ref }) };
  const masked = isMasked(sequence, settings);
  const divisor = masked ? null : tokenDivisor(length, step, settings);
  const coefficientsOf = (one: ObjectiveSettings) => {
    if (masked) return new Float64Array(length);
    return loss === 'ppo'
      ? asPpo(batch, one, step)
      : tokenCoefficients(batch, one, {
          weights: [1 / (divisor ?? 1)],
          activeTokens: step.activeTokens,
        }).coefficients;
  };
  const shared = sharedRatio(batch, sequence, settings);
  const ratios = Float64Array.from(logp, (_, t) => shared ?? tokenRatio(batch, t));
  return {
    coefficients: coefficientsOf(settings),
    policy: coefficientsOf({ ...settings, beta: 0 }),
    ...{ ratios, divisor },
    held: Array.from(ratios, (ratio, t) => isHeld(ratio, advantages[t], settings)),
  };
}

/** PPO's, without the part of the value, which has no log-prob. */
function asPpo(
  batch: TokenBatch & { readonly old: ArrayLike<number>; readonly advantages: ArrayLike<number> },
  settings: ObjectiveSettings,
  { activeTokens }: StepSize,
): Float64Array {
  const none = new Float64Array(batch.logp.length);
  const values = { values: none, oldValues: none, returns: none, entropy: none };
  return ppoCoefficients({ ...batch, ...values }, { ...settings, ...PPO_DEFAULTS }, activeTokens)
    .coefficients;
}

function isHeld(ratio: number, advantage: number, settings: ObjectiveSettings): boolean {
  if (advantage === 0) return false;
  if (settings.loss_type !== 'cispo') {
    return clippedSurrogate(ratio, advantage, settings).slope === 0;
  }
  return cappedWeight(ratio, advantage, settings).weight < ratio;
}
