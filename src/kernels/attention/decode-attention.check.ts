/** Generation's attention over a cache, written token by token, against the reference of the whole sequence. */

import type { Slice } from '../../gpu/buffers.ts';
import { type CheckCase, compare, equal, failures, type KernelCheck } from '../checking/check.ts';
import { normals, rounded, spansOf } from '../checking/data.ts';
import { both, input, runKernel, withHalves } from '../checking/run.ts';
import { recordRope, ropeTable } from '../rope/rope.ts';
import { VARIANTS } from '../variants.ts';
import { attentionForward } from './attention.reference.ts';
import { NO_SLOT, PLACE_WORDS, recordDecodeAttention } from './decode-attention.ts';

interface Sizes {
  /** Tokens of each prompt. */
  readonly prompts: readonly number[];
  /** Per sequence, its prompt and the tokens of its own, the last one new. */
  readonly sequences: readonly (readonly [prompt: number, own: number])[];
  /** Slots that a sequence has for its own tokens. */
  readonly budget: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  /** Stores the cache and what comes into it as f16. */
  readonly halves?: boolean;
}

const SIZES: readonly Sizes[] = [
  { prompts: [0], sequences: [[0, 1]], budget: 1, heads: 1, kvHeads: 1, headDim: 4 },
  {
    ...{ prompts: [2, 0], budget: 8, heads: 2, kvHeads: 1, headDim: 8 },
    sequences: [
      [0, 1],
      [1, 1],
      [0, 6],
    ],
  },
  {
    ...{ prompts: [3, 17], budget: 46, heads: 4, kvHeads: 2, headDim: 16 },
    sequences: [
      [1, 1],
      [0, 1],
      [1, 46],
      [1, 9],
    ],
  },
  {
    ...{ prompts: [1, 5], budget: 64, heads: 6, kvHeads: 2, headDim: 20 },
    sequences: [
      [0, 4],
      [0, 64],
      [1, 59],
    ],
  },
  {
    ...{ prompts: [2], budget: 15, heads: 4, kvHeads: 1, headDim: 64 },
    sequences: [
      [0, 15],
      [0, 1],
    ],
  },
  {
    ...{ prompts: [0, 9], budget: 3, heads: 2, kvHeads: 1, headDim: 128 },
    sequences: [
      [0, 1],
      [1, 3],
    ],
  },
  {
    ...{ prompts: [4, 20], budget: 13, heads: 4, kvHeads: 4, headDim: 32 },
    sequences: [
      [0, 5],
      [1, 13],
    ],
  },
  // More keys than the lanes take in one block, in a prompt and beyond it.
  {
    ...{ prompts: [258, 1], budget: 256, heads: 2, kvHeads: 1, headDim: 12 },
    sequences: [
      [0, 42],
      [1, 256],
      [1, 1],
    ],
  },
  {
    ...{ prompts: [3, 17], budget: 46, heads: 4, kvHeads: 2, headDim: 16, halves: true },
    sequences: [
      [1, 1],
      [0, 1],
      [1, 46],
    ],
  },
];

/** A stale value in a cache that must not be read. */
const STALE = Number.NaN;

/** Words of places, row by row. */
function placeList(places: readonly (readonly number[])[]): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(PLACE_WORDS * places.length);
  for (const [i, place] of places.entries()) words.set(place, PLACE_WORDS * i);
  return words;
}

