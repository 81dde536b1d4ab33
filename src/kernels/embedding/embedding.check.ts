/** Embedding and its gradient against their references. */
import { type CheckCase, compare, equal, failures, type KernelCheck } from '../checking/check.ts';
import { absolute, integers, normals, rounded } from '../checking/data.ts';
import { both, input, output, runKernel, withHalves } from '../checking/run.ts';
import { embeddingBackward, embeddingForward } from './embedding.reference.ts';
import { recordEmbeddingBackward, recordEmbeddingForward, tokenLists } from './embedding.ts';

interface Sizes {
  readonly rows: number;
  /** How many of the rows are real; the others are padding. */
  readonly count: number;
  readonly width: number;
  readonly vocabulary: number;
  /** Stores the table as f16. */
  readonly halves?: boolean;
}

const SIZES: readonly Sizes[] = [
  { rows: 1, count: 1, width: 4, vocabulary: 1 },
  { rows: 3, count: 2, width: 12, vocabulary: 3 },
  { rows: 65, count: 63, width: 68, vocabulary: 17 },
  { rows: 127, count: 127, width: 64, vocabulary: 1000 },
  { rows: 65, count: 63, width: 68, vocabulary: 17, halves: true },
  { rows: 128, count: 100, width: 176, vocabulary: 3 },
];

function embeddingCase({ rows, count, width, vocabulary, halves = false }: Sizes): CheckCase {
  return {
    label: `${count} of ${rows} rows of ${width}, vocabulary ${vocabulary}${halves ? ', f16: table' : ''}`,
    async run(gpu) {
      const ids = integers(rows, rows, vocabulary);
      const drawn = normals(1, vocabulary * width);
      const table = halves ? rounded(drawn) : drawn;
      const dx = normals(2, rows * width);
      // Gradients of padding rows must not be read.
      dx.fill(Number.NaN, count * width);
      const before = normals(3, vocabulary * width);
      const capacity = Math.min(rows, vocabulary);
      const { floats, problems } = await runKernel(
        gpu,
        withHalves(
          {
            ids: input(ids),
            table: input(table),
            x: output(rows * width),
            lists: input(tokenLists(ids, count, rows, capacity)),
            dx: input(dx),
            dTable: both(before),
          },
          halves ? ['table'] : [],
        ),
        (recorder, slices) => {
          recordEmbeddingForward(recorder, { rows, width, ...slices });
          recordEmbeddingBackward(recorder, { rows, width, capacity, ...slices });
        },
      );
      const used = ids.subarray(0, count);
      return [
        equal('x', floats.x, embeddingForward(width, ids, table)),
        compare(
          'dTable',
          'sum',
          floats.dTable,
          embeddingBackward(width, used, dx, before),
          embeddingBackward(width, used, absolute(dx), absolute(before)),
        ),
        ...failures(problems),
      ];
    },
  };
}

export const embeddingCheck: KernelCheck = {
  name: 'embedding',
  kernels: [],
  variants: ['default'],
  cases: SIZES.map(embeddingCase),
};
