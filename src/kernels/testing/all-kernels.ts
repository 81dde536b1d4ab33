/** Every kernel in every variant and option, for tests of their text. */
import type { Kernel } from '../../gpu/kernel.ts';
import { attentionKernel } from '../attention/attention.ts';
import { decodeAttentionKernel } from '../attention/decode-attention.ts';
import { embeddingBackwardKernel, embeddingForwardKernel } from '../embedding/embedding.ts';
import { tokenLogprobBackwardKernel, tokenLogprobKernel } from '../head/head.ts';
import { matmulKernel, packKernel } from '../matmul/matmul.ts';
import { adamWKernel, gradientNormKernel } from '../optimizer/adamw.ts';
import { addPlanesKernel } from '../reduce/add-planes.ts';
import {
  columnSumsKernel,
  rmsNormBackwardKernel,
  rmsNormForwardKernel,
} from '../rmsnorm/rmsnorm.ts';
import { ropeKernel } from '../rope/rope.ts';
import { gatherRowsKernel } from '../rows/gather-rows.ts';
import { decodeBeginKernel, sampleKernel } from '../sample/sample.ts';
import { swigluKernel } from '../swiglu/swiglu.ts';
import type { Sharing } from '../tree/tree.ts';
import { valueBackwardKernel, valueForwardKernel } from '../value/value.ts';
import { VARIANTS } from '../variants.ts';

const SWITCH = [false, true];
/** Subgroups of SwiftShader's size, of a common GPU's, and as large as a whole workgroup of the row kernels. */
const SHARINGS: readonly Sharing[] = [
  { variant: 'lanes' },
  ...[4, 32, 64].map((size) => ({ variant: 'subgroups' as const, size })),
];

/** The plain way, and rows shared by these numbers of lanes, through everything that lanes may share through. */
function rowLanes(...counts: readonly number[]) {
  return [null, ...counts.flatMap((lanes) => SHARINGS.map((sharing) => ({ lanes, sharing })))];
}

function matmuls(): Kernel[] {
  const kinds = [
    ...(['nt', 'nn', 'tn'] as const).map((form) => ({ form, kernel: `matmul-${form}` as const })),
    { form: 'nt', kernel: 'matmul-few' },
  ] as const;
  return kinds.flatMap(({ form, kernel }) =>
    VARIANTS[kernel].flatMap((variant) =>
      SWITCH.flatMap((bias) =>
        SWITCH.flatMap((residual) =>
          SWITCH.flatMap((accumulate) => {
            const epilogue = { bias, residual, accumulate };
            const ways =
              variant === 'octets'
                ? SWITCH.map((packed) => ({ packed }))
                : variant === 'quads'
                  ? SWITCH.map((many) => ({ many }))
                  : variant === 'subgroups'
                    ? [4, 8, 16, 32, 64, 128].map((subgroup) => ({ subgroup }))
                    : [{}];
            const few = kernel === 'matmul-few';
            return ways.map((way) => matmulKernel(form, variant, epilogue, { ...way, few }));
          }),
        ),
      ),
    ),
  );
}

function attentions(headDim: number): Kernel[] {
  const names = ['attention-forward', 'attention-backward-q', 'attention-backward-kv'] as const;
  return [
    // Attention through subgroups takes their size as data: one text serves all sizes.
    ...(['rows', 'neighbours', 'lanes', 'subgroups'] as const).flatMap((variant) =>
      names.map((name) => attentionKernel(name, variant, headDim)),
    ),
    ...SHARINGS.map((sharing) => decodeAttentionKernel(headDim, sharing)),
    ...SWITCH.flatMap((rolled) => [
      ...names.map((name) => attentionKernel(name, 'scalar', headDim, rolled)),
      decodeAttentionKernel(headDim, null, rolled),
    ]),
  ];
}

export function allKernels(): Kernel[] {
  return [
    ...matmuls(),
    ...SWITCH.map(packKernel),
    ...[4, 16, 36, 64, 128].flatMap(attentions),
    ...SWITCH.flatMap((on) => [
      addPlanesKernel(on),
      columnSumsKernel(on),
      columnSumsKernel(on, 'lanes'),
      ...rowLanes(16, 64).map((row) => rmsNormBackwardKernel(on, row)),
      rmsNormBackwardKernel(on, null, 64),
      ropeKernel(on, 2),
      ropeKernel(on, 4),
      ropeKernel(false, on ? 4 : 2, true),
      ...rowLanes(64, 256).map((row) => sampleKernel(on, row)),
    ]),
    swigluKernel('forward'),
    swigluKernel('backward'),
    swigluKernel('backward', true),
    ...[null, ...SHARINGS].flatMap((sharing) => [
      gradientNormKernel(1, sharing),
      gradientNormKernel(2, sharing),
    ]),
    adamWKernel(),
    decodeBeginKernel(),
    embeddingBackwardKernel(),
    embeddingForwardKernel(),
    gatherRowsKernel(),
    gatherRowsKernel('f32'),
    ...rowLanes(16, 64).map((row) => rmsNormForwardKernel(row)),
    rmsNormForwardKernel(null, 64),
    tokenLogprobBackwardKernel('scalar'),
    tokenLogprobBackwardKernel('lanes'),
    ...rowLanes(16, 64, 256).map((row) => tokenLogprobKernel(row)),
    valueBackwardKernel('head'),
    ...SWITCH.map((accumulate) => valueBackwardKernel('trunk', accumulate)),
    valueForwardKernel(),
  ];
}
