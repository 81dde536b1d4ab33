/** Attention, forward and backward, against its reference. */

import { type CheckCase, compare, failures, type KernelCheck } from '../checking/check.ts';
import { halfUnit, normals, rounded, spansOf, withOutliers } from '../checking/data.ts';
import { input, output, runKernel, withHalves } from '../checking/run.ts';
import { VARIANTS } from '../variants.ts';
import { attentionBackward, attentionForward } from './attention.reference.ts';
import { recordAttentionBackward, recordAttentionForward } from './attention.ts';

interface Sizes {
  /** Lengths; a list is a prompt and the segments that share it. */
  readonly segments: Parameters<typeof spansOf>[0];
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  /** Standard deviation of q, k and v: large ones make the softmax sharp. */
  readonly deviation?: number;
  /** What is stored as f16. */
  readonly halves?: readonly ('qkv' | 'o')[];
  /** Puts 1e4 among the values. */
  readonly outliers?: boolean;
}

const SIZES: readonly Sizes[] = [
  { segments: [1], heads: 1, kvHeads: 1, headDim: 4 },
  { segments: [3], heads: 2, kvHeads: 1, headDim: 8 },
  { segments: [1, 7, 8, 1], heads: 4, kvHeads: 2, headDim: 16 },
  // The gate of a device's variants (tune.ts), so it shares a prompt as training does.
  { segments: [17, 1, [9, 21, 1, 14]], heads: 4, kvHeads: 4, headDim: 16, deviation: 3 },
  { segments: [9, 1, 1, 54], heads: 6, kvHeads: 2, headDim: 20 },
  { segments: [63, 64], heads: 4, kvHeads: 1, headDim: 64 },
  { segments: [5, 1, 12], heads: 2, kvHeads: 1, headDim: 128 },
  { segments: [2, 39], heads: 2, kvHeads: 1, headDim: 40 },
  { segments: [6, 27], heads: 4, kvHeads: 4, headDim: 32 },
  // Shared prompts: within a workgroup and far beyond it, of one row, with segments of one row, beside segments of their own.
  { segments: [[3, 5, 1, 8]], heads: 2, kvHeads: 1, headDim: 16 },
  // A prompt between two neighbours that are seen less far than it is.
  { segments: [1, [1, 1, 4]], heads: 1, kvHeads: 1, headDim: 16 },
  {
    segments: [2, [7, 9, 12], [1, 1, 1], 4, [70, 3, 66, 20, 1]],
    heads: 4,
    kvHeads: 2,
    headDim: 16,
  },
  {
    segments: [
      [8, 30, 41],
      [33, 5, 5],
    ],
    heads: 2,
    kvHeads: 1,
    headDim: 40,
  },
  { segments: [[5, 33, 6]], heads: 2, kvHeads: 1, headDim: 64, halves: ['qkv', 'o'] },
  { segments: [1, 7, 30], heads: 4, kvHeads: 2, headDim: 16, halves: ['qkv'] },
  { segments: [17, 20], heads: 2, kvHeads: 1, headDim: 20, halves: ['qkv', 'o'] },
  { segments: [40], heads: 2, kvHeads: 1, headDim: 64, halves: ['qkv', 'o'] },
  { segments: [17, 20], heads: 2, kvHeads: 1, headDim: 16, halves: ['qkv'], outliers: true },
];

const LARGE: readonly Sizes[] = [{ segments: [1025, 31], heads: 2, kvHeads: 1, headDim: 16 }];

function attentionCase(sizes: Sizes): CheckCase {
  const { segments, heads, kvHeads, headDim, deviation = 1, halves = [], outliers } = sizes;
  const rows = segments.flat().reduce((a, b) => a + b, 0);
  return {
    label: `segments ${segments.join('+')}, ${heads}/${kvHeads} heads of ${headDim}${halves.length ? `, f16: ${halves.join(' ')}` : ''}${outliers ? ', outliers' : ''}`,
    async run(gpu) {
      const spans = spansOf(segments);
      const stride = (heads + 2 * kvHeads) * headDim;
      const normal = normals(rows, rows * stride, deviation);
      const values = (heads + kvHeads) * headDim;
      const drawn = outliers
        ? withOutliers(normal).map((x, i) => (i % stride < values ? normal[i] : x))
        : normal;
      const qkv = halves.includes('qkv') ? rounded(drawn) : drawn;
      const savesHalves = halves.includes('o');
      const dO = normals(rows + 1, rows * heads * headDim);
      const shape = { rows, heads, kvHeads, headDim, meanKeys: rows / 2 };
      const { floats, problems } = await runKernel(
        gpu,
        withHalves(
          {
            spans: input(spans),
            qkv: input(qkv),
            dO: input(dO),
            o: output(dO.length),
            lse: output(rows * heads),
            delta: output(rows * heads),
            dQkv: output(qkv.length),
          },
          halves,
        ),
        (recorder, slices) => {
          recordAttentionForward(recorder, { ...shape, ...slices });
          recordAttentionBackward(recorder, { ...shape, ...slices });
        },
      );
      const forward = attentionForward({ ...shape, spans, qkv });
      const backward = attentionBackward({ ...shape, spans, qkv }, dO);
      return [
        savesHalves
          ? compare('o', 'half', floats.o, forward.o, halfUnit(forward.o))
          : compare('o', 'attention', floats.o, forward.o, forward.magnitude),
        compare(
          'lse',
          'attention-lse',
          floats.lse,
          forward.lse,
          forward.lse.map((x) => 1 + Math.abs(x)),
        ),
        compare(
          'dQkv',
          savesHalves ? 'half-gradient' : 'attention-gradient',
          floats.dQkv,
          backward.dQkv,
          backward.magnitude,
        ),
        ...failures(problems),
      ];
    },
  };
}

export const attentionCheck: KernelCheck = {
  name: 'attention',
  kernels: ['attention-forward', 'attention-backward-q', 'attention-backward-kv'],
  variants: VARIANTS['attention-forward'],
  cases: SIZES.map(attentionCase),
  large: LARGE.map(attentionCase),
};
