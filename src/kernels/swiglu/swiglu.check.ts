/** SwiGLU and its gradient against their references. */
import { type CheckCase, compare, failures, type KernelCheck } from '../checking/check.ts';
import { absolute, halfUnit, normals, repeated, rounded } from '../checking/data.ts';
import { both, input, output, runKernel, withHalves } from '../checking/run.ts';
import { swigluBackward, swigluForward } from './swiglu.reference.ts';
import { recordSwigluBackward, recordSwigluForward } from './swiglu.ts';

/** With `halves` gate, up and h are stored as f16, and the gradient beside them as f32. */
interface Sizes {
  readonly rows: number;
  readonly width: number;
  readonly halves?: boolean;
  /** Puts 1e4 among the numbers of up, beside gates of 2. */
  readonly outliers?: boolean;
}

const SIZES: readonly Sizes[] = [
  { rows: 1, width: 4 },
  { rows: 3, width: 12 },
  { rows: 17, width: 68 },
  { rows: 63, width: 64 },
  { rows: 63, width: 68, halves: true },
  { rows: 63, width: 68, halves: true, outliers: true },
  { rows: 127, width: 176 },
];

const LARGE: readonly Sizes[] = [{ rows: 1025, width: 1028 }];

/** Row by row, gates first. */
function setOutliers(gateUp: Float32Array, width: number): void {
  for (let at = 13; at < gateUp.length; at += 97) {
    const row = at - (at % (2 * width));
    const column = (at - row) % width;
    gateUp[row + column] = 2;
    gateUp[row + width + column] = at % 2 === 0 ? 1e4 : -1e4;
  }
}

function swigluCase({ rows, width, halves = false, outliers = false }: Sizes): CheckCase {
  const draw = rows > 1024 ? repeated : normals;
  return {
    label: `${rows} rows of ${width}${halves ? ', f16: gateUp h' : ''}${outliers ? ', outliers' : ''}`,
    async run(gpu) {
      const drawn = draw(rows, 2 * rows * width, 3);
      if (outliers) setOutliers(drawn, width);
      const gateUp = halves ? rounded(drawn) : drawn;
      // Gates so negative that exp would overflow: the result is 0, not NaN.
      gateUp.set([-200, -100, 100, 200]);
      const dh = draw(2, rows * width);
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
  large: LARGE.map(swigluCase),
};
