/** Sums over planes against plain loops. */
import { type CheckCase, compare, equal, failures, type KernelCheck } from '../checking/check.ts';
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

function addPlanesCase({ count, planeCount, accumulate }: (typeof SIZES)[number]): CheckCase {
  return {
    label: `${planeCount} planes of ${count}${accumulate ? ', added to the target' : ''}`,
    async run(gpu) {
      const planes = normals(1, planeCount * count);
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

/** 65,600 workgroups: more than one dimension of a grid holds. One plane is copied, so that no sums in float64 take memory. */
const FOLDED = 4 * 64 * 65_600;

const folded: CheckCase = {
  label: `1 plane of ${FOLDED}`,
  async run(gpu) {
    const planes = repeated(1, FOLDED);
    const shape = { count: FOLDED, planeCount: 1 };
    const { floats, problems } = await runKernel(
      gpu,
      { planes: input(planes), target: output(FOLDED) },
      (recorder, slices) => recordAddPlanes(recorder, { ...shape, ...slices }),
    );
    return [equal('target', floats.target, planes), ...failures(problems)];
  },
};

export const addPlanesCheck: KernelCheck = {
  name: 'add-planes',
  kernels: [],
  variants: ['default'],
  cases: SIZES.map(addPlanesCase),
  large: [folded],
};
