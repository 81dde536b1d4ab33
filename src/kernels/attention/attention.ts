/**
 * Causal grouped-query attention over a packed batch, forward and backward, without a T x T matrix in memory.
 * @see attention-forward-scalar.wgsl, attention-backward-q-scalar.wgsl, attention-backward-kv-scalar.wgsl; for how lanes share on GPUs,
 * attention-forward-lanes.wgsl and attention-forward-subgroups.wgsl
 */
import { bytesOf, type Slice } from '../../gpu/buffers.ts';
import type { Gpu } from '../../gpu/gpu.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import type { Recorder } from '../../gpu/recording.ts';
import { expandWgsl } from '../../gpu/wgsl-template.ts';
import { linearGrid } from '../grid.ts';
import { loadTemplate } from '../templates.ts';
import { leastSubgroup } from '../tree/tree.ts';
import { chooseVariant, familyOf, type VARIANTS } from '../variants.ts';

const backwardKvLanes = loadTemplate('attention/attention-backward-kv-lanes.wgsl');
const backwardKvRows = loadTemplate('attention/attention-backward-kv-rows.wgsl');
const backwardKv = loadTemplate('attention/attention-backward-kv-scalar.wgsl');
const backwardKvSubgroups = loadTemplate('attention/attention-backward-kv-subgroups.wgsl');
const backwardQLanes = loadTemplate('attention/attention-backward-q-lanes.wgsl');
const backwardQRows = loadTemplate('attention/attention-backward-q-rows.wgsl');
const backwardQ = loadTemplate('attention/attention-backward-q-scalar.wgsl');
const backwardQSubgroups = loadTemplate('attention/attention-backward-q-subgroups.wgsl');
const forwardLanes = loadTemplate('attention/attention-forward-lanes.wgsl');
const forwardRows = loadTemplate('attention/attention-forward-rows.wgsl');
const forward = loadTemplate('attention/attention-forward-scalar.wgsl');
const forwardSubgroups = loadTemplate('attention/attention-forward-subgroups.wgsl');

export interface AttentionShape {
  readonly rows: number;
  readonly heads: number;
  readonly kvHeads: number;
  /** A multiple of 4, at most 128. */
  readonly headDim: number;
  /** Mean number of keys a query sees, for pacing only. */
  readonly meanKeys: number;
}

export interface AttentionForward extends AttentionShape {
  /** [rows, 4]: what each token sees (spans.part.wgsl). */
  readonly spans: Slice;
  /** [rows, (heads + 2 kvHeads) headDim]: queries, keys, values side by side. */
  readonly qkv: Slice;
  /** [rows, heads headDim] */
  readonly o: Slice;
  /** [rows, heads]: log-sum-exp of the scores, saved for the backward pass. */
  readonly lse: Slice;
}

export interface AttentionBackward extends AttentionForward {
  /** Gradient of o. */
  readonly dO: Slice;
  /** Scratch [rows, heads]. */
  readonly delta: Slice;
  /** Gradient of qkv, written whole. */
  readonly dQkv: Slice;
}

/**
 * Whether the vectors of a head stay in loops of WGSL, with arrays, instead of being unrolled to registers: a software adapter
 * would compile the unrolled text of a wide head for minutes, and has no registers for it anyway.
 */
export function rollsHead(gpu: Gpu, headDim: number): boolean {
  return gpu.info.software && headDim > 32;
}

/** Constants of the templates. */
export function attentionConstants(headDim: number, rolled: boolean) {
  return { DIM4: headDim / 4, ROLL: Number(rolled) };
}

/** Neighbouring rows of one invocation of the `rows` variants, which share what they load. */
const ROWS = { 'attention-forward': 2, 'attention-backward-q': 3, 'attention-backward-kv': 3 };
/** The widest head that a software adapter still keeps in registers: two rows of it, or one row and what a neighbour loaded. */
const REGISTERS_HEAD = 32;

type AttentionKernel = 'attention-forward' | 'attention-backward-q' | 'attention-backward-kv';

type Way = (typeof VARIANTS)[AttentionKernel][number];

interface Ways extends Readonly<Record<Way, string>> {
  readonly bindings: Kernel['bindings'];
}

const KERNELS: Readonly<Record<AttentionKernel, Ways>> = {
  'attention-forward': {
    scalar: forward,
    rows: forwardRows,
    lanes: forwardLanes,
    neighbours: forwardSubgroups,
    subgroups: forwardSubgroups,
    bindings: ['read', 'read', 'write', 'write'],
  },
  'attention-backward-q': {
    scalar: backwardQ,
    rows: backwardQRows,
    lanes: backwardQLanes,
    neighbours: backwardQSubgroups,
    subgroups: backwardQSubgroups,
    bindings: ['read', 'read', 'read', 'read', 'read', 'write', 'write'],
  },
  'attention-backward-kv': {
    scalar: backwardKv,
    rows: backwardKvRows,
    lanes: backwardKvLanes,
    neighbours: backwardKvSubgroups,
    subgroups: backwardKvSubgroups,
    bindings: ['read', 'read', 'read', 'read', 'read', 'write'],
  },
};

