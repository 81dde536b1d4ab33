/** Every kernel in every variant and option, for tests of their text. */
import type { Kernel } from '../../gpu/recording.ts';
import { attentionKernel } from '../attention/attention.ts';
import { cacheAppendKernel, decodeAttentionKernel } from '../attention/decode-attention.ts';
import { embeddingBackwardKernel, embeddingForwardKernel } from '../embedding/embedding.ts';
import { tokenLogprobBackwardKernel, tokenLogprobKernel } from '../head/head.ts';
import { matmulKernel } from '../matmul/matmul.ts';
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
import { valueBackwardKernel, valueForwardKernel } from '../value/value.ts';
import { VARIANTS } from '../variants.ts';

const SWITCH = [false, true];

function matmuls(): Kernel[] {
  return (['nt', 'nn', 'tn'] as const).flatMap((form) =>
    VARIANTS[`matmul-${form}`].flatMap((variant) =>
      SWITCH.flatMap((bias) =>
        SWITCH.flatMap((residual) =>
          SWITCH.map((accumulate) => matmulKernel(form, variant, { bias, residual, accumulate })),
        ),
      ),
    ),
  );
}

function attentions(headDim: number): Kernel[] {
  const names = ['attention-forward', 'attention-backward-q', 'attention-backward-kv'] as const;
  return [
    ...names.map((name) => attentionKernel(name, 'rows', headDim)),
    ...SWITCH.flatMap((rolled) => [
      ...names.map((name) => attentionKernel(name, 'scalar', headDim, rolled)),
      decodeAttentionKernel(headDim, rolled),
    ]),
  ];
}

export function allKernels(): Kernel[] {
  return [
    ...matmuls(),
    ...[4, 16, 64, 128].flatMap(attentions),
    ...SWITCH.flatMap((on) => [
      addPlanesKernel(on),
      columnSumsKernel(on),
      rmsNormBackwardKernel(on),
      ropeKernel(on, 1),
      ropeKernel(on, 4),
      sampleKernel(on),
    ]),
    swigluKernel('forward'),
    swigluKernel('backward'),
    gradientNormKernel(1),
    gradientNormKernel(2),
    adamWKernel(),
    cacheAppendKernel(),
    decodeBeginKernel(),
    embeddingBackwardKernel(),
    embeddingForwardKernel(),
    gatherRowsKernel(),
    rmsNormForwardKernel(),
    tokenLogprobBackwardKernel(),
    tokenLogprobKernel(),
    valueBackwardKernel('head'),
    valueBackwardKernel('trunk'),
    valueForwardKernel(),
  ];
}
