/** The GRPO family: from log-probabilities and advantages to one coefficient per token. */
import { type Aggregation, prepareAggregation } from './aggregation.ts';
import { cappedWeight, clippedSurrogate } from './clip.ts';
import { klK3, klK3Slope } from './kl.ts';
import {
  emptyTotals,
  type ObjectiveMetrics,
  objectiveMetrics,
  type SequenceTotals,
} from './metrics.ts';
import { logRatio, logRatioSlope } from './ratio.ts';
import { isMasked, isSequenceLevel, type ObjectiveSettings } from './settings.ts';

/** One completion in the flat arrays: its tokens, end token included, are `start .. start + length - 1`. */
export interface PackedSequence {
  readonly start: number;
  readonly length: number;
  readonly advantage: number;
  /** The token budget ended before the end token. */
  readonly truncated: boolean;
}

/**
 * Whole completions of a step, or of a part of it. The arrays hold one number per completion token (nats). Places outside every
 * sequence are padding: they are never read, and get coefficient 0.
 */
export interface TokenBatch {
  readonly sequences: readonly PackedSequence[];
  /** Under the current policy, at the sampling temperature. */
  readonly logp: ArrayLike<number>;
  /** Under the policy that sampled. Left out where that is the current policy: every ratio is then exactly 1. */
  readonly old?: ArrayLike<number>;
  /** Under the frozen reference; needed where beta is not 0. */
  readonly ref?: ArrayLike<number>;
  /** An advantage per token, instead of one per sequence (PPO). */
  readonly advantages?: ArrayLike<number>;
  /** Entropy of the distribution that the token was drawn from; needed where entropy_coef is not 0. */
  readonly entropy?: ArrayLike<number>;
}

/** What a batch takes from the aggregation of its whole step: the weights of its own sequences, and the step's tokens that count. */
export interface StepShare extends Pick<Aggregation, 'activeTokens'> {
  readonly weights: ArrayLike<number>;
}

export interface TokenCoefficients {
  /** dLoss/dlogp per token. */
  readonly coefficients: Float64Array;
  /** dLoss/dentropy per token. */
  readonly entropyCoefficients: Float64Array;
  /** Share of the step's loss; the shares of micro-batches add up. */
  readonly loss: number;
  /** Metrics of this batch alone. */
  readonly metrics: ObjectiveMetrics;
  /** One per sequence. Concatenate those of all micro-batches and pass them to `objectiveMetrics` for the step's metrics. */
  readonly totals: readonly SequenceTotals[];
}

/**
 * The loss of GRPO and its relatives, and its exact derivatives:
 *
 *   rho = exp(logp - old)                                             (one per token; see below for gspo)
 *   L   = -min(min(rho, delta) A, clip(rho, 1 - epsilon, 1 + epsilon_high) A)     (clip.ts)
 *         + beta KL,  KL = exp(ref - logp) - (ref - logp) - 1                     (kl.ts)
 *   loss = sum over completions i and their tokens t of weight_i L_it             (weights: aggregation.ts)
 *          - entropy_coef (mean of H over the tokens that count)
 *
 *   dloss/dlogp = weight (-rho A where not clipped, else 0) + weight beta (1 - exp(ref - logp))
 *   dloss/dH    = -entropy_coef / (tokens that count)
 *
 * The entropy bonus is the same for every loss, whatever its token weights are (as TRL 1.13, which takes the mean of each micro-batch;
 * here it is that of the whole update).
 *
 * With `use_bias_correction_kl` KL is multiplied by the ratio, which keeps its slope: d(rho KL)/dlogp = rho (1 - exp(ref - logp)) + rho KL. Where
 * one ratio s serves a completion, the last term is s times the mean KL of its tokens. Source: DeepSeek-V3.2 (arXiv 2512.02556), as TRL 1.13.
 *
 * gspo has one ratio per completion, s = exp(mean over t of (logp - old)), in place of rho; 1/|o| from the mean and the
 * |o| equal terms cancel, so every token gets -weight s A. cispo has -min(rho, epsilon_high) A logp with the ratio held
 * constant, so dloss/dlogp = -weight min(rho, epsilon_high) A, never 0 by clipping.
 *
 * Sources: GRPO, DeepSeekMath (Shao et al. 2024), eq. 3 and 4; `LossType` names the sources of the others.
 *
 * Traps, each with its test:
 * - With `old` = `logp` the grpo loss of group advantages is 0, but its gradient is not.
 * - The loss has a minus sign; coefficients go to a backward pass that minimises.
 * - Log-probs and entropy are of the distribution at the sampling temperature. Coefficients are with respect to those, so the
 *   backward pass divides by the temperature to reach the logits.
 * - logp - old is clamped to [-20, 20]; beyond it the policy term has no slope.
 * - gspo's ratio is far closer to 1 than a token's: its paper clips at 3e-4 and 4e-4, not at 0.2.
 *
 * @param share token weight per sequence of `batch`, and the tokens that count in the whole step, both from `prepareAggregation` over the
 *   whole step; left out, the batch is taken as the whole step.
 * @throws RangeError when the arrays do not fit the sequences or a needed array is missing.
 */
