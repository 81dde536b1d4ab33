/** AdamW with global-norm clipping and a guard against numbers that are not finite. @see adamw.wgsl, gradient-norm.wgsl */
import type { Slice } from '../../gpu/buffers.ts';
import type { Kernel } from '../../gpu/kernel.ts';
import type { Recorder } from '../../gpu/recording.ts';
import { expandWgsl } from '../../gpu/wgsl-template.ts';
import { linearGrid } from '../grid.ts';
import { loadTemplate } from '../templates.ts';
import { type Sharing, sharingOf, treeWgsl } from '../tree/tree.ts';

const adamw = loadTemplate('optimizer/adamw.wgsl');
const norm = loadTemplate('optimizer/gradient-norm.wgsl');
const normLanes = loadTemplate('optimizer/gradient-norm-lanes.wgsl');

/** Partial sums of the gradient norm. Their number is fixed, so that the order of adding is fixed too. */
export const NORM_PARTS = 1024;
/** Partial sums in the `lanes` variant, and also the lanes of a workgroup there. */
const LANES_PARTS = 256;
/** Floats of the settings buffer. */
export const ADAMW_SETTINGS = 8;

/** Settings of one update, by torch's names. */
export interface AdamWSettings {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
  /** Clips the gradient to this global norm; 0 is off. */
  readonly maxGradNorm: number;
  /** Updates done, this one included: 1 at the first. */
  readonly step: number;
}

export interface AdamWOptions {
  /** Floats of each flat buffer, a multiple of 4. */
  readonly count: number;
  /** Parameters before this index decay. */
  readonly decayEnd: number;
  readonly settings: Slice;
  /** (norm before clipping, clip scale, 1 if not finite, 0), written. */
  readonly stats: Slice;
  /** Scratch of NORM_PARTS pairs. */
  readonly partials: Slice;
  readonly parameters: Slice;
  /** Read, then zeroed. */
  readonly gradients: Slice;
  readonly m: Slice;
  readonly v: Slice;
}

/**
 * The words of the settings buffer. Bias corrections are computed in float64 from the betas as the GPU will see them: rounding 0.999
 * changes 1 - 0.999 by 5e-5, and a correction from the exact number would leave that error in every early update.
 */
export function adamWSettings(s: AdamWSettings): Float32Array<ArrayBuffer> {
  const c1 = 1 - Math.fround(s.beta1) ** s.step;
  const c2 = 1 - Math.fround(s.beta2) ** s.step;
  return new Float32Array([
    s.learningRate,
    s.beta1,
    s.beta2,
    s.epsilon,
    s.weightDecay,
    c1,
    c2,
    s.maxGradNorm,
  ]);
}

/** @param sharing what lanes exchange their sums through; null for the plain kernel */
export function gradientNormKernel(stage: 1 | 2, sharing: Sharing | null = null): Kernel {
  const tree = { type: 'vec2f', threads: LANES_PARTS, lanes: LANES_PARTS } as const;
  return {
    name: `gradient-norm-${stage}`,
    variant: sharing?.variant ?? 'scalar',
    source: sharing
      ? treeWgsl(sharing, tree) + expandWgsl(normLanes, { STAGE: stage, PARTS: LANES_PARTS })
      : expandWgsl(norm, { STAGE: stage, PARTS: NORM_PARTS }),
    bindings: stage === 1 ? ['read', 'write'] : ['read', 'read', 'write'],
  };
}

export function adamWKernel(): Kernel {
  return {
    name: 'adamw',
    variant: 'plain',
    source: expandWgsl(adamw, {}),
    bindings: ['read', 'read', 'write', 'write', 'write', 'write'],
  };
}

/** Records norm, clip and update of all parameters. */
export function recordAdamW(recorder: Recorder, options: AdamWOptions): void {
  const { count, decayEnd, settings, stats, partials, parameters, gradients, m, v } = options;
  const sharing = sharingOf(recorder.gpu, 'gradient-norm');
  recorder.add({
    kernel: gradientNormKernel(1, sharing),
    words: { u32: [count / 4] },
    bind: [gradients, partials],
    grid: [sharing ? LANES_PARTS : NORM_PARTS / 64],
    flop: 2 * count,
    bytes: 4 * count,
  });
  recorder.add({
    kernel: gradientNormKernel(2, sharing),
    words: { u32: [count / 4] },
    bind: [partials, settings, stats],
    grid: [1],
    flop: NORM_PARTS,
  });
  const { grid, width } = linearGrid(count / 4);
  recorder.add({
    kernel: adamWKernel(),
    words: { u32: [count / 4, decayEnd / 4, width] },
    bind: [settings, stats, parameters, gradients, m, v],
    grid,
    flop: 14 * count,
    bytes: 32 * count,
  });
}
