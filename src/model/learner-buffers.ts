/** All GPU memory of a learner, allocated once for the largest batch. */
import type { Slice } from '../gpu/buffers.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { tokenListWords } from '../kernels/embedding/embedding.ts';
import { headChunk, logitsStride } from '../kernels/head/head.ts';
import { ADAMW_SETTINGS, NORM_PARTS } from '../kernels/optimizer/adamw.ts';
import { type Activations, allocateActivations, widths } from './activations.ts';
import type { ParameterLayout } from './parameters.ts';
import type { ScalarOptions } from './scalar-head.ts';
import { type BackwardScratch, planesFloats } from './transformer.ts';

/** What a learner is opened for. */
export interface LearnerOptions {
  /** Most rows of a batch. */
  readonly tokens: number;
  /** Longest sequence. */
  readonly positions: number;
  /** Divides the logits, in scoring as in training: the sampling temperature. */
  readonly temperature: number;
  /** Whether gradients and moments are needed. */
  readonly train: boolean;
  /** Stores activations as halves, to train longer batches in the same memory; weights, gradients, moments and all sums stay f32. */
  readonly fp16?: boolean;
  /** Gives it a scalar head: one number per completion token. Needs `train`. */
  readonly scalar?: ScalarOptions;
  /** Whether it predicts tokens; true by default. */
  readonly tokenHead?: boolean;
  /** States that `snapshot` can keep at once; 1 by default. */
  readonly snapshots?: 1 | 2;
}

/** @throws RangeError for options that are not supported */
export function checkOptions({ scalar, tokenHead = true, snapshots = 1 }: LearnerOptions): void {
  if (scalar?.rows === 'at')
    throw new RangeError("a scalar head reads the rows that predict its tokens: rows is 'before'");
  if (!tokenHead) throw new RangeError('a learner has a token head');
  if (snapshots !== 1) throw new RangeError('a learner keeps one snapshot');
}

/** The packed batch as uploaded; each [tokens] u32 but `spans` [tokens, 2]. */
export interface BatchBuffers {
  readonly ids: Slice;
  readonly positions: Slice;
  readonly spans: Slice;
  readonly sources: Slice;
  readonly targets: Slice;
  readonly inverse: Slice;
}

/** What only training needs. Gradients and moments have the parameters' layout. */
export interface TrainingBuffers {
  readonly gradients: Slice;
  readonly m: Slice;
  readonly v: Slice;
  readonly scratch: BackwardScratch;
  readonly dGathered: Slice;
  readonly dHidden: Slice;
  /** [tokens] of (dLoss/dlogp, dLoss/dH) */
  readonly coefficients: Slice;
  readonly lists: Slice;
  readonly settings: Slice;
  readonly stats: Slice;
  readonly partials: Slice;
  /** Parameters, m and v at the last snapshot. */
  readonly backup: readonly [Slice, Slice, Slice];
}

export interface LearnerBuffers {
  readonly parameters: Slice;
  readonly rope: Slice;
  readonly activations: Activations;
  readonly batch: BatchBuffers;
  /** Rows of the residual stream that predict a token, [tokens, hidden]. */
  readonly gathered: Slice;
  /** The same, normalised. */
  readonly hidden: Slice;
  readonly hiddenR: Slice;
  readonly logits: Slice;
  /** [tokens] of (logp, entropy, lse, value or 0) */
  readonly scores: Slice;
  readonly training: TrainingBuffers | null;
  /** Everything above, to be freed. */
  readonly all: readonly Slice[];
}

export function allocateLearner(
  gpu: Gpu,
  layout: ParameterLayout,
  options: LearnerOptions,
): LearnerBuffers {
  const { config } = layout;
  const { tokens, positions, train, fp16 = false } = options;
  const { hidden_size: hidden, vocab_size: vocabulary } = config;
  const all: Slice[] = [];
  const make = (label: string, count: number, half = false): Slice => {
    const slice = gpu.allocateNumbers(label, count, half);
    all.push(slice);
    return slice;
  };
  const activations = allocateActivations(gpu, config, tokens, train, fp16);
  const layers = activations.layers.flatMap((layer) => Object.values(layer) as Slice[]);
  all.push(...new Set([...layers, activations.output]));
  return {
    parameters: make('parameters', layout.count),
    rope: make('rope table', positions * config.head_dim),
    activations,
    batch: {
      ids: make('ids', tokens),
      positions: make('positions', tokens),
      spans: make('spans', 2 * tokens),
      sources: make('sources', tokens),
      targets: make('targets', tokens),
      inverse: make('inverse', tokens),
    },
    gathered: make('gathered', tokens * hidden),
    hidden: make('hidden', tokens * hidden, fp16),
    hiddenR: make('hidden r', tokens),
    logits: make('logits', headChunk(tokens, vocabulary) * logitsStride(vocabulary)),
    scores: make('scores', tokens * 4),
    training: train ? allocateTraining(layout, tokens, fp16, make) : null,
    all,
  };
}

function allocateTraining(
  layout: ParameterLayout,
  tokens: number,
  fp16: boolean,
  make: (label: string, floats: number) => Slice,
): TrainingBuffers {
  const { config, count } = layout;
  const { hidden_size: hidden, vocab_size: vocabulary } = config;
  const { q, qkv } = widths(config);
  return {
    gradients: make('gradients', count),
    m: make('first moment', count),
    v: make('second moment', count),
    scratch: {
      dx: make('dx', tokens * hidden),
      dNormed: make('d normed', tokens * hidden),
      dActivated: make('d activated', tokens * config.intermediate_size),
      dGateUp: fp16 ? make('d gate up', 2 * tokens * config.intermediate_size) : null,
      dAttended: make('d attended', tokens * q),
      dQkv: make('d qkv', tokens * qkv),
      delta: make('delta', tokens * config.num_attention_heads),
      planes: make('planes', planesFloats(config, tokens)),
    },
    dGathered: make('d gathered', tokens * hidden),
    dHidden: make('d hidden', tokens * hidden),
    coefficients: make('coefficients', 2 * tokens),
    lists: make('token lists', tokenListWords(tokens, Math.min(tokens, vocabulary))),
    settings: make('adamw settings', ADAMW_SETTINGS),
    stats: make('adamw stats', 4),
    partials: make('norm partials', 2 * NORM_PARTS),
    backup: [
      make('backup of parameters', count),
      make('backup of m', count),
      make('backup of v', count),
    ],
  };
}
