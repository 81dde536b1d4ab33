/** Kept rows against plain loops. */
import { type CheckCase, equal, failures, type KernelCheck } from '../checking/check.ts';
import { normals, rounded } from '../checking/data.ts';
import { both, input, runKernel, withHalves } from '../checking/run.ts';
import { keepRows } from './keep-rows.reference.ts';
import { recordKeepRows } from './keep-rows.ts';

const SIZES = [
  { rows: 1, slots: 1, width: 4 },
  { rows: 3, slots: 17, width: 6 },
  { rows: 65, slots: 200, width: 68 },
  { rows: 16, slots: 130, width: 176, halves: true },
];
const NO_SLOT = 0xffffffff;

function keepCase({ rows, slots, width, halves = false }: (typeof SIZES)[number]): CheckCase {
  return {
    label: `${rows} rows of ${width} in ${slots} slots${halves ? ', f16' : ''}`,
    async run(gpu) {
      // Every slot once: 3 has no factor in common with the numbers of slots that are more than the rows.
      const chosen = Array.from({ length: rows }, (_, i) => {
        if (i % 7 === 3) return i % 2 ? NO_SLOT : slots;
        return (3 * i + 1) % slots;
      });
      const places = Uint32Array.from(chosen.flatMap((slot) => [slot, 7, 7, 7]));
      const made = (seed: number, count: number) =>
        halves ? rounded(normals(seed, count)) : normals(seed, count);
      const [x, y] = [made(1, rows * width), made(2, slots * width)];
      const { floats, problems } = await runKernel(
        gpu,
        withHalves({ places: input(places), x: input(x), y: both(y) }, halves ? ['x', 'y'] : []),
        (recorder, slices) => recordKeepRows(recorder, { rows, width, slots, ...slices }),
      );
      return [equal('y', floats.y, keepRows(width, chosen, x, y)), ...failures(problems)];
    },
  };
}

export const keepRowsCheck: KernelCheck = {
  name: 'keep-rows',
  kernels: [],
  variants: ['default'],
  cases: SIZES.map(keepCase),
};
