/**
 * Output projection fused with the selected token's log-probability and entropy, and its gradient. Logits exist for one chunk
 * of rows at a time, in one reused buffer, so that tokens x vocabulary is never stored (the chunking of Liger's fused losses,
 * arXiv 2410.10989). @see token-logprob.wgsl, token-logprob-backward.wgsl
 */
import { floats, type Slice } from '../../gpu/buffers.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import type { Recorder } from '../../gpu/recording.ts';
import { expandWgsl } from '../../gpu/wgsl-template.ts';
import { groupGrid, lanesOf } from '../grid.ts';
import { recordMatmul } from '../matmul/matmul.ts';
import { loadTemplate } from '../templates.ts';
import { type Sharing, sharingOf, treeWgsl } from '../tree/tree.ts';
import { chooseVariant } from '../variants.ts';

const forward = loadTemplate('head/token-logprob.wgsl');
const backward = loadTemplate('head/token-logprob-backward.wgsl');
const forwardLanes = loadTemplate('head/token-logprob-lanes.wgsl');

/** Most bytes of logits that exist at once. */
const CHUNK_BYTES = 16 * 2 ** 20;

/** Vectors that the plain kernel takes at a time: each rescaling then serves sixteen logits. */
const BLOCK = 4;

/** Lanes that share a row of the gradient, and the most vectors that each of them computes. */
const SHARES = { scalar: { LANES: 1, SPAN: 128 }, lanes: { LANES: 16, SPAN: 8 } } as const;

/** Rows of at least this many vectors are shared by 256 lanes in the `lanes` variant. */
const WIDE = 1024;

export interface HeadOptions {
  /** Rows that predict a token. */
  readonly rows: number;
  /** Width of the hidden state. */
  readonly width: number;
  readonly vocabulary: number;
  readonly temperature: number;
  /** [rows, width], normalised. */
  readonly hidden: Slice;
  /** [vocabulary rounded up to 4, width] */
  readonly weight: Slice;
  /** [rows] u32 */
  readonly targets: Slice;
  /** [rows] of (logp, entropy, lse, 0) */
  readonly stats: Slice;
  /** Scratch of `headChunk(rows, vocabulary) * ceil4(vocabulary)` floats. */
  readonly logits: Slice;
  /** Rows of a chunk in place of `headChunk`'s, a multiple of 64: with it a small test has several chunks. */
  readonly chunk?: number;
}

export interface HeadBackward extends HeadOptions {
  /** [rows] of (dLoss/dlogp, dLoss/dH) */
  readonly coefficients: Slice;
  /** Gradient of hidden, [rows, width], written. */
  readonly dHidden: Slice;
  /** Gradient of weight; added to. */
  readonly dWeight: Slice;
  /** Scratch for split sums of the weight gradient. */
  readonly planes?: Slice;
}

/** Columns of the logits buffer: the vocabulary rounded up to whole vectors. */
export function logitsStride(vocabulary: number): number {
  return Math.ceil(vocabulary / 4) * 4;
}

/** Rows of a chunk. */
export function headChunk(rows: number, vocabulary: number): number {
  const fit = Math.max(64, Math.floor(CHUNK_BYTES / 4 / logitsStride(vocabulary) / 64) * 64);
  return Math.min(rows, fit);
}

/** @param row a row's lanes, and what they exchange their sums through; null for the plain kernel, one row per invocation */
export function tokenLogprobKernel(
  row: { readonly lanes: number; readonly sharing: Sharing } | null = null,
): Kernel {
  const bindings = ['read', 'read', 'write'] as const;
  const name = 'token-logprob';
  if (!row) return { name, variant: 'scalar', source: expandWgsl(forward, { BLOCK }), bindings };
  const { lanes, sharing } = row;
  const threads = Math.max(64, lanes);
  const tree = treeWgsl(sharing, { type: 'vec2f', threads, lanes });
  const source = tree + expandWgsl(forwardLanes, { LANES: lanes, THREADS: threads });
  return { name, variant: sharing.variant, source, bindings };
}

export function tokenLogprobBackwardKernel(variant: 'scalar' | 'lanes' = 'scalar'): Kernel {
  return {
    name: 'token-logprob-backward',
    variant,
    source: expandWgsl(backward, SHARES[variant]),
    bindings: ['read', 'read', 'read', 'write'],
  };
}

/** Records logp, entropy and lse of every row. */
export function recordHeadForward(recorder: Recorder, options: HeadOptions): void {
  eachChunk(options, (first, rows) => {
    recordLogits(recorder, options, first, rows);
    recordTokenLogprob(recorder, options, first, rows);
  });
}