/**
 * How a workgroup of 64 cuts attention: `lanes` lanes share a row, so that each holds at most four vectors of it where the head's
 * width can be divided so; tiles of `tile` keys, with the parts of their scores, fit the 16 KiB that every device has.
 */
export function attentionTiling(headDim: number): {
  readonly lanes: number;
  readonly tile: number;
} {
  const vectors = headDim / 4;
  let lanes = 1;
  while (vectors / lanes > 4 && vectors % (2 * lanes) === 0) lanes *= 2;
  let tile = lanes > 1 ? 16 : 32;
  while (tile * vectors > 256) tile /= 2;
  return { lanes, tile };
}

/** One of the three kernels, computed in one way. Only `scalar` has a rolled form. */
export function attentionKernel(
  name: AttentionKernel,
  variant: Way,
  headDim: number,
  rolled = false,
): Kernel {
  const { bindings, [variant]: template } = KERNELS[name];
  const { lanes, tile } = attentionTiling(headDim);
  const shared = { L: variant === 'neighbours' ? 1 : lanes, TILE: tile };
  const constants = { ...attentionConstants(headDim, rolled), Q: ROWS[name], ...shared };
  return { name, variant, source: expandWgsl(template, constants), bindings };
}

/**
 * The way to record. `subgroups` gives way to `lanes`, which has its bits, where a subgroup might not hold all lanes of a row; `rows` and
 * `neighbours` give way to `scalar` where heads are wide.
 */
function wayOf(gpu: Gpu, name: AttentionKernel, headDim: number): Way {
  const chosen = chooseVariant(gpu, name);
  if (familyOf(chosen) === 'lanes') {
    const fits = attentionTiling(headDim).lanes <= leastSubgroup(gpu);
    return chosen === 'subgroups' && fits ? 'subgroups' : 'lanes';
  }
  const sharing = chosen === 'rows' || chosen === 'neighbours';
  return sharing && headDim <= REGISTERS_HEAD ? chosen : 'scalar';
}

/** What to dispatch: `heads` heads of each row, or of each group of rows. */
function dispatchOf(gpu: Gpu, name: AttentionKernel, shape: AttentionShape, heads: number) {
  const { rows, headDim } = shape;
  const words = (width: number) => ({
    u32: [rows, shape.heads, shape.kvHeads, width, headDim / 4],
    f32: [headDim ** -0.5],
  });
  const way = wayOf(gpu, name, headDim);
  const kernel = attentionKernel(name, way, headDim, rollsHead(gpu, headDim));
  if (way === 'scalar' || way === 'rows') {
    const blocks = way === 'rows' ? Math.ceil(rows / ROWS[name]) : rows;
    const { grid, width } = linearGrid(blocks * heads);
    return { kernel, words: words(width), grid };
  }
  const lanes = way === 'neighbours' ? 1 : attentionTiling(headDim).lanes;
  return { kernel, words: words(0), grid: [Math.ceil((rows * lanes) / 64), heads] as const };
}

export function recordAttentionForward(recorder: Recorder, options: AttentionForward): void {
  const { rows, heads, kvHeads, headDim, meanKeys, spans, qkv, o, lse } = options;
  recorder.add({
    ...dispatchOf(recorder.gpu, 'attention-forward', options, heads),
    bind: [spans, qkv, o, lse],
    flop: 4 * rows * heads * headDim * meanKeys,
    bytes:
      bytesOf(qkv, rows * headDim * (heads + 2 * kvHeads)) + bytesOf(o, rows * heads * headDim),
  });
}

export function recordAttentionBackward(recorder: Recorder, options: AttentionBackward): void {
  const { rows, heads, kvHeads, headDim, meanKeys, spans, qkv, o, lse, dO, delta, dQkv } = options;
  const bytes = bytesOf(qkv, rows * headDim * (heads + 2 * kvHeads)) + 8 * rows * heads * headDim;
  recorder.add({
    ...dispatchOf(recorder.gpu, 'attention-backward-q', options, heads),
    bind: [spans, qkv, o, dO, lse, delta, dQkv],
    flop: 6 * rows * heads * headDim * meanKeys,
    bytes,
  });
  recorder.add({
    ...dispatchOf(recorder.gpu, 'attention-backward-kv', options, kvHeads),
    bind: [spans, qkv, dO, lse, delta, dQkv],
    flop: 8 * rows * heads * headDim * meanKeys,
    bytes,
  });
}
