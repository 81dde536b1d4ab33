/** The output head, forward and backward, in one chunk and in several, against its reference. */
import { type CheckCase, compare, equal, failures, type KernelCheck } from '../checking/check.ts';
import { integers, normals, rounded } from '../checking/data.ts';
import { both, input, output, runKernel, withHalves } from '../checking/run.ts';
import { VARIANTS } from '../variants.ts';
import { headBackward, headForward } from './head.reference.ts';
import { logitsStride, recordHeadBackward, recordHeadForward } from './head.ts';

interface Sizes {
  readonly rows: number;
  readonly width: number;
  readonly vocabulary: number;
  readonly temperature: number;
  readonly chunk?: number;
  /** Standard deviation of the logits before the temperature. */
  readonly spread?: number;
  /** What is stored as f16: the hidden rows of a policy that trains, or those and the weights of a frozen model. */
  readonly halves?: readonly ('hidden' | 'weight')[];
}

const SIZES: readonly Sizes[] = [
  { rows: 1, width: 4, vocabulary: 1, temperature: 1 },
  { rows: 3, width: 12, vocabulary: 3, temperature: 1 },
  { rows: 17, width: 64, vocabulary: 63, temperature: 0.7 },
  { rows: 63, width: 64, vocabulary: 64, temperature: 1, spread: 6 },
  { rows: 65, width: 68, vocabulary: 65, temperature: 1.3 },
  { rows: 127, width: 12, vocabulary: 1000, temperature: 1 },
  { rows: 3, width: 4, vocabulary: 5003, temperature: 1 },
  { rows: 193, width: 12, vocabulary: 65, temperature: 0.7, chunk: 64 },
  { rows: 193, width: 68, vocabulary: 65, temperature: 1, chunk: 64, halves: ['hidden'] },
  { rows: 63, width: 64, vocabulary: 63, temperature: 1, halves: ['hidden', 'weight'] },
];

const LARGE: readonly Sizes[] = [{ rows: 1025, width: 12, vocabulary: 1027, temperature: 1 }];

function headCase(sizes: Sizes): CheckCase {
  const { rows, width, vocabulary, temperature, chunk, spread = 1.5, halves = [] } = sizes;
  const stored = (name: (typeof halves)[number], x: Float32Array<ArrayBuffer>) =>
    halves.includes(name) ? rounded(x) : x;
  const stride = logitsStride(vocabulary);
  return {
    label: `${rows} rows of ${width}, vocabulary ${vocabulary}, temperature ${temperature}${chunk ? `, chunks of ${chunk}` : ''}${halves.length ? `, f16: ${halves.join(' ')}` : ''}`,
    async run(gpu) {
      const hidden = stored('hidden', normals(rows, rows * width));
      // The rows past the vocabulary are padding: finite numbers that must not matter.
      const weight = stored(
        'weight',
        normals(vocabulary, stride * width, spread / Math.sqrt(width)),
      );
      weight.fill(50, vocabulary * width);
      const targets = integers(rows, rows, vocabulary);
      const coefficients = normals(rows + 7, rows * 2);
      const before = normals(rows + 8, stride * width);
      const { floats, problems } = await runKernel(
        gpu,
        withHalves(
          {
            hidden: input(hidden),
            weight: input(weight),
            targets: input(targets),
            coefficients: input(coefficients),
            stats: output(rows * 4),
            logits: output((chunk ?? rows) * stride),
            dHidden: output(rows * width),
            dWeight: both(before),
          },
          halves,
        ),
        (recorder, slices) => {
          const options = { rows, width, vocabulary, temperature, chunk, ...slices };
          recordHeadForward(recorder, options);
          recordHeadBackward(recorder, options);
        },
      );
      const inputs = { rows, width, vocabulary, temperature, hidden, weight, targets };
      const { logp, entropy, lse, magnitude } = headForward(inputs);
      const { dHidden, dWeight, hiddenMagnitude, weightMagnitude } = headBackward(
        inputs,
        coefficients,
      );
      const column = (at: number) => floats.stats.filter((_, i) => i % 4 === at);
      const used = vocabulary * width;
      return [
        compare('logp', 'head', column(0), logp, magnitude),
        compare('entropy', 'head', column(1), entropy, magnitude),
        compare('lse', 'head', column(2), lse, magnitude),
        compare('dHidden', 'head-gradient', floats.dHidden, dHidden, hiddenMagnitude),
        compare(
          'dWeight',
          'head-gradient',
          floats.dWeight.subarray(0, used),
          dWeight.subarray(0, used).map((x, i) => x + before[i]),
          weightMagnitude.subarray(0, used).map((x, i) => x + Math.abs(before[i])),
        ),
        equal('padding of dWeight', floats.dWeight.subarray(used), before.subarray(used)),
        ...failures(problems),
      ];
    },
  };
}

export const headCheck: KernelCheck = {
  name: 'head',
  kernels: ['token-logprob', 'token-logprob-backward'],
  variants: VARIANTS['token-logprob'],
  cases: SIZES.map(headCase),
  large: LARGE.map(headCase),
};