/** Records the gradients. Logits are computed again, unless one chunk has held them all since the forward pass. */
export function recordHeadBackward(recorder: Recorder, options: HeadBackward): void {
  const { width, weight, logits, hidden, dHidden, dWeight, planes } = options;
  const stride = logitsStride(options.vocabulary);
  const chunked = chunkOf(options) < options.rows;
  eachChunk(options, (first, rows) => {
    if (chunked) recordLogits(recorder, options, first, rows);
    recordTokenLogprobBackward(recorder, options, first, rows);
    recordMatmul(recorder, 'nn', {
      m: rows,
      n: width,
      k: stride,
      a: logits,
      b: weight,
      c: rowsOf(dHidden, first, rows, width),
      label: 'head input gradient',
    });
    recordMatmul(recorder, 'tn', {
      m: stride,
      n: width,
      k: rows,
      a: logits,
      b: rowsOf(hidden, first, rows, width),
      c: dWeight,
      accumulate: true,
      ...(planes && { planes }),
      label: 'head weight gradient',
    });
  });
}

function chunkOf({ rows, vocabulary, chunk }: HeadOptions): number {
  return chunk ?? headChunk(rows, vocabulary);
}

function eachChunk(options: HeadOptions, visit: (first: number, rows: number) => void): void {
  const chunk = chunkOf(options);
  for (let first = 0; first < options.rows; first += chunk) {
    visit(first, Math.min(chunk, options.rows - first));
  }
}

/** Chunks start at multiples of 64 rows, so that their slices keep the 256-byte alignment of bindings. */
function rowsOf(slice: Slice, first: number, rows: number, width: number): Slice {
  return floats(slice, first * width, rows * width);
}

function recordLogits(recorder: Recorder, options: HeadOptions, first: number, rows: number): void {
  const { width, hidden, weight, logits } = options;
  recordMatmul(recorder, 'nt', {
    m: rows,
    n: logitsStride(options.vocabulary),
    k: width,
    a: rowsOf(hidden, first, rows, width),
    b: weight,
    c: logits,
    label: 'head logits',
  });
}

/** Logits that exist already, and what is made of them. */
export type LogitRows = Pick<
  HeadOptions,
  'vocabulary' | 'temperature' | 'targets' | 'logits' | 'stats'
>;

/** Records logp, entropy and lse of `rows` rows whose logits exist already; the first of them is row `first` of targets and stats. */
export function recordTokenLogprob(
  recorder: Recorder,
  options: LogitRows,
  first: number,
  rows: number,
): void {
  const { vocabulary, temperature, targets, logits, stats } = options;
  const stride4 = logitsStride(vocabulary) / 4;
  const sharing = sharingOf(recorder.gpu, 'token-logprob');
  const row = sharing && { lanes: lanesOf(stride4, stride4 > WIDE ? 256 : 64), sharing };
  const groups = groupGrid(row ? Math.ceil(rows / Math.max(1, 64 / row.lanes)) : 0);
  recorder.add({
    kernel: tokenLogprobKernel(row),
    words: {
      u32: [rows, vocabulary, stride4, first, ...(row ? [groups.across] : [])],
      f32: [1 / temperature],
    },
    bind: [targets, logits, stats],
    grid: row ? groups.grid : [Math.ceil(rows / 64)],
    flop: 10 * rows * vocabulary,
    bytes: 4 * rows * vocabulary,
  });
}

/** Records the gradient of the same logits, in place. */
export function recordTokenLogprobBackward(
  recorder: Recorder,
  options: LogitRows & Pick<HeadBackward, 'coefficients'>,
  first: number,
  rows: number,
): void {
  const { vocabulary, temperature, targets, logits, stats, coefficients } = options;
  const stride4 = logitsStride(vocabulary) / 4;
  const shared = chooseVariant(recorder.gpu, 'token-logprob-backward') === 'lanes';
  const variant = shared ? 'lanes' : 'scalar';
  const { LANES, SPAN } = SHARES[variant];
  recorder.add({
    kernel: tokenLogprobBackwardKernel(variant),
    words: { u32: [rows, vocabulary, stride4, first], f32: [1 / temperature] },
    bind: [targets, stats, coefficients, logits],
    grid: [Math.ceil(stride4 / (LANES * SPAN)), Math.ceil(rows / (64 / LANES))],
    flop: 12 * rows * vocabulary,
    bytes: 8 * rows * vocabulary,
  });
}
