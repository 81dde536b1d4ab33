/** The three passes of a learner as recorded dispatches: score a batch, go back through it, update. */
import type { Slice } from '../gpu/buffers.ts';
import type { Recorder } from '../gpu/recording.ts';
import { type HeadOptions, recordHeadBackward, recordHeadForward } from '../kernels/head/head.ts';
import { recordAdamW } from '../kernels/optimizer/adamw.ts';
import { recordRmsNormBackward, recordRmsNormForward } from '../kernels/rmsnorm/rmsnorm.ts';
import { recordGatherRows } from '../kernels/rows/gather-rows.ts';
import type { LearnerBuffers, TrainingBuffers } from './learner-buffers.ts';
import type { ParameterLayout } from './parameters.ts';
import type { ScalarHead } from './scalar-head.ts';
import {
  type BatchRows,
  packedAttention,
  recordLayers,
  recordLayersBackward,
  vocabularyOf,
  weightOf,
} from './transformer.ts';

/** The shape of a batch: all that a recording depends on. */
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

function head(
  b: LearnerBuffers,
  layout: ParameterLayout,
  parameters: Slice,
  shape: BatchShape,
  temperature: number,
): HeadOptions {
  const { config } = layout;
  return {
    rows: shape.targetRows,
    width: config.hidden_size,
    vocabulary: config.vocab_size,
    temperature,
    hidden: b.hidden,
    weight: vocabularyOf(parameters, layout.lmHead),
    targets: b.batch.targets,
    stats: b.scores,
    logits: b.logits,
  };
}

/**
 * Records log-prob and entropy of every completion token of the uploaded batch, under `parameters`; with a scalar head also its
 * number for the row that predicts the token.
 */
export function recordForwardPass(
  recorder: Recorder,
  layout: ParameterLayout,
  b: LearnerBuffers,
  parameters: Slice,
  shape: BatchShape,
  temperature: number,
  scalar: ScalarHead | null = null,
): void {
  const { config } = layout;
  const rows = batchRows(b, shape);
  recordLayers(
    recorder,
    layout,
    parameters,
    b.activations,
    rows,
    packedAttention(recorder, config, rows),
  );
  recordGatherRows(recorder, {
    rows: shape.targetRows,
    width: config.hidden_size,
    index: b.batch.sources,
    x: b.activations.output,
    y: b.gathered,
  });
  recordRmsNormForward(recorder, {
    rows: shape.targetRows,
    width: config.hidden_size,
    eps: config.rms_norm_eps,
    x: b.gathered,
    gain: weightOf(parameters, layout.finalNorm),
    y: b.hidden,
    r: b.hiddenR,
  });
  recordHeadForward(recorder, head(b, layout, parameters, shape, temperature));
  scalar?.recordForward(recorder, { rows: shape.targetRows, hidden: b.hidden }, b.scores);
}

/** Records the gradients of what the uploaded coefficients ask for, added to what is there. Overwrites activations. */
export function recordBackwardPass(
  recorder: Recorder,
  layout: ParameterLayout,
  b: LearnerBuffers,
  t: TrainingBuffers,
  shape: BatchShape,
  temperature: number,
  scalar: ScalarHead | null = null,
): void {
  const { config } = layout;
  const { planes, dx } = t.scratch;
  recordHeadBackward(recorder, {
    ...head(b, layout, b.parameters, shape, temperature),
    coefficients: t.coefficients,
    dHidden: t.dHidden,
    dWeight: vocabularyOf(t.gradients, layout.lmHead),
    planes,
  });
  scalar?.recordBackward(recorder, { rows: shape.targetRows, hidden: b.hidden }, t.dHidden);
  recordRmsNormBackward(recorder, {
    rows: shape.targetRows,
    width: config.hidden_size,
    x: b.gathered,
    gain: weightOf(b.parameters, layout.finalNorm),
    r: b.hiddenR,
    dy: t.dHidden,
    dx: t.dGathered,
    accumulate: false,
    dGain: weightOf(t.gradients, layout.finalNorm),
    planes,
  });
  recordGatherRows(recorder, {
    rows: shape.rows,
    width: config.hidden_size,
    index: b.batch.inverse,
    x: t.dGathered,
    y: dx,
  });
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

/** Most different tokens that `rows` rows can hold. */
export function tokenCapacity(layout: ParameterLayout, rows: number): number {
  return Math.min(rows, layout.config.vocab_size);
}

/** Records AdamW over all parameters, and over those of the scalar head by its own rate. */
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
