/** SwiGLU and its gradient against their references. */
import { type CheckCase, compare, failures, type KernelCheck } from '../checking/check.ts';
import { absolute, normals } from '../checking/data.ts';
import { both, input, output, runKernel } from '../checking/run.ts';
import { swigluBackward, swigluForward } from './swiglu.reference.ts';
import { recordSwiglu } from './swiglu.ts';

const SIZES = [
  { rows: 1, width: 4 },
  { rows: 3, width: 12 },
  { rows: 17, width: 68 },
  { rows: 63, width: 64 },
  { rows: 127, width: 176 },
];

function swigluCase({ rows, width }: (typeof SIZES)[number]): CheckCase {
  return {
    label: `${rows} rows of ${width}`,
    async run(gpu) {
      const gateUp = normals(rows, 2 * rows * width, 3);
      // Gates so negative that exp would overflow: the result is 0, not NaN.
      gateUp.set([-200, -100, 100, 200]);
      const dh = normals(2, rows * width);
      const { floats, problems } = await runKernel(
        gpu,
        { gateUp: input(gateUp), h: output(rows * width), dGateUp: both(gateUp), dh: input(dh) },
        (recorder, slices) => {
          recordSwiglu(recorder, 'forward', { rows, width, gateUp: slices.gateUp, h: slices.h });
          recordSwiglu(recorder, 'backward', { rows, width, gateUp: slices.dGateUp, h: slices.dh });
        },
      );
      const h = swigluForward(rows, width, gateUp);
      const { dGateUp, magnitude } = swigluBackward(rows, width, gateUp, dh);
      // The kernel keeps exp below e^80, so what is smaller than that is not relative to anything.
      const floor = (x: Float64Array) => absolute(x).map((value) => Math.max(value, 1e-25));
      return [
        compare('h', 'swiglu', floats.h, h, floor(h)),
        compare('dGateUp', 'swiglu', floats.dGateUp, dGateUp, floor(magnitude)),
        ...failures(problems),
      ];
    },
  };
}

export const swigluCheck: KernelCheck = {
  name: 'swiglu',
  kernels: [],
  variants: ['default'],
  cases: SIZES.map(swigluCase),
};
