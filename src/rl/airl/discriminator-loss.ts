/**
 * What a discriminator of expert traces and a policy's completions loses, and the derivatives by its logits f, in float64.
 *
 * Cross-entropy, of one read token: softplus(f) - y f, where y is 1 - s for experts and s for all others; s is the label smoothing.
 * Its slope is sigmoid(f) - y. Source: AIRL for reasoning (its code smooths by 0.1).
 *
 * Pairs (GAD), of an expert's and another trace of the same question: -log sigmoid(f_expert - f_other), f at the last token.
 */

export interface LogitTerm {
  readonly loss: number;
  /** Derivative by the logit, or by the lead of a pair. */
  readonly slope: number;
}

/** log(1 + e^x), without overflow. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

export function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}

/** @param smoothing the label's distance from 0 and from 1: 0 to below one half */
export function crossEntropy(logit: number, expert: boolean, smoothing: number): LogitTerm {
  const label = expert ? 1 - smoothing : smoothing;
  return { loss: softplus(logit) - label * logit, slope: sigmoid(logit) - label };
}

/** @param lead the logit of the expert's trace less that of the other one */
export function pairLoss(lead: number): LogitTerm {
  return { loss: softplus(-lead), slope: -sigmoid(-lead) };
}

/** A trace, as far as weights depend on it. */
export interface Labelled {
  readonly expert: boolean;
  /** Tokens at which it is read. */
  readonly reads: number;
  /** How many equal traces it stands for. */
  readonly copies: number;
}

/**
 * What one read token of each trace weighs: experts together one half, all others together one half, each trace of a class the same, and each read
 * token of a trace the same. A trace that is read nowhere has no part and weighs 0; a class without any trace leaves its half out.
 */
export function balancedWeights(traces: readonly Labelled[]): Float64Array {
  const count = (expert: boolean) =>
    traces.reduce(
      (sum, trace) => sum + (trace.expert === expert && trace.reads > 0 ? trace.copies : 0),
      0,
    );
  const [experts, others] = [count(true), count(false)];
  return Float64Array.from(traces, ({ expert, reads, copies }) =>
    reads === 0 ? 0 : copies / (2 * reads * (expert ? experts : others)),
  );
}
