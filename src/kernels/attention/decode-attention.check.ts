/** Generation's attention over a cache, written token by token, against the reference of the whole sequence. */
import { type CheckCase, compare, equal, failures, type KernelCheck } from '../checking/check.ts';
import { normals, spansOf } from '../checking/data.ts';
import { both, input, runKernel } from '../checking/run.ts';
import { VARIANTS } from '../variants.ts';
import { attentionForward } from './attention.reference.ts';
import { recordCacheAppend, recordDecodeAttention } from './decode-attention.ts';

interface Sizes {
  /** Tokens of each sequence, the last one new. */
  readonly lengths: readonly number[];
  readonly capacity: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
}

const SIZES: readonly Sizes[] = [
  { lengths: [1], capacity: 1, heads: 1, kvHeads: 1, headDim: 4 },
  { lengths: [3, 1, 8], capacity: 8, heads: 2, kvHeads: 1, headDim: 8 },
  { lengths: [17, 1, 63, 9], capacity: 65, heads: 4, kvHeads: 2, headDim: 16 },
  { lengths: [5, 65, 64], capacity: 127, heads: 6, kvHeads: 2, headDim: 20 },
  { lengths: [17, 3], capacity: 17, heads: 4, kvHeads: 1, headDim: 64 },
  { lengths: [1, 12], capacity: 64, heads: 2, kvHeads: 1, headDim: 128 },
  { lengths: [9, 33], capacity: 48, heads: 4, kvHeads: 4, headDim: 32 },
  // More keys than the lanes take in one block.
  { lengths: [300, 257, 2], capacity: 320, heads: 2, kvHeads: 1, headDim: 12 },
];

/** A stale value in a cache that must not be read. */
const STALE = Number.NaN;

function decodeCase({ lengths, capacity, heads, kvHeads, headDim }: Sizes): CheckCase {
  return {
    label: `lengths ${lengths.join('+')} in ${capacity}, ${heads}/${kvHeads} heads of ${headDim}`,
    async run(gpu) {
      const total = lengths.reduce((a, b) => a + b, 0);
      const stride = (heads + 2 * kvHeads) * headDim;
      const kv = kvHeads * headDim;
      const qkv = normals(total, total * stride);
      // A prefill of all tokens; then one decode row a sequence, in reverse, and one finished row that must do nothing.
      const prefill: number[] = [];
      const decode: number[] = [];
      const lastRows: number[] = [];
      const cached = new Set<number>();
      let row = 0;
      for (const [sequence, length] of lengths.entries()) {
        for (let position = 0; position < length; position++) {
          prefill.push(row++, sequence, position);
          cached.add(sequence * capacity + position);
        }
        lastRows.unshift(row - 1);
      }
      for (const i of lastRows.keys()) {
        const sequence = lengths.length - 1 - i;
        decode.push(i, sequence, lengths[sequence] - 1);
      }
      decode.push(lastRows.length, 0, capacity);
      const rows = lastRows.length + 1;
      const newRows = new Float32Array(rows * stride);
      for (const [i, last] of lastRows.entries()) {
        newRows.set(qkv.subarray(last * stride, (last + 1) * stride), i * stride);
      }
      const emptyCache = new Float32Array(lengths.length * capacity * kv).fill(STALE);
      const shape = { heads, kvHeads, headDim };
      const { floats, problems } = await runKernel(
        gpu,
        {
          prefill: input(Uint32Array.from(prefill)),
          moves: input(Uint32Array.from(decode)),
          qkv: input(qkv),
          newRows: input(newRows),
          keys: both(emptyCache),
          values: both(emptyCache),
          o: both(new Float32Array(rows * heads * headDim).fill(7)),
        },
        (recorder, { prefill, moves, qkv, newRows, keys, values, o }) => {
          const cache = { keys, values, capacity };
          recordCacheAppend(recorder, { ...shape, rows: total, moves: prefill, qkv, cache });
          const step = { ...shape, rows, moves, qkv: newRows, cache };
          recordCacheAppend(recorder, step);
          recordDecodeAttention(recorder, { ...step, o, meanKeys: capacity / 2 });
        },
      );
      const spans = spansOf(lengths);
      const { o, magnitude } = attentionForward({ ...shape, rows: total, spans, qkv });
      const width = heads * headDim;
      const pick = (all: Float64Array) =>
        lastRows.flatMap((last) => [...all.subarray(last * width, (last + 1) * width)]);
      const active = lastRows.length * width;
      const untouched = [...floats.keys].filter(
        (value, i) => !cached.has(Math.floor(i / kv)) && !Number.isNaN(value),
      );
      return [
        compare('o', 'attention', floats.o.subarray(0, active), pick(o), pick(magnitude)),
        equal('o of a finished row', floats.o.subarray(active), new Float32Array(width).fill(7)),
        equal('cache past the tokens', untouched, []),
        ...failures(problems),
      ];
    },
  };
}

export const decodeAttentionCheck: KernelCheck = {
  name: 'decode-attention',
  kernels: ['decode-attention'],
  variants: VARIANTS['decode-attention'],
  cases: SIZES.map(decodeCase),
};