export function tokenCoefficients(
  batch: TokenBatch,
  settings: ObjectiveSettings,
  share: StepShare = prepareAggregation(batch.sequences, settings),
): TokenCoefficients {
  const { weights, activeTokens } = share;
  checkShapes(batch, settings, weights);
  const entropyWeight = 1 / activeTokens;
  const coefficients = new Float64Array(batch.logp.length);
  const entropyCoefficients = new Float64Array(batch.logp.length);
  const totals = batch.sequences.map((sequence, i) => {
    if (isMasked(sequence, settings)) return emptyTotals();
    const weight = weights[i];
    const shared = sharedRatio(batch, sequence, settings);
    const corrects = settings.use_bias_correction_kl && batch.ref !== undefined;
    const sharedKl = corrects && shared !== undefined ? meanKl(batch, sequence) : undefined;
    const sums = emptyTotals();
    for (let t = sequence.start; t < sequence.start + sequence.length; t++) {
      const logp = batch.logp[t];
      const old = batch.old ? batch.old[t] : logp;
      const ratio = shared ?? tokenRatio(batch, t);
      const advantage = batch.advantages ? batch.advantages[t] : sequence.advantage;
      const term = policyTerm(ratio, logp, old, advantage, settings);
      const ref = batch.ref ? batch.ref[t] : logp;
      const plainKl = klK3(logp, ref);
      const plainSlope = klK3Slope(logp, ref);
      const kl = corrects ? ratio * plainKl : plainKl;
      const klSlope = corrects
        ? ratio * (plainSlope + logRatioSlope(logp, old) * (sharedKl ?? plainKl))
        : plainSlope;

      coefficients[t] = weight * (term.slope + settings.beta * klSlope);
      entropyCoefficients[t] = -entropyWeight * settings.entropy_coef;

      sums.tokens += 1;
      sums.policyLoss += weight * (term.loss + settings.beta * kl);
      sums.ratio += ratio;
      sums.low += Number(term.low);
      sums.high += Number(term.high);
      if (batch.ref) sums.kl = (sums.kl ?? 0) + kl;
      if (batch.entropy) {
        sums.entropy = (sums.entropy ?? 0) + batch.entropy[t];
        sums.entropyLoss += entropyCoefficients[t] * batch.entropy[t];
      }
    }
    return sums;
  });
  const metrics = objectiveMetrics(totals, settings);
  return { coefficients, entropyCoefficients, loss: metrics.loss, metrics, totals };
}

/** The policy's part of one token: its loss, dloss/dlogp, and whether it was clipped. */
function policyTerm(
  ratio: number,
  logp: number,
  old: number,
  advantage: number,
  settings: ObjectiveSettings,
): { loss: number; slope: number; low: boolean; high: boolean } {
  if (settings.loss_type === 'cispo') {
    const { weight, capped } = cappedWeight(ratio, advantage, settings);
    const slope = -weight * advantage;
    return { loss: slope * logp, slope, low: false, high: capped };
  }
  const { loss, slope, low, high } = clippedSurrogate(ratio, advantage, settings);
  // d ratio / d logp = ratio, for one token; for a completion's ratio it is ratio / |o|, met |o| times.
  return { loss, slope: slope * ratio * logRatioSlope(logp, old), low, high };
}

/** The ratio that serves all tokens of a completion; undefined where each has its own. */
export function sharedRatio(
  batch: Pick<TokenBatch, 'logp' | 'old'>,
  sequence: Pick<PackedSequence, 'start' | 'length'>,
  settings: ObjectiveSettings,
): number | undefined {
  return isSequenceLevel(settings) ? sequenceRatio(batch, sequence) : undefined;
}

/** The ratio of token `t` of the flat arrays. */
export function tokenRatio({ logp, old }: Pick<TokenBatch, 'logp' | 'old'>, t: number): number {
  return old ? Math.exp(logRatio(logp[t], old[t])) : 1;
}

/** GSPO, eq. 7: the geometric mean of a completion's token ratios. */
function sequenceRatio(
  batch: Pick<TokenBatch, 'logp' | 'old'>,
  { start, length }: Pick<PackedSequence, 'start' | 'length'>,
): number {
  if (!batch.old) return 1;
  let sum = 0;
  for (let t = start; t < start + length; t++) sum += logRatio(batch.logp[t], batch.old[t]);
  return Math.exp(sum / length);
}

/** Mean over a completion's tokens of the k3 estimate. */
function meanKl({ logp, ref = logp }: TokenBatch, { start, length }: PackedSequence): number {
  let sum = 0;
  for (let t = start; t < start + length; t++) sum += klK3(logp[t], ref[t]);
  return sum / length;
}

function checkShapes(
  batch: TokenBatch,
  settings: ObjectiveSettings,
  weights: ArrayLike<number>,
): void {
  const { sequences, logp, old, ref, entropy } = batch;
  if (settings.beta !== 0 && !ref) throw new RangeError('beta needs reference log-probs');
  if (settings.entropy_coef !== 0 && !entropy) throw new RangeError('entropy_coef needs entropies');
  for (const array of [old, ref, entropy]) {
    if (array && array.length !== logp.length) {
      throw new RangeError(`${array.length} numbers beside ${logp.length} log-probs`);
    }
  }
  if (weights.length !== sequences.length) {
    throw new RangeError(`${weights.length} weights for ${sequences.length} sequences`);
  }
  for (const { start, length } of sequences) {
    if (start < 0 || length < 0 || start + length > logp.length) {
      throw new RangeError(`Tokens ${start} + ${length} lie outside of ${logp.length} log-probs`);
    }
  }
}
