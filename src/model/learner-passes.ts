/** The three passes of a learner as recorded dispatches: score a batch (forward), its gradients (backward), update. */
import type { Slice } from '../gpu/buffers.ts';
import type { Recorder } from '../gpu/recording.ts';
import { type HeadOptions, recordHeadBackward, recordHeadForward } from '../kernels/head/head.ts';
import { recordAdamW } from '../kernels/optimizer/adamw.ts';
import { recordAddPlanes } from '../kernels/reduce/add-planes.ts';
import { recordRmsNormBackward, recordRmsNormForward } from '../kernels/rmsnorm/rmsnorm.ts';
import { recordGatherRows } from '../kernels/rows/gather-rows.ts';
import type { KeptPass } from './kept-pass.ts';
import type {
  LearnerBuffers,
  ReadRows,
  TokenHeadBuffers,
  TrainingBuffers,
} from './learner-buffers.ts';
import type { ParameterLayout } from './parameters.ts';
import type { ScalarHead } from './scalar-head.ts';
import {
  type BatchRows,
  packedAttention,
  recordLayers,
  recordRecalledLayers,
  vocabularyOf,
  weightOf,
} from './transformer.ts';
import { recordLayersBackward } from './transformer-backward.ts';

/** The shape of a batch: a recording depends on nothing else. */
export interface BatchShape {
  readonly rows: number;
  /** Rows of the output head. */
  readonly targetRows: number;
  /** For pacing only. */
  readonly meanKeys: number;
}

function batchRows(b: LearnerBuffers, shape: BatchShape): BatchRows {
  const { ids, positions, spans } = b.batch;
  return { rows: shape.rows, meanKeys: shape.meanKeys, ids, positions, spans, rope: b.rope };
}

function headOptions(
  b: LearnerBuffers,
  tokenHead: TokenHeadBuffers,
  layout: ParameterLayout,
  parameters: Slice,
  read: ReadRows,
  shape: BatchShape,
  temperature: number,
): HeadOptions {
  const { config } = layout;
  return {
    rows: shape.targetRows,
    width: config.hidden_size,
    vocabulary: config.vocab_size,
    temperature,
    hidden: read.hidden,
    weight: vocabularyOf(parameters, layout.lmHead),
    targets: tokenHead.targets,
    stats: b.scores,
    logits: tokenHead.logits,
  };
}

/**
 * Records, for every completion token of the uploaded batch under `parameters`, its log-prob and entropy (with a token head) and its
 * value (with a scalar head).
 * @param kept where the layers' activations come from instead, if they were computed before
 */
export function recordForwardPass(
  recorder: Recorder,
  layout: ParameterLayout,
  b: LearnerBuffers,
  parameters: Slice,
  shape: BatchShape,
  temperature: number,
  scalar: ScalarHead | null = null,
  kept: KeptPass | null = null,
): void {
  const { config } = layout;
  if (kept) {
    recordRecalledLayers(recorder, layout, parameters, b.activations, shape.rows, (layer, a) =>
      kept.recordRecall(recorder, layer, a, shape.rows),
    );
  } else {
    const rows = batchRows(b, shape);
    const attend = packedAttention(recorder, config, rows);
    recordLayers(recorder, layout, parameters, b.activations, rows, attend);
  }
  for (const read of [b.before, b.at]) {
    if (!read) continue;
    recordGatherRows(recorder, {
      rows: shape.targetRows,
      width: config.hidden_size,
      index: read.sources,
      x: b.activations.output,
      y: read.gathered,
    });
    recordRmsNormForward(recorder, {
      rows: shape.targetRows,
      width: config.hidden_size,
      eps: config.rms_norm_eps,
      x: read.gathered,
      gain: weightOf(parameters, layout.finalNorm),
      y: read.hidden,
      r: read.hiddenR,
    });
  }
  const { before, tokenHead } = b;
  if (before && tokenHead) {
    const options = [b, tokenHead, layout, parameters, before, shape, temperature] as const;
    recordHeadForward(recorder, headOptions(...options));
  }
  const own = scalar && b[scalar.rows];
  if (own) scalar.recordForward(recorder, { rows: shape.targetRows, hidden: own.hidden }, b.scores);
}

