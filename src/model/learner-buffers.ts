/** The GPU memory of a learner, allocated once for its largest batch. */
import type { Slice } from '../gpu/buffers.ts';
import type { Memory } from '../gpu/memory.ts';
import { tokenListWords } from '../kernels/embedding/embedding.ts';
import { headChunk, logitsStride } from '../kernels/head/head.ts';
import { ADAMW_SETTINGS, NORM_PARTS } from '../kernels/optimizer/adamw.ts';
import { type Activations, allocateActivations, widths } from './activations.ts';
import type { ParameterLayout } from './parameters.ts';
import type { ScalarOptions } from './scalar-head.ts';
import { type BackwardScratch, planesFloats } from './transformer-backward.ts';

/** What a learner is opened with. */
export interface LearnerOptions {
  /** Most rows of a batch. */
  readonly tokens: number;
  /** Longest sequence. */
  readonly positions: number;
  /** The sampling temperature; divides the logits in scoring and in training. */
  readonly temperature: number;
  /** Allocates gradients and moments. */
  readonly train: boolean;
  /** Stores activations as halves, so that larger batches fit in the same memory. Weights, gradients, moments and all sums stay f32. */
  readonly fp16?: boolean;
  /** Adds a scalar head: one number per completion token. */
  readonly scalar?: ScalarOptions;
  /** Whether it predicts tokens; true by default. */
  readonly tokenHead?: boolean;
  /** Number of slots for `snapshot`; 1 by default. */
  readonly snapshots?: 1 | 2;
}

/** @throws RangeError for options that contradict each other or the layout */
export function checkOptions(
  { tokenHead: laidOut }: ParameterLayout,
  { scalar, tokenHead = true }: LearnerOptions,
): void {
  if (!tokenHead && !scalar) throw new RangeError('a learner needs a token head or a scalar head');
  if (tokenHead && !laidOut) throw new RangeError('this layout has no output matrix');
}

/** The packed batch as uploaded: u32, each [tokens] except `spans` [tokens, 4]. */
export interface BatchBuffers {
  readonly ids: Slice;
  readonly positions: Slice;
  readonly spans: Slice;
}

/** The hidden rows that a head reads, one per completion token: the token's own row, or the row before it. */
export interface ReadRows {
  /** The row read for each completion token, and the inverse; [tokens] u32. */
  readonly sources: Slice;
  readonly inverse: Slice;
  /** Rows of the residual stream, [tokens, hidden]. */
  readonly gathered: Slice;
  /** The same, normalised. */
  readonly hidden: Slice;
  readonly hiddenR: Slice;
}

/** Buffers that only a token head needs. */
export interface TokenHeadBuffers {
  /** [tokens] u32 */
  readonly targets: Slice;
  readonly logits: Slice;
  /** [tokens] of (dLoss/dlogp, dLoss/dH); null where nothing is trained. */
  readonly coefficients: Slice | null;
}

/** Buffers that only training needs. Gradients and moments have the layout of the parameters. */
export interface TrainingBuffers {
  readonly gradients: Slice;
  readonly m: Slice;
  readonly v: Slice;
  readonly scratch: BackwardScratch;
  readonly dGathered: Slice;
  readonly dHidden: Slice;
  readonly lists: Slice;
  readonly settings: Slice;
  readonly stats: Slice;
  readonly partials: Slice;
  /** For each slot: parameters, m and v as of its last snapshot. */
  readonly backups: readonly (readonly [Slice, Slice, Slice])[];
}

export interface LearnerBuffers {
  readonly parameters: Slice;
  readonly rope: Slice;
  readonly activations: Activations;
  readonly batch: BatchBuffers;
  /** The rows that the heads read: the token head reads the row before a token, the scalar head either. */
  readonly before: ReadRows | null;
  readonly at: ReadRows | null;
  readonly tokenHead: TokenHeadBuffers | null;
  /** [tokens] of (logp, entropy, lse, value); 0 where the head for it is missing. */
  readonly scores: Slice;
  readonly training: TrainingBuffers | null;
  /** Everything above, to be freed. */
  readonly all: readonly Slice[];
}

export function allocateLearner(
  memory: Memory,
  layout: ParameterLayout,
  options: LearnerOptions,
): LearnerBuffers {
  const { config } = layout;
  const { tokens, positions, train, fp16 = false, scalar, tokenHead = true } = options;
  const { hidden_size: hidden, vocab_size: vocabulary } = config;
  const all: Slice[] = [];
  const make = (label: string, count: number, half = false): Slice => {
    const slice = memory.allocateNumbers(label, count, half);
    all.push(slice);
    return slice;
  };
  const read = (kind: string): ReadRows => ({
    sources: make(`sources ${kind}`, tokens),
    inverse: make(`inverse ${kind}`, tokens),
    gathered: make(`gathered ${kind}`, tokens * hidden),
    hidden: make(`hidden ${kind}`, tokens * hidden, fp16),
    hiddenR: make(`hidden r ${kind}`, tokens),
  });
  const activations = allocateActivations(memory, config, tokens, train, fp16);
  const layers = activations.layers.flatMap((layer) => Object.values(layer) as Slice[]);
  all.push(...new Set([...layers, activations.output]));
  return {
    parameters: make('parameters', layout.count),
    rope: make('rope table', positions * config.head_dim),
    activations,
    batch: {
      ids: make('ids', tokens),
      positions: make('positions', tokens),
      spans: make('spans', 4 * tokens),
    },
    before: tokenHead || scalar?.rows === 'before' ? read('before') : null,
    at: scalar?.rows === 'at' ? read('at') : null,
    tokenHead: tokenHead
      ? {
          targets: make('targets', tokens),
          logits: make('logits', headChunk(tokens, vocabulary) * logitsStride(vocabulary)),
          coefficients: train ? make('coefficients', 2 * tokens) : null,
        }
      : null,
    scores: make('scores', tokens * 4),
    training: train ? allocateTraining(layout, options, make) : null,
    all,
  };
}

function allocateTraining(
  layout: ParameterLayout,
  { tokens, fp16 = false, tokenHead = true, snapshots = 1 }: LearnerOptions,
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
      planes: make('planes', planesFloats(config, tokens, tokenHead)),
    },
    dGathered: make('d gathered', tokens * hidden),
    dHidden: make('d hidden', tokens * hidden),
    lists: make('token lists', tokenListWords(tokens, Math.min(tokens, vocabulary))),
    settings: make('adamw settings', ADAMW_SETTINGS),
    stats: make('adamw stats', 4),
    partials: make('norm partials', 2 * NORM_PARTS),
    backups: Array.from({ length: snapshots }, (_, slot) => [
      make(`backup ${slot} of parameters`, count),
      make(`backup ${slot} of m`, count),
      make(`backup ${slot} of v`, count),
    ]),
  };
}