function decodeCase(sizes: Sizes): CheckCase {
  const { prompts, sequences, budget, heads, kvHeads, headDim, halves = false } = sizes;
  const lengths = sequences.map(([prompt, own]) => prompts[prompt] + own);
  return {
    label: `prompts of ${prompts.join('+')}, lengths ${lengths.join('+')}, ${heads}/${kvHeads} heads of ${headDim}${halves ? ', f16: qkv, cache' : ''}`,
    async run(gpu) {
      const stride = (heads + 2 * kvHeads) * headDim;
      const kv = kvHeads * headDim;
      const promptTokens = prompts.reduce((a, b) => a + b, 0);
      const firsts = prompts.map((_, p) => prompts.slice(0, p).reduce((a, b) => a + b, 0));
      const ownTokens = sequences.reduce((sum, [, own]) => sum + own, 0);
      // One row of qkv a token: those of the prompts, then each sequence's own.
      const rowsOf = (first: number, count: number) =>
        Array.from({ length: count }, (_, i) => first + i);
      const drawn = normals(ownTokens, (promptTokens + ownTokens) * stride);
      const qkv = halves ? rounded(drawn) : drawn;
      const take = (rows: readonly number[]) => {
        const out = new Float32Array(Math.max(1, rows.length) * stride);
        for (const [i, row] of rows.entries())
          out.set(qkv.subarray(row * stride, (row + 1) * stride), i * stride);
        return out;
      };
      // All old tokens go into the cache at once, with a row of padding; then one row a sequence, in reverse, and one finished row.
      const old: number[] = rowsOf(0, promptTokens);
      const oldPlaces = old.map((row) => [row, 0, 0, 0]);
      const fresh: number[] = [];
      const places: number[][] = [];
      const whole: number[] = [];
      let row = promptTokens;
      for (const [s, [prompt, count]] of sequences.entries()) {
        const own = promptTokens + s * budget;
        for (let i = 0; i < count - 1; i++) {
          old.push(row + i);
          oldPlaces.push([own + i, 0, 0, 0]);
        }
        fresh.unshift(row + count - 1);
        places.unshift([own + count - 1, firsts[prompt], prompts[prompt], own]);
        whole.push(...rowsOf(firsts[prompt], prompts[prompt]), ...rowsOf(row, count));
        row += count;
      }
      const used = new Set([...oldPlaces, ...places].map(([slot]) => slot));
      oldPlaces.push([NO_SLOT, 0, 0, 0]);
      places.push([NO_SLOT, 0, 0, 0]);
      const rows = places.length;
      const slots = promptTokens + sequences.length * budget;
      const emptyCache = new Float32Array(slots * kv).fill(STALE);
      const shape = { heads, kvHeads, headDim };
      const { floats, problems } = await runKernel(
        gpu,
        withHalves(
          {
            oldPlaces: input(placeList(oldPlaces)),
            places: input(placeList(places)),
            zeros: input(new Uint32Array(Math.max(rows, oldPlaces.length))),
            table: input(ropeTable(1, headDim, 10_000)),
            oldRows: both(take([...old, 0])),
            newRows: both(take([...fresh, 0])),
            keys: both(emptyCache),
            values: both(emptyCache),
            o: both(new Float32Array(rows * heads * headDim).fill(7)),
            lse: both(new Float32Array(rows * heads).fill(7)),
          },
          halves ? ['oldRows', 'newRows', 'keys', 'values'] : [],
        ),
        (recorder, at) => {
          const cache = { keys: at.keys, values: at.values, slots };
          // At position 0 nothing turns, so the rows go into the cache as they are.
          const append = (rows: number, x: Slice, places: Slice) =>
            recordRope(recorder, {
              ...{ rows, heads: heads + kvHeads, headDim, stride, x, backward: false },
              ...{ positions: at.zeros, table: at.table, append: { kvHeads, places, cache } },
            });
          append(oldPlaces.length, at.oldRows, at.oldPlaces);
          append(rows, at.newRows, at.places);
          recordDecodeAttention(recorder, {
            ...{ ...shape, rows, places: at.places, qkv: at.newRows, cache, o: at.o, lse: at.lse },
            meanKeys: budget / 2,
          });
        },
      );
      const packed = { rows: whole.length, spans: spansOf(lengths), qkv: take(whole) };
      const { o, lse, magnitude } = attentionForward({ ...shape, ...packed });
      const width = heads * headDim;
      const ends = lengths.map((_, s) => lengths.slice(0, s + 1).reduce((a, b) => a + b, 0));
      const pick = (all: Float64Array, width: number) =>
        ends.toReversed().flatMap((end) => [...all.subarray((end - 1) * width, end * width)]);
      const lses = pick(lse, heads);
      const active = sequences.length * width;
      const untouched = [...floats.keys].filter(
        (value, i) => !used.has(Math.floor(i / kv)) && !Number.isNaN(value),
      );
      return [
        compare(
          'o',
          'attention',
          floats.o.subarray(0, active),
          pick(o, width),
          pick(magnitude, width),
        ),
        compare(
          'lse',
          'attention-lse',
          floats.lse.subarray(0, sequences.length * heads),
          lses,
          lses.map((x) => 1 + Math.abs(x)),
        ),
        equal('o of a finished row', floats.o.subarray(active), new Float32Array(width).fill(7)),
        equal('lse of a finished row', floats.lse.subarray(sequences.length * heads), [
          ...new Float32Array(heads).fill(7),
        ]),
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
