/** SwiGLU and its gradient against their references. */
import { type CheckCase, compare, failures, type KernelCheck } from '../checking/check.ts';
import { absolute, halfUnit, normals, rounded } from '../checking/data.ts';
import { both, input, output, runKernel, withHalves } from '../checking/run.ts';
import { swigluBackward, swigluForward } from './swiglu.reference.ts';
import { recordSwigluBackward, recordSwigluForward } from './swiglu.ts';

/** With `halves` gate, up and h are stored as f16, and the gradient beside them as f32. */
const SIZES: readonly { rows: number; width: number; halves?: boolean }[] = [
  { rows: 1, width: 4 },
  { rows: 3, width: 12 },
  { rows: 17, width: 68 },
  { rows: 63, width: 64 },
  { rows: 63, width: 68, halves: true },
  { rows: 127, width: 176 },
];

function swigluCase({ rows, width, halves = false }: (typeof SIZES)[number]): CheckCase {
  return {
    label: `${rows} rows of ${width}${halves ? ', f16: gateUp h' : ''}`,
    async run(gpu) {
      const drawn = normals(rows, 2 * rows * width, 3);
      const gateUp = halves ? rounded(drawn) : drawn;
      // Gates so negative that exp would overflow: the result is 0, not NaN.
      gateUp.set([-200, -100, 100, 200]);
      const dh = normals(2, rows * width);
      const { floats, problems } = await runKernel(
        gpu,
        withHalves(
          {
            ...{ gateUp: input(gateUp), h: output(rows * width), dh: input(dh) },
            dGateUp: halves ? output(gateUp.length) : both(gateUp),
          },
          halves ? ['gateUp', 'h'] : [],
        ),
        (recorder, { gateUp: stored, h, dh: g, dGateUp: target }) => {
          recordSwigluForward(recorder, { rows, width, gateUp: stored, h });
          const source = halves ? stored : target;
          recordSwigluBackward(recorder, { rows, width, gateUp: source, dh: g, dGateUp: target });
        },
      );
      const h = swigluForward(rows, width, gateUp);
      const { dGateUp, magnitude } = swigluBackward(rows, width, gateUp, dh);
      // The kernel keeps exp below e^80, so what is smaller than that is not relative to anything.
      const floor = (x: Float64Array) => absolute(x).map((value) => Math.max(value, 1e-25));
      return [
        halves
          ? compare('h', 'half', floats.h, h, halfUnit(h))
          : compare('h', 'swiglu', floats.h, h, floor(h)),
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
