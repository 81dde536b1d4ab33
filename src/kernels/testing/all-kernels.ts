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
    ...names.map((name) => attentionKernel(name, 'lanes', headDim)),
    decodeAttentionKernel(headDim, 'lanes'),
    ...SWITCH.flatMap((rolled) => [
      ...names.map((name) => attentionKernel(name, 'scalar', headDim, rolled)),
      decodeAttentionKernel(headDim, 'scalar', rolled),
    ]),
  ];
}

export function allKernels(): Kernel[] {
  return [
    ...matmuls(),
    ...[4, 16, 36, 64, 128].flatMap(attentions),
    ...SWITCH.flatMap((on) => [
      addPlanesKernel(on),
      columnSumsKernel(on),
      columnSumsKernel(on, 'lanes'),
      ...[0, 16, 64].map((lanes) => rmsNormBackwardKernel(on, lanes)),
      ropeKernel(on, 1),
      ropeKernel(on, 4),
      ...[0, 32, 256].map((lanes) => sampleKernel(on, lanes)),
    ]),
    swigluKernel('forward'),
    swigluKernel('backward'),
    ...(['scalar', 'lanes'] as const).flatMap((variant) => [
      gradientNormKernel(1, variant),
      gradientNormKernel(2, variant),
    ]),
    adamWKernel(),
    cacheAppendKernel(),
    decodeBeginKernel(),
    embeddingBackwardKernel(),
    embeddingForwardKernel(),
    gatherRowsKernel(),
    ...[0, 16, 64].map((lanes) => rmsNormForwardKernel(lanes)),
    tokenLogprobBackwardKernel('scalar'),
    tokenLogprobBackwardKernel('lanes'),
    ...[0, 16, 64, 256].map((lanes) => tokenLogprobKernel(lanes)),
    valueBackwardKernel('head'),
    valueBackwardKernel('trunk'),
    valueForwardKernel(),
  ];
}
