/**
 * A long product is recorded in pieces of its rows, so that no dispatch alone outlasts what a submit may (gpu/pacer.ts). A row's sums
 * do not depend on the rows beside it, so the bits stay.
 */
import type { Profile } from '../../gpu/adapter.ts';
import { floats } from '../../gpu/buffers.ts';
import type { MatmulForm, MatmulOptions } from './matmul.ts';

/**
 * Floating-point operations of the longest dispatch: 40 ms of a slow GPU at 200 GFLOP/s, and of a software adapter, which no watchdog
 * looks after, a quarter of a second.
 */
const MOST = { scalar: 1e9, lanes: 8e9 } as const satisfies Record<Profile, number>;

/** Pieces are whole tiles in every variant, and begin where a binding may, at a multiple of 256 bytes. */
const UNIT = 64;

/**
 * The pieces of a product, in order; the product itself where it is short. A tn product is never cut: its rows are those of a weight, and
 * what makes it long is its sums, which `planesOf` splits.
 * @param most floating-point operations of a piece
 */
export function piecesOf(
  form: MatmulForm,
  options: MatmulOptions,
  profile: Profile,
  most: number = MOST[profile],
): MatmulOptions[] {
  const { m, n, k } = options;
  const rows = UNIT * Math.max(1, Math.floor(most / (2 * n * k * UNIT)));
  if (form === 'tn' || rows >= m) return [options];
  return Array.from({ length: Math.ceil(m / rows) }, (_, i) =>
    piece(options, i * rows, Math.min(rows, m - i * rows)),
  );
}

function piece(options: MatmulOptions, from: number, m: number): MatmulOptions {
  const { n, k, a, c, residual } = options;
  return {
    ...options,
    m,
    a: floats(a, from * k, m * k),
    c: floats(c, from * n, m * n),
    ...(residual && { residual: floats(residual, from * n, m * n) }),
  };
}