/** Records the backward pass from the uploaded coefficients; gradients are accumulated. Overwrites activations. */
export function recordBackwardPass(
  recorder: Recorder,
  layout: ParameterLayout,
  b: LearnerBuffers,
  t: TrainingBuffers,
  shape: BatchShape,
  temperature: number,
  scalar: ScalarHead | null = null,
): void {
  const { planes, dx, dNormed } = t.scratch;
  let reached = false;
  for (const read of [b.before, b.at]) {
    if (!read) continue;
    const { tokenHead } = b;
    const coefficients = read === b.before && tokenHead?.coefficients;
    if (tokenHead && coefficients) {
      recordHeadBackward(recorder, {
        ...headOptions(b, tokenHead, layout, b.parameters, read, shape, temperature),
        coefficients,
        dHidden: t.dHidden,
        dWeight: vocabularyOf(t.gradients, layout.lmHead),
        planes,
      });
    }
    const own = scalar && read === b[scalar.rows] ? scalar : null;
    const at = { rows: shape.targetRows, hidden: read.hidden };
    own?.recordBackward(recorder, at, t.dHidden, { accumulate: Boolean(coefficients) });
    if (!coefficients && own?.trunk !== 'shared') continue;
    // The gradient of a second set of rows goes through scratch that the layers need only later, and is added.
    recordReadBackward(recorder, layout, b, t, shape, read, reached ? dNormed : dx);
    if (reached) {
      const count = shape.rows * layout.config.hidden_size;
      const added = { planes: dNormed, target: dx, count, planeCount: 1, accumulate: true };
      recordAddPlanes(recorder, added);
    }
    reached = true;
  }
  if (!reached) return;
  recordLayersBackward(
    recorder,
    layout,
    b.parameters,
    t.gradients,
    b.activations,
    t.scratch,
    batchRows(b, shape),
    {
      lists: t.lists,
      capacity: tokenCapacity(layout, shape.rows),
    },
  );
}

/** Records how the gradient of the hidden rows that the heads read becomes that of the residual stream, `dx` [rows, hidden]: overwritten. */
function recordReadBackward(
  recorder: Recorder,
  layout: ParameterLayout,
  b: LearnerBuffers,
  t: TrainingBuffers,
  shape: BatchShape,
  read: ReadRows,
  dx: Slice,
): void {
  const { hidden_size: width } = layout.config;
  recordRmsNormBackward(recorder, {
    rows: shape.targetRows,
    width,
    x: read.gathered,
    gain: weightOf(b.parameters, layout.finalNorm),
    r: read.hiddenR,
    dy: t.dHidden,
    dx: t.dGathered,
    accumulate: false,
    dGain: weightOf(t.gradients, layout.finalNorm),
    planes: t.scratch.planes,
  });
  recordGatherRows(recorder, {
    rows: shape.rows,
    width,
    index: read.inverse,
    x: t.dGathered,
    y: dx,
  });
}

/** The largest number of different tokens that `rows` rows can hold. */
export function tokenCapacity(layout: ParameterLayout, rows: number): number {
  return Math.min(rows, layout.config.vocab_size);
}

/** Records AdamW over all parameters, and over those of the scalar head at its own learning rate. */
export function recordUpdatePass(
  recorder: Recorder,
  layout: ParameterLayout,
  b: LearnerBuffers,
  t: TrainingBuffers,
  scalar: ScalarHead | null = null,
): void {
  recordAdamW(recorder, {
    count: layout.count,
    decayEnd: layout.decayEnd,
    settings: t.settings,
    stats: t.stats,
    partials: t.partials,
    parameters: b.parameters,
    gradients: t.gradients,
    m: t.m,
    v: t.v,
  });
  scalar?.recordUpdate(recorder);
}
