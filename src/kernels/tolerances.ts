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
} as const satisfies Record<string, Tolerance>;

export type ToleranceName = keyof typeof TOLERANCES;
