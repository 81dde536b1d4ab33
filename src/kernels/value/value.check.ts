/** The value head, forward and backward, against its reference. */
import { type CheckCase, compare, equal, failures, type KernelCheck } from '../checking/check.ts';
import { absolute, normals, rounded } from '../checking/data.ts';
import { both, input, output, runKernel, withHalves } from '../checking/run.ts';
import { valueBackward, valueForward } from './value.reference.ts';
import { recordValueBackward, recordValueForward, valuePlanes } from './value.ts';

interface Sizes {
  readonly rows: number;
  readonly width: number;
  /** Leaves the gradient of the hidden rows alone. */
  readonly detached?: boolean;
  /** Writes the gradient of the hidden rows instead of adding to it. */
  readonly fresh?: boolean;
  /** Stores the hidden rows as f16. */
  readonly halves?: boolean;
}

const SIZES: readonly Sizes[] = [
  { rows: 1, width: 4 },
  { rows: 3, width: 12, detached: true },
  { rows: 17, width: 64 },
  { rows: 63, width: 68, detached: true },
  { rows: 65, width: 176 },
  { rows: 127, width: 260 },
  { rows: 65, width: 68, halves: true },
  { rows: 65, width: 12, fresh: true },
  { rows: 129, width: 64 },
];

function valueCase({
  rows,
  width,
  detached = false,
  fresh = false,
  halves = false,
}: Sizes): CheckCase {
  return {
    label: `${rows} rows of ${width}${detached ? ', without a gradient for the trunk' : ''}${fresh ? ', written over' : ''}${halves ? ', f16: hidden' : ''}`,
    async run(gpu) {
      const drawn = normals(rows, rows * width);
      const hidden = halves ? rounded(drawn) : drawn;
      const head = normals(2, width + 4);
      head.fill(0, width + 1);
      const coefficients = normals(3, rows);
      const stats = normals(4, rows * 4);
      const hiddenBefore = normals(5, rows * width);
      const kept = fresh ? new Float32Array(rows * width) : hiddenBefore;
      const headBefore = normals(6, width + 4);
      const { floats, problems } = await runKernel(
        gpu,
        withHalves(
          {
            hidden: input(hidden),
            head: input(head),
            coefficients: input(coefficients),
            stats: both(stats),
            dHidden: both(hiddenBefore),
            dHead: both(headBefore),
            planes: output(valuePlanes(rows, width)),
          },
          halves ? ['hidden'] : [],
        ),
        (recorder, slices) => {
          recordValueForward(recorder, { rows, width, ...slices });
          const dHidden = detached ? null : slices.dHidden;
          recordValueBackward(recorder, { rows, width, ...slices, dHidden, accumulate: !fresh });
        },
      );
      const inputs = { rows, width, hidden, head };
      const { values, magnitude } = valueForward(inputs);
      const { dHidden, dHead, headMagnitude } = valueBackward(inputs, coefficients);
      const others = (x: ArrayLike<number>) => Array.from(x).filter((_, i) => i % 4 !== 3);
      const plus = (a: Float64Array, b: ArrayLike<number>) => a.map((value, i) => value + b[i]);
      return [
        compare(
          'value',
          'value',
          floats.stats.filter((_, i) => i % 4 === 3),
          values,
          magnitude,
        ),
        equal('the other statistics', others(floats.stats), others(stats)),
        detached
          ? equal('dHidden', floats.dHidden, hiddenBefore)
          : compare(
              'dHidden',
              'value',
              floats.dHidden,
              plus(dHidden, kept),
              plus(absolute(dHidden), absolute(kept)),
            ),
        compare(
          'dHead',
          'column-sum',
          floats.dHead,
          plus(dHead, headBefore),
          plus(headMagnitude, absolute(headBefore)),
        ),
        ...failures(problems),
      ];
    },
  };
}

export const valueCheck: KernelCheck = {
  name: 'value',
  kernels: [],
  variants: ['default'],
  cases: SIZES.map(valueCase),
};
