/** Sums over planes against plain loops. */
import { type CheckCase, compare, failures, type KernelCheck } from '../checking/check.ts';
import { absolute, normals, repeated } from '../checking/data.ts';
import { both, input, output, runKernel } from '../checking/run.ts';
import { addPlanes } from './add-planes.reference.ts';
import { recordAddPlanes } from './add-planes.ts';

const SIZES = [
  { count: 4, planeCount: 1, accumulate: false },
  { count: 12, planeCount: 3, accumulate: true },
  { count: 260, planeCount: 17, accumulate: false },
  { count: 17 * 68, planeCount: 32, accumulate: true },
];

/** 65,600 workgroups: more than one dimension of a grid holds. */
const LARGE = [{ count: 4 * 64 * 65_600, planeCount: 1, accumulate: false }];

function addPlanesCase({ count, planeCount, accumulate }: (typeof SIZES)[number]): CheckCase {
  return {
    label: `${planeCount} planes of ${count}${accumulate ? ', added to the target' : ''}`,
    async run(gpu) {
      const planes = (count > 2 ** 16 ? repeated : normals)(1, planeCount * count);
      const before = normals(2, count);
      const { floats, problems } = await runKernel(
        gpu,
        { planes: input(planes), target: accumulate ? both(before) : output(count) },
        (recorder, slices) =>
          recordAddPlanes(recorder, { count, planeCount, accumulate, ...slices }),
      );
      const base = accumulate ? before : new Float32Array(count);
      return [
        compare(
          'target',
          'sum',
          floats.target,
          addPlanes(count, planes, base),
          addPlanes(count, absolute(planes), absolute(base)),
        ),
        ...failures(problems),
      ];
    },
  };
}

export const addPlanesCheck: KernelCheck = {
  name: 'add-planes',
  kernels: [],
  variants: ['default'],
  cases: SIZES.map(addPlanesCase),
  large: LARGE.map(addPlanesCase),
};
