/** Attention over a KV cache, for generation; `recordRope` fills it. @see decode-attention-scalar.wgsl, decode-attention-lanes.wgsl */
import { bytesOf, type Slice } from '../../gpu/buffers.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import type { Recorder } from '../../gpu/recording.ts';
import { expandWgsl } from '../../gpu/wgsl-template.ts';
import { groupGrid, linearGrid } from '../grid.ts';
import { loadTemplate } from '../templates.ts';
import { type Sharing, sharingOf, treeWgsl } from '../tree/tree.ts';
import { attentionConstants, rollsHead } from './attention.ts';

const decodeLanes = loadTemplate('attention/decode-attention-lanes.wgsl');
const decode = loadTemplate('attention/decode-attention-scalar.wgsl');

/** The cache of one layer: slots of one token each. Which slots are whose, `places` says. */
export interface KvCache {
  /** [slots, kvHeads headDim] */
  readonly keys: Slice;
  /** As keys. */
  readonly values: Slice;
  readonly slots: number;
}

/** Words of a row's place: (slot of its token, first slot of the shared prompt, tokens of that, first slot of its own). */
export const PLACE_WORDS = 4;
/** The slot of a row that neither writes nor reads the cache. */
export const NO_SLOT = 0xffffffff;

export interface DecodeAttention {
  readonly rows: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  /** [rows, PLACE_WORDS] u32 */
  readonly places: Slice;
  /** [rows, (heads + 2 kvHeads) headDim], of which the queries are read. */
  readonly qkv: Slice;
  readonly cache: KvCache;
  /** [rows, heads headDim] */
  readonly o: Slice;
  /** [rows, heads]: log-sum-exp of the scores. */
  readonly lse: Slice;
  /** Mean number of keys, for pacing only. */
  readonly meanKeys: number;
}

/** Keys of one block of the `lanes` variant: four for each lane. */
const BLOCK = 256;

/** @param sharing what lanes exchange their sums through; null for the plain kernel, one row and head per invocation */
export function decodeAttentionKernel(
  headDim: number,
  sharing: Sharing | null = null,
  rolled = false,
): Kernel {
  return {
    name: 'decode-attention',
    variant: sharing?.variant ?? 'scalar',
    source: sharing
      ? treeWgsl(sharing, { type: 'f32', threads: 64, lanes: 64 }) +
        expandWgsl(decodeLanes, { DIM4: headDim / 4, BLOCK })
      : expandWgsl(decode, attentionConstants(headDim, rolled)),
    bindings: ['read', 'read', 'read', 'read', 'write', 'write'],
  };
}

export function recordDecodeAttention(recorder: Recorder, options: DecodeAttention): void {
  const { rows, heads, kvHeads, headDim, places, qkv, cache, o, lse, meanKeys } = options;
  const sharing = sharingOf(recorder.gpu, 'decode-attention');
  const groups = groupGrid(rows * heads);
  const { grid, width } = sharing ? { ...groups, width: groups.across } : linearGrid(rows * heads);
  recorder.add({
    kernel: decodeAttentionKernel(headDim, sharing, rollsHead(recorder.gpu, headDim)),
    words: {
      u32: [rows, heads, kvHeads, cache.slots, width, headDim / 4],
      f32: [headDim ** -0.5],
    },
    bind: [places, qkv, cache.keys, cache.values, o, lse],
    grid,
    flop: 4 * rows * heads * headDim * meanKeys,
    bytes: 2 * bytesOf(cache.keys, rows * kvHeads * headDim * meanKeys),
  });
}
