/**
 * A long product is recorded in pieces of its rows, so that no dispatch alone outlasts what a submit may (gpu/pacer.ts). A row's sums
 * do not depend on the rows beside it, so the bits stay.
 */
import type { Profile } from '../../gpu/adapter.ts';
import { floats, type Slice } from '../../gpu/buffers.ts';

/**
 * Floating-point operations of the longest dispatch: 40 ms of a slow GPU at 200 GFLOP/s, and of a software adapter, which no watchdog
 * looks after, a quarter of a second.
 */
const MOST = { scalar: 1e9, lanes: 8e9 } as const satisfies Record<Profile, number>;

/** Pieces are whole tiles in every variant, and begin where a binding may, at a multiple of 256 bytes. */
const UNIT = 64;

/** A product of [m, k] and [k, n], whose operand A, result and residual stand row after row. */
export interface ByRows {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: Slice;
  readonly c: Slice;
  readonly residual?: Slice;
}

/**
 * The pieces of a product, in order; the product itself where it is short.
 * @param most floating-point operations of a piece
 */
export function piecesOf<T extends ByRows>(
  product: T,
  profile: Profile,
  most: number = MOST[profile],
): T[] {
  const { m, n, k } = product;
  const rows = UNIT * Math.max(1, Math.floor(most / (2 * n * k * UNIT)));
  if (rows >= m) return [product];
  return Array.from({ length: Math.ceil(m / rows) }, (_, i) =>
    piece(product, i * rows, Math.min(rows, m - i * rows)),
  );
}

function piece<T extends ByRows>(product: T, from: number, m: number): T {
  const { n, k, a, c, residual } = product;
  return {
    ...product,
    m,
    a: floats(a, from * k, m * k),
    c: floats(c, from * n, m * n),
    ...(residual && { residual: floats(residual, from * n, m * n) }),
  };
}
