/** PPO's loss on a batch: from log-probs, values and the estimates of the rollout to coefficients of log-probs and values. */
import { type PackedSequence, type TokenCoefficients, tokenCoefficients } from '../objective.ts';
import type { ObjectiveSettings } from '../settings.ts';
import type { PpoSettings } from './settings.ts';
import { valueTerm } from './value-loss.ts';

/** Completions of a minibatch, or of a part of it, in flat arrays as in `TokenBatch`. */
export interface PpoBatch {
  readonly sequences: readonly Pick<PackedSequence, 'start' | 'length'>[];
  /** Under the current policy. */
  readonly logp: ArrayLike<number>;
  readonly entropy: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  /** When the completions were sampled. */
  readonly old: ArrayLike<number>;
  readonly oldValues: ArrayLike<number>;
  readonly advantages: ArrayLike<number>;
  readonly returns: ArrayLike<number>;
  /** Under the frozen reference; needed where beta is not 0. */
  readonly ref?: ArrayLike<number>;
}

/** Sums over the tokens of one completion. */
export interface ValueTotals {
  readonly tokens: number;
  /** Weighted value loss, before vf_coef. */
  readonly loss: number;
  readonly clipped: number;
  /** Sum of (logp - old)^2 / 2. */
  readonly approxKl: number;
}

export interface PpoCoefficients
  extends Pick<TokenCoefficients, 'coefficients' | 'entropyCoefficients' | 'totals'> {
  /** dLoss/dvalue per token. */
  readonly valueCoefficients: Float64Array;
  /** Share of the minibatch's whole loss. */
  readonly loss: number;
  readonly valueTotals: readonly ValueTotals[];
}

/**
 * loss = sum over tokens of weight (clipped surrogate + beta KL - entropy_coef H + vf_coef value loss)
 *
 * with the clipped surrogate, the KL and the entropy bonus of `tokenCoefficients`, an advantage of its own for each token, and the
 * value loss of `valueTerm`. Advantages and returns are constants.
 *
 * Source: PPO (Schulman et al. 2017, arXiv 1707.06347), eq. 7 and 9.
 *
 * @param tokens all tokens of the minibatch, of which the batch may be a part: the loss is a mean over them
 */
export function ppoCoefficients(
  batch: PpoBatch,
  settings: Omit<ObjectiveSettings, 'loss_type' | 'importance_sampling_level'> & PpoSettings,
  tokens: number,
): PpoCoefficients {
  const weight = 1 / tokens;
  const { values, oldValues, returns, old, logp } = batch;
  for (const list of [values, oldValues, returns, old, batch.advantages]) {
    if (list.length !== logp.length)
      throw new RangeError(`${list.length} numbers beside ${logp.length} log-probs`);
  }
  const sequences = batch.sequences.map(({ start, length }) => ({
    ...{ start, length, advantage: 0 },
    // A completion without a part in the loss is not in the batch.
    truncated: false,
  }));
  const policy = tokenCoefficients(
    { ...batch, sequences },
    { ...settings, loss_type: 'dapo', importance_sampling_level: 'token' },
    { weights: sequences.map(() => weight), activeTokens: tokens },
  );
  const valueCoefficients = new Float64Array(logp.length);
  const valueTotals = sequences.map(({ start, length }): ValueTotals => {
    let loss = 0;
    let clipped = 0;
    let approxKl = 0;
    for (let t = start; t < start + length; t++) {
      const term = valueTerm(values[t], oldValues[t], returns[t], settings.cliprange_value);
      valueCoefficients[t] = weight * settings.vf_coef * term.slope;
      loss += weight * term.loss;
      clipped += Number(term.clipped);
      approxKl += 0.5 * (logp[t] - old[t]) ** 2;
    }
    return { tokens: length, loss, clipped, approxKl };
  });
  const valueLoss = valueTotals.reduce((sum, row) => sum + row.loss, 0);
  return {
    coefficients: policy.coefficients,
    entropyCoefficients: policy.entropyCoefficients,
    totals: policy.totals,
    valueCoefficients,
    loss: policy.loss + settings.vf_coef * valueLoss,
    valueTotals,
  };
}
