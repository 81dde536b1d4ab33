/**
 * A long product is recorded in pieces of the result's rows, so that no dispatch alone outlasts what a submit may (gpu/pacer.ts). A row's
 * sums do not depend on the rows beside it, so the bits stay. A weight's gradient (tn), whose operand A has these rows as columns, keeps
 * the sizes of the whole: they say how far apart its rows are, and so its pieces need no kernel of their own. Only whole tiles can be cut
 * from it, and on software adapters, which no watchdog looks after, it stays whole, because its panels are packed once.
 */
import type { Profile } from '../../gpu/adapter.ts';
import { bytesOf, floats, type Slice } from '../../gpu/buffers.ts';

/**
 * Floating-point operations of the longest dispatch: 40 ms of a slow GPU at 200 GFLOP/s, and of a software adapter, which no watchdog
 * looks after, a quarter of a second.
 */
const MOST = { scalar: 1e9, lanes: 8e9 } as const satisfies Record<Profile, number>;
const MOST_OF_GRADIENT = { scalar: Number.POSITIVE_INFINITY, lanes: MOST.lanes } as const;

/** Pieces are whole tiles in every variant, and begin where a binding may, at a multiple of 256 bytes. */
const UNIT = 64;
const ALIGNMENT = 256;

/** A product of [m, k] and [k, n], whose operand A, result and residual stand row after row. */
export interface ByRows {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: Slice;
  readonly c: Slice;
  readonly residual?: Slice;
}

/** A piece that keeps the sizes of the whole product, and of whose rows only the first are computed. */
export type Part<T> = T & { readonly rows?: number };

/**
 * The pieces of a product, in order; the product itself where it is short.
 * @param most floating-point operations of a piece
 */
export function piecesOf<T extends ByRows>(
  product: T,
  profile: Profile,
  most: number = MOST[profile],
): T[] {
  const { m } = product;
  const rows = rowsOf(product, UNIT, most);
  return starts(m, rows).map((from) =>
    rows < m ? piece(product, from, Math.min(rows, m - from)) : product,
  );
}

/**
 * The pieces of a product of [k, m] and [k, n] over its rows m; the product itself where it is short or m is no multiple of a piece's least rows.
 * @param tile rows that a workgroup computes: a power of two
 */
export function gradientPiecesOf<T extends ByRows>(
  product: T,
  profile: Profile,
  tile: number,
  most: number = MOST_OF_GRADIENT[profile],
): Part<T>[] {
  const { m } = product;
  const unit = Math.max(tile, ALIGNMENT / bytesOf(product.a, 1), UNIT);
  const rows = rowsOf(product, unit, most);
  if (rows >= m || m % unit !== 0) return [product];
  return starts(m, rows).map((from) => columnsPiece(product, from, Math.min(rows, m - from)));
}

function rowsOf({ n, k }: ByRows, unit: number, most: number): number {
  return unit * Math.max(1, Math.floor(most / (2 * n * k * unit)));
}

function starts(m: number, rows: number): number[] {
  return Array.from({ length: Math.ceil(m / rows) }, (_, i) => i * rows);
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

/** What it binds goes on to the end of the whole: rows of A are as far apart as there, and so are planes of partial sums. */
function columnsPiece<T extends ByRows>(product: T, from: number, rows: number): Part<T> {
  const { n, a, c, residual } = product;
  return {
    ...product,
    rows,
    a: onwards(a, from),
    c: onwards(c, from * n),
    ...(residual && { residual: onwards(residual, from * n) }),
  };
}

function onwards(slice: Slice, from: number): Slice {
  return floats(slice, from, slice.size / bytesOf(slice, 1) - from);
}
