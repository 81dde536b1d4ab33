/** Gradient norm, clipping and AdamW against their reference, with its guard against numbers that are not finite. */
import { type CheckCase, compare, equal, failures, type KernelCheck } from '../checking/check.ts';
import { normals, repeated } from '../checking/data.ts';
import { both, input, output, runKernel } from '../checking/run.ts';
import { VARIANTS } from '../variants.ts';
import { adamW } from './adamw.reference.ts';
import { type AdamWSettings, adamWSettings, NORM_PARTS, recordAdamW } from './adamw.ts';

interface Sizes {
  readonly count: number;
  readonly decayEnd: number;
  readonly settings: AdamWSettings;
  /** A number put into the gradient. */
  readonly poison?: number;
}

const SETTINGS: AdamWSettings = {
  learningRate: 3e-4,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0.1,
  maxGradNorm: 1,
  step: 1,
};
const SIZES: readonly Sizes[] = [
  { count: 4, decayEnd: 4, settings: { ...SETTINGS, maxGradNorm: 0 } },
  { count: 12, decayEnd: 4, settings: { ...SETTINGS, step: 2 } },
  { count: 4 * 1027, decayEnd: 4 * 65, settings: { ...SETTINGS, step: 10, learningRate: 0.1 } },
  { count: 4 * 3001, decayEnd: 0, settings: { ...SETTINGS, step: 1000, maxGradNorm: 1e6 } },
  { count: 4 * 1027, decayEnd: 64, settings: SETTINGS, poison: Number.NaN },
  { count: 4 * 1027, decayEnd: 64, settings: SETTINGS, poison: Number.NEGATIVE_INFINITY },
  { count: 4 * 1027, decayEnd: 64, settings: SETTINGS, poison: 3e38 },
];

/** A million parameters. */
const LARGE: readonly Sizes[] = [
  { count: 4 * 262_147, decayEnd: 4 * 1027, settings: { ...SETTINGS, step: 3 } },
];

function adamWCase({ count, decayEnd, settings, poison }: Sizes): CheckCase {
  const { step, maxGradNorm } = settings;
  const draw = count > 2 ** 16 ? repeated : normals;
  return {
    label:
      poison === undefined
        ? `${count} parameters, ${decayEnd} decay, step ${step}, clipped to ${maxGradNorm}`
        : `a gradient with ${poison}: nothing changes`,
    async run(gpu) {
      const parameters = draw(1, count);
      const gradients = draw(2, count);
      // The sum of squares of 3e38 overflows, which counts as not finite.
      if (poison !== undefined) gradients[count - 3] = poison;
      const m = draw(3, count, 0.1);
      const v = draw(4, count, 0.1).map((x) => x * x);
      const zeros = new Float32Array(count);
      const { floats, problems } = await runKernel(
        gpu,
        {
          settings: input(adamWSettings(settings)),
          stats: output(4),
          partials: output(2 * NORM_PARTS),
          parameters: both(parameters),
          gradients: both(gradients),
          m: both(m),
          v: both(v),
        },
        (recorder, slices) => recordAdamW(recorder, { count, decayEnd, ...slices }),
      );
      const zeroed = equal('gradients', floats.gradients, zeros);
      if (poison !== undefined) {
        return [
          equal('not finite', floats.stats.subarray(2, 3), [1]),
          equal('parameters', floats.parameters, parameters),
          equal('m', floats.m, m),
          equal('v', floats.v, v),
          zeroed,
          ...failures(problems),
        ];
      }
      // The GPU sees the settings as float32 numbers.
      const seen = {
        ...settings,
        beta1: Math.fround(settings.beta1),
        beta2: Math.fround(settings.beta2),
      };
      const after = adamW(seen, { parameters, m, v }, gradients, decayEnd);
      const { magnitude } = after;
      return [
        compare('norm', 'gradient-norm', floats.stats.subarray(0, 1), [after.norm], after.norm),
        equal('not finite', floats.stats.subarray(2, 3), [0]),
        compare('parameters', 'adamw', floats.parameters, after.parameters, magnitude.parameters),
        compare('m', 'adamw', floats.m, after.m, magnitude.m),
        compare('v', 'adamw', floats.v, after.v, magnitude.v),
        zeroed,
        ...failures(problems),
      ];
    },
  };
}

export const adamWCheck: KernelCheck = {
  name: 'adamw',
  kernels: ['gradient-norm'],
  variants: VARIANTS['gradient-norm'],
  cases: SIZES.map(adamWCase),
  large: LARGE.map(adamWCase),
};
