/** RMSNorm, its gradients, and the sums down columns, against their references. */
import { type CheckCase, compare, failures, type KernelCheck } from '../checking/check.ts';
import { absolute, halfUnit, normals, repeated, rounded } from '../checking/data.ts';
import { both, input, output, runKernel, withHalves } from '../checking/run.ts';
import { VARIANTS } from '../variants.ts';
import { columnSums, rmsNormBackward, rmsNormForward } from './rmsnorm.reference.ts';
import {
  columnPlanes,
  recordColumnSums,
  recordRmsNormBackward,
  recordRmsNormForward,
} from './rmsnorm.ts';

interface Sizes {
  readonly rows: number;
  readonly width: number;
  readonly accumulate: boolean;
  /** Stores gain and y as f16. */
  readonly halves?: boolean;
}

const SIZES: readonly Sizes[] = [
  { rows: 1, width: 4, accumulate: false },
  { rows: 3, width: 12, accumulate: true },
  { rows: 17, width: 64, accumulate: false },
  { rows: 63, width: 68, accumulate: true },
  { rows: 65, width: 176, accumulate: false },
  { rows: 127, width: 64, accumulate: true },
  { rows: 129, width: 260, accumulate: true },
  { rows: 33, width: 128, accumulate: false },
  { rows: 65, width: 68, accumulate: false, halves: true },
];

/** Wide rows, and more rows than one dimension of a grid has workgroups where 16 lanes share one. */
const LARGE: readonly Sizes[] = [
  { rows: 1025, width: 1028, accumulate: true },
  { rows: 4 * 65_600, width: 4, accumulate: false },
];

function rmsNormCase({ rows, width, accumulate, halves = false }: Sizes): CheckCase {
  const draw = rows > 1024 ? repeated : normals;
  return {
    label: `${rows} rows of ${width}${accumulate ? ', added to the residual' : ''}${halves ? ', f16: gain y' : ''}`,
    async run(gpu) {
      const eps = 1e-5;
      const x = draw(rows, rows * width, 2);
      const gain = halves ? rounded(normals(2, width)) : normals(2, width);
      const dy = draw(3, rows * width);
      const before = draw(4, rows * width);
      const gainBefore = normals(5, width);
      const { floats, problems } = await runKernel(
        gpu,
        withHalves(
          {
            x: input(x),
            gain: input(gain),
            dy: input(dy),
            y: output(rows * width),
            r: output(rows),
            dx: accumulate ? both(before) : output(rows * width),
            dGain: both(gainBefore),
            dBias: both(gainBefore),
            planes: output(columnPlanes(rows) * width),
          },
          halves ? ['gain', 'y'] : [],
        ),
        (recorder, slices) => {
          recordRmsNormForward(recorder, { rows, width, eps, ...slices });
          recordRmsNormBackward(recorder, { rows, width, accumulate, ...slices });
          recordColumnSums(recorder, {
            ...{ rows, width, g: slices.dy, target: slices.dBias, planes: slices.planes },
          });
        },
      );
      const inputs = { rows, width, eps, x, gain };
      const { y, r } = rmsNormForward(inputs);
      const { dx, dGain, xMagnitude, gainMagnitude } = rmsNormBackward(inputs, dy);
      const plus = (a: Float64Array, b: ArrayLike<number>) => a.map((value, i) => value + b[i]);
      return [
        halves
          ? compare('y', 'half', floats.y, y, halfUnit(y))
          : compare('y', 'rmsnorm', floats.y, y, absolute(y)),
        compare('r', 'rmsnorm', floats.r, r, r),
        compare(
          'dx',
          'rmsnorm-gradient',
          floats.dx,
          accumulate ? plus(dx, before) : dx,
          accumulate ? plus(xMagnitude, absolute(before)) : xMagnitude,
        ),
        compare(
          'dGain',
          'column-sum',
          floats.dGain,
          plus(dGain, gainBefore),
          plus(gainMagnitude, absolute(gainBefore)),
        ),
        compare(
          'dBias',
          'column-sum',
          floats.dBias,
          plus(columnSums(rows, width, dy), gainBefore),
          plus(columnSums(rows, width, absolute(dy)), absolute(gainBefore)),
        ),
        ...failures(problems),
      ];
    },
  };
}

export const rmsNormCheck: KernelCheck = {
  name: 'rmsnorm',
  kernels: ['rmsnorm-forward', 'rmsnorm-backward', 'column-sums'],
  variants: VARIANTS['rmsnorm-forward'],
  cases: SIZES.map(rmsNormCase),
  large: LARGE.map(rmsNormCase),
};
