/** Picked rows against plain loops. */
import { type CheckCase, equal, failures, type KernelCheck } from '../checking/check.ts';
import { integers, normals } from '../checking/data.ts';
import { input, output, runKernel } from '../checking/run.ts';
import { gatherRows } from './gather-rows.reference.ts';
import { NO_ROW, recordGatherRows } from './gather-rows.ts';

const SIZES = [
  { rows: 1, from: 1, width: 4 },
  { rows: 3, from: 17, width: 12 },
  { rows: 33, from: 9, width: 6 },
  { rows: 65, from: 63, width: 68 },
  { rows: 127, from: 3, width: 176 },
];

function gatherCase({ rows, from, width }: (typeof SIZES)[number]): CheckCase {
  return {
    label: `${rows} of ${from} rows of ${width}`,
    async run(gpu) {
      const index = integers(rows, rows, from).map((row, i) => (i % 5 === 2 ? NO_ROW : row));
      const x = normals(1, from * width);
      const { floats, problems } = await runKernel(
        gpu,
        { index: input(index), x: input(x), y: output(rows * width) },
        (recorder, slices) => recordGatherRows(recorder, { rows, width, ...slices }),
      );
      return [equal('y', floats.y, gatherRows(width, index, x, NO_ROW)), ...failures(problems)];
    },
  };
}

export const gatherRowsCheck: KernelCheck = {
  name: 'gather-rows',
  kernels: [],
  variants: ['default'],
  cases: SIZES.map(gatherCase),
};
