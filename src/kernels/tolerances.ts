/**
 * How far a kernel may be from its float64 reference. One table, read by the checks and printed in docs/numerics.md.
 * An error is measured in units of `of`; eps is 2^-24, half the spacing of float32 numbers at 1.
 */
export interface Tolerance {
  readonly limit: number;
  /** What the error is divided by. */
  readonly of: string;
  readonly why: string;
}

const exp = 'WGSL allows exp an error of 3 + 2 |x| units in the last place';

export const TOLERANCES = {
  exact: { limit: 0, of: '1', why: 'copies and integers' },
  matmul: {
    limit: 1e-6,
    of: 'sum |a b|',
    why: 'k rounded additions; their errors cancel as a random walk, sqrt(k) eps for sums up to 1,000 long',
  },
  attention: { limit: 1e-5, of: 'sum |p v|', why: `scores are sums of D products, and ${exp}` },
  'attention-lse': { limit: 4e-6, of: '1 + |lse|', why: 'scores, exp and one logarithm' },
  'attention-gradient': {
    limit: 1e-5,
    of: 'sum p (|g v| + |g o|) |k|, and so on',
    why: `probabilities come back from the saved lse, so they carry its error; ${exp}`,
  },
  head: {
    limit: 3e-6,
    of: '1 + sum |h w| / temperature',
    why: `logits are rounded sums, their softmax takes one exp each; ${exp}`,
  },
  'head-gradient': {
    limit: 3e-6,
    of: 'sum |du| |w| (or |h|), |du| counting its logit’s own error',
    why: 'an error of a logit changes its probability in proportion',
  },
  value: {
    limit: 1e-6,
    of: 'sum |h w| + |bias|; |c w| + |before|',
    why: 'a sum of products along the width, as in matmul',
  },
  rmsnorm: {
    limit: 1e-6,
    of: '|y|; |r|',
    why: 'a sum of positive terms, one inverse square root (2 units in the last place) and two products',
  },
  'rmsnorm-gradient': {
    limit: 2e-6,
    of: 'r |g w| + |x| r^3 sum |g w x| / width',
    why: 'r^3 has three times the error of r',
  },
  'column-sum': {
    limit: 1e-6,
    of: 'sum |g x r|',
    why: 'rounded additions down the rows, as in matmul',
  },
  half: {
    limit: 1e-3,
    of: '|x| + 2^-4',
    why: 'a number that is stored as f16 goes to a neighbouring half, 2^-10 of it away at most, or may become 0 below 2^-14',
  },
  'half-gradient': {
    limit: 1e-3,
    of: 'as attention-gradient',
    why: 'the saved output of attention is a half, and its error is in g o',
  },
  sum: { limit: 1e-6, of: 'sum |x|', why: 'rounded additions in a fixed order' },
  rope: {
    limit: 5e-7,
    of: '|a cos| + |b sin|',
    why: 'two products, one sum; the table is rounded too',
  },
  swiglu: {
    limit: 1e-5,
    of: '|silu(gate) up|',
    why: `one exp, one division; ${exp}, and gates of the test go to 12`,
  },
  'gradient-norm': {
    limit: 2e-6,
    of: 'norm',
    why: 'a sum of squares in 4,096 parts, and a square root',
  },
  adamw: {
    limit: 2e-6,
    of: '|p| + |update|; the absolute terms of m and v',
    why: 'settings are rounded to float32, the clip scale carries the error of the norm, then a square root and divisions',
  },
  sample: {
    limit: 5e-4,
    of: '1: score of the best token minus score of the chosen one',
    why: 'WGSL allows log an absolute error of 2^-21 near 1, which is 1.2e-4 of the smallest exponential that it makes; only tokens that nearly tie can change places',
  },
  'sample-logprob': {
    limit: 4e-6,
    of: '1 + |u|',
    why: `sums of exp in the order of ids; ${exp}`,
  },
} as const satisfies Record<string, Tolerance>;

export type ToleranceName = keyof typeof TOLERANCES;
