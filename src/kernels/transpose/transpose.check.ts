/** Turned matrices against plain loops. */
import { type CheckCase, equal, failures, type KernelCheck } from '../checking/check.ts';
import { normals } from '../checking/data.ts';
import { input, output, runKernel } from '../checking/run.ts';
import { transpose } from './transpose.reference.ts';
import { recordTranspose } from './transpose.ts';

const SIZES = [
  { rows: 4, columns: 4 },
  { rows: 12, columns: 68 },
  { rows: 68, columns: 8 },
  { rows: 352, columns: 64 },
];

function transposeCase({ rows, columns }: (typeof SIZES)[number]): CheckCase {
  return {
    label: `${rows} x ${columns}`,
    async run(gpu) {
      const x = normals(1, rows * columns);
      const { floats, problems } = await runKernel(
        gpu,
        { x: input(x), y: output(rows * columns) },
        (recorder, slices) => recordTranspose(recorder, { rows, columns, ...slices }),
      );
      return [equal('y', floats.y, transpose(rows, columns, x)), ...failures(problems)];
    },
  };
}

export const transposeCheck: KernelCheck = {
  name: 'transpose',
  kernels: [],
  variants: ['default'],
  cases: SIZES.map(transposeCase),
};
