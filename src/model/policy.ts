/**
 * A model on the GPU that can be scored and trained: forward gives the log-probability and the entropy of every completion
 * token, backward takes one coefficient for each, update is AdamW. Which objective made the coefficients it does not know.
 */
import { BatonError } from '../errors.ts';
import { floats, type Slice } from '../gpu/buffers.ts';
import type { Gpu } from '../gpu/gpu.ts';
import type { Recording } from '../gpu/recording.ts';
import { tokenLists, tokenListWords } from '../kernels/embedding/embedding.ts';
import {
  headChunk,
  logitsStride,
  recordHeadBackward,
  recordHeadForward,
} from '../kernels/head/head.ts';
import {
  ADAMW_SETTINGS,
  type AdamWSettings,
  adamWSettings,
  NORM_PARTS,
  recordAdamW,
} from '../kernels/optimizer/adamw.ts';
import { recordRmsNormBackward, recordRmsNormForward } from '../kernels/rmsnorm/rmsnorm.ts';
import { ropeTable } from '../kernels/rope/rope.ts';
import { recordGatherRows } from '../kernels/rows/gather-rows.ts';
import { type Activations, allocateActivations, widths } from './activations.ts';
import type { PackedBatch } from './batch.ts';
import type { ParameterLayout } from './parameters.ts';
import {
  type BackwardScratch,
  packedAttention,
  planesFloats,
  recordLayers,
  recordLayersBackward,
  vocabularyOf,
  weightOf,
} from './transformer.ts';

export interface PolicyOptions {
  /** Most rows of a batch. */
  readonly tokens: number;
  /** Longest sequence. */
  readonly positions: number;
  /** Divides the logits, in scoring as in training: the sampling temperature. */
  readonly temperature: number;
  /** Whether gradients and moments are needed. */
  readonly train: boolean;
}

/** Per completion token, in the batch's order. */
export interface TokenScores {
  readonly logprobs: Float32Array;
  /** Nats. */
  readonly entropies: Float32Array;
}

export interface UpdateResult {
  /** Global norm before clipping; 0 where it was not finite. */
  readonly gradNorm: number;
  /** False when a gradient was not finite: then nothing was changed. */
  readonly finite: boolean;
}

/** What has to be kept to go on training with the same bits. */
export interface TrainingState {
  readonly parameters: Float32Array<ArrayBuffer>;
  readonly m: Float32Array<ArrayBuffer>;
  readonly v: Float32Array<ArrayBuffer>;
}

/** Recordings kept for reuse; the oldest goes first. */
const MAX_RECORDINGS = 64;

interface Training {
  readonly gradients: Slice;
  readonly m: Slice;
  readonly v: Slice;
  readonly scratch: BackwardScratch;
  readonly dGathered: Slice;
  readonly dHidden: Slice;
  readonly coefficients: Slice;
  readonly lists: Slice;
  readonly settings: Slice;
  readonly stats: Slice;
  readonly partials: Slice;
  update: Recording | null;
  backup: Slice[] | null;
}

interface BatchBuffers {
  readonly ids: Slice;
  readonly positions: Slice;
  readonly spans: Slice;
  readonly sources: Slice;
  readonly targets: Slice;
  readonly inverse: Slice;
}

export class Policy {
  readonly gpu: Gpu;
  readonly layout: ParameterLayout;
  readonly options: PolicyOptions;
  /** The flat parameters that are trained. */
  readonly parameters: Slice;
  readonly rope: Slice;

  readonly #held: Slice[];
  readonly #activations: Activations;
  readonly #batch: BatchBuffers;
  /** Rows of the residual stream that predict a token, and the same normalised. */
  readonly #gathered: Slice;
  readonly #hidden: Slice;
  readonly #hiddenR: Slice;
  readonly #logits: Slice;
  readonly #scores: Slice;
  readonly #training: Training | null;
  readonly #recordings = new Map<string, Promise<Recording>>();
  #reference: Slice | null = null;
  /** The batch whose activations stand in the buffers. */
  #forwarded: PackedBatch | null = null;

  private constructor(gpu: Gpu, layout: ParameterLayout, options: PolicyOptions) {
    this.gpu = gpu;
    this.layout = layout;
    this.options = options;
    const { config } = layout;
    const { tokens } = options;
    const { hidden_size: hidden } = config;
    this.#held = [];
    const make = (label: string, count: number): Slice => {
      const slice = gpu.allocate(label, count * 4);
      this.#held.push(slice);
      return slice;
    };
    this.parameters = make('parameters', layout.count);
    this.rope = make('rope table', options.positions * config.head_dim);
    gpu.write(this.rope, ropeTable(options.positions, config.head_dim, config.rope_theta));
    this.#activations = allocateActivations(gpu, config, tokens, options.train);
    this.#batch = {
      ids: make('ids', tokens),
      positions: make('positions', tokens),
      spans: make('spans', 2 * tokens),
      sources: make('sources', tokens),
      targets: make('targets', tokens),
      inverse: make('inverse', tokens),
    };
    this.#gathered = make('gathered', tokens * hidden);
    this.#hidden = make('hidden', tokens * hidden);
    this.#hiddenR = make('hidden r', tokens);
    this.#logits = make(
      'logits',
      headChunk(tokens, config.vocab_size) * logitsStride(config.vocab_size),
    );
    this.#scores = make('scores', tokens * 4);
    this.#training = options.train ? this.#allocateTraining(make) : null;
  }

  /** @throws OutOfMemory before training starts when it does not fit. */
  static create(gpu: Gpu, layout: ParameterLayout, options: PolicyOptions): Promise<Policy> {
    return gpu.allocating(() => new Policy(gpu, layout, options));
  }

  #allocateTraining(make: (label: string, count: number) => Slice): Training {
    const { layout, options } = this;
    const { config } = layout;
    const { tokens } = options;
    const { q, qkv } = widths(config);
    return {
      gradients: make('gradients', layout.count),
      m: make('first moment', layout.count),
      v: make('second moment', layout.count),
      scratch: {
        dx: make('dx', tokens * config.hidden_size),
        dNormed: make('d normed', tokens * config.hidden_size),
        dActivated: make('d activated', tokens * config.intermediate_size),
        dAttended: make('d attended', tokens * q),
        dQkv: make('d qkv', tokens * qkv),
        delta: make('delta', tokens * config.num_attention_heads),
        planes: make('planes', planesFloats(config, tokens)),
      },
      dGathered: make('d gathered', tokens * config.hidden_size),
      dHidden: make('d hidden', tokens * config.hidden_size),
      coefficients: make('coefficients', 2 * tokens),
      lists: make('token lists', tokenListWords(tokens, Math.min(tokens, config.vocab_size))),
      settings: make('adamw settings', ADAMW_SETTINGS),
      stats: make('adamw stats', 4),
      partials: make('norm partials', 2 * NORM_PARTS),
      update: null,
      backup: null,
    };
  }

  /** Uploads parameters, in the layout's flat order. */
  setParameters(flat: Float32Array<ArrayBuffer>): void {
    this.gpu.write(this.parameters, flat);
    this.#forwarded = null;
  }

  readParameters(): Promise<Float32Array<ArrayBuffer>> {
    return this.gpu.readFloats(floats(this.parameters, 0, this.layout.count));
  }

  /** Freezes a copy of `flat` (by default of the parameters as they are) as the reference. */
  setReference(flat?: Float32Array<ArrayBuffer>): void {
    if (!this.#reference) {
      this.#reference = this.gpu.allocate('reference', this.layout.count * 4);
      this.#held.push(this.#reference);
    }
    if (flat) this.gpu.write(this.#reference, flat);
    else this.gpu.copy(this.parameters, this.#reference, this.layout.count * 4);
  }

  /** Scores a batch: log-probability and entropy of each completion token, under the parameters or the frozen reference. */
  async forward(
    batch: PackedBatch,
    model: 'policy' | 'reference' = 'policy',
  ): Promise<TokenScores> {
    if (batch.rows > this.options.tokens)
      throw new RangeError(`a batch of ${batch.rows} rows is too large`);
    this.#upload(batch);
    await this.gpu.replay(await this.#recording('forward', batch, model));
    this.#forwarded = model === 'policy' ? batch : null;
    const stats = await this.gpu.readFloats(
      floats(this.#scores, 0, 4 * Math.max(1, batch.targetCount)),
    );
    const logprobs = new Float32Array(batch.targetCount);
    const entropies = new Float32Array(batch.targetCount);
    for (let i = 0; i < batch.targetCount; i++) {
      logprobs[i] = stats[4 * i];
      entropies[i] = stats[4 * i + 1];
    }
    return { logprobs, entropies };
  }

  /**
   * Adds to the gradients what the coefficients ask for, on the batch that `forward` saw last.
   * @param coefficients dLoss/dlogp per completion token
   * @param entropyCoefficients dLoss/dH per completion token
   */
  async backward(
    coefficients: ArrayLike<number>,
    entropyCoefficients?: ArrayLike<number>,
  ): Promise<void> {
    const batch = this.#forwarded;
    const training = this.#needTraining();
    if (!batch) throw new RangeError('backward needs a forward pass of the policy first');
    const pairs = new Float32Array(2 * batch.targetRows);
    for (let i = 0; i < batch.targetCount; i++) {
      pairs[2 * i] = coefficients[i];
      pairs[2 * i + 1] = entropyCoefficients?.[i] ?? 0;
    }
    this.gpu.write(training.coefficients, pairs);
    const capacity = Math.min(batch.rows, this.layout.config.vocab_size);
    this.gpu.write(training.lists, tokenLists(batch.ids, batch.count, batch.rows, capacity));
    await this.gpu.replay(await this.#recording('backward', batch, 'policy'));
    // The way back overwrote gate and up (and the logits).
    this.#forwarded = null;
  }

  /** Applies AdamW to what the gradients hold, and zeroes them. */
  async update(settings: AdamWSettings): Promise<UpdateResult> {
    const training = this.#needTraining();
    training.update ??= await this.#recordUpdate(training);
    this.gpu.write(training.settings, adamWSettings(settings));
    await this.gpu.replay(training.update);
    const [gradNorm, , bad] = await this.gpu.readFloats(training.stats);
    return { gradNorm, finite: bad === 0 };
  }

  /** The gradients, in the layout's flat order. */
  readGradients(): Promise<Float32Array<ArrayBuffer>> {
    return this.gpu.readFloats(floats(this.#needTraining().gradients, 0, this.layout.count));
  }

  /** Keeps a copy of parameters and moments on the GPU, for `rollback`. */
  snapshot(): void {
    const training = this.#needTraining();
    const bytes = this.layout.count * 4;
    training.backup ??= (['parameters', 'm', 'v'] as const).map((name) => {
      const slice = this.gpu.allocate(`backup of ${name}`, bytes);
      this.#held.push(slice);
      return slice;
    });
    this.#flatBuffers(training).forEach((slice, i) => {
      if (training.backup) this.gpu.copy(slice, training.backup[i], bytes);
    });
  }

  /** Goes back to the last snapshot; gradients are cleared. */
  rollback(): void {
    const training = this.#needTraining();
    const { backup } = training;
    if (!backup) throw new RangeError('there is no snapshot');
    this.#flatBuffers(training).forEach((slice, i) => {
      this.gpu.copy(backup[i], slice, this.layout.count * 4);
    });
    this.clearGradients();
    this.#forwarded = null;
  }

  #flatBuffers({ m, v }: Training): Slice[] {
    return [this.parameters, m, v];
  }

  clearGradients(): void {
    this.gpu.clear(this.#needTraining().gradients);
  }

  async readState(): Promise<TrainingState> {
    const { m, v } = this.#needTraining();
    const { count } = this.layout;
    return {
      parameters: await this.readParameters(),
      m: await this.gpu.readFloats(floats(m, 0, count)),
      v: await this.gpu.readFloats(floats(v, 0, count)),
    };
  }

  writeState(state: TrainingState): void {
    const { m, v } = this.#needTraining();
    this.setParameters(state.parameters);
    this.gpu.write(m, state.m);
    this.gpu.write(v, state.v);
    this.clearGradients();
  }

  /** Compiles and binds everything for a batch shape, so that the first step does not wait. */
  async prepare(batch: PackedBatch): Promise<void> {
    const jobs: Promise<unknown>[] = [this.#recording('forward', batch, 'policy')];
    if (this.#training) {
      jobs.push(this.#recording('backward', batch, 'policy'));
      this.#training.update ??= await this.#recordUpdate(this.#training);
    }
    await Promise.all(jobs);
  }

  /** The recordings of one training step on a batch of this shape, for the profiler. */
  async recordings(
    batch: PackedBatch,
  ): Promise<Record<'forward' | 'backward' | 'update', Recording>> {
    const training = this.#needTraining();
    training.update ??= await this.#recordUpdate(training);
    return {
      forward: await this.#recording('forward', batch, 'policy'),
      backward: await this.#recording('backward', batch, 'policy'),
      update: training.update,
    };
  }

  destroy(): void {
    for (const recording of this.#recordings.values()) void recording.then((r) => r.destroy());
    this.#recordings.clear();
    for (const slice of this.#held) this.gpu.free(slice);
    const seen = new Set(
      this.#activations.layers.flatMap((layer) => Object.values(layer) as Slice[]),
    );
    seen.add(this.#activations.output);
    for (const slice of seen) this.gpu.free(slice);
  }

  #needTraining(): Training {
    if (!this.#training) {
      throw new BatonError({
        kind: 'Internal',
        message: 'This model was not opened for training',
        remedy: 'Open it with train.',
      });
    }
    return this.#training;
  }

  #upload(batch: PackedBatch): void {
    const { gpu } = this;
    gpu.write(this.#batch.ids, batch.ids);
    gpu.write(this.#batch.positions, batch.positions);
    gpu.write(this.#batch.spans, batch.spans);
    gpu.write(this.#batch.sources, batch.sources);
    gpu.write(this.#batch.targets, batch.targets);
    gpu.write(this.#batch.inverse, batch.inverse);
  }

  /** The recording for a batch's shape, made on first use. */
  #recording(
    pass: 'forward' | 'backward',
    batch: PackedBatch,
    model: 'policy' | 'reference',
  ): Promise<Recording> {
    const key = `${pass} ${model} ${batch.rows} ${batch.targetRows}`;
    let recording = this.#recordings.get(key);
    if (recording) this.#recordings.delete(key);
    else
      recording =
        pass === 'forward' ? this.#recordForward(batch, model) : this.#recordBackward(batch);
    // Reinserted, so that the map's order is the order of use.
    this.#recordings.set(key, recording);
    if (this.#recordings.size > MAX_RECORDINGS) {
      const [oldest, dropped] = this.#recordings.entries().next().value ?? [];
      if (oldest && dropped) {
        this.#recordings.delete(oldest);
        void dropped.then((r) => this.gpu.idle().then(() => r.destroy()));
      }
    }
    return recording;
  }

  #rowsOf(batch: PackedBatch) {
    return {
      rows: batch.rows,
      meanKeys: batch.meanKeys,
      ids: this.#batch.ids,
      positions: this.#batch.positions,
      spans: this.#batch.spans,
      rope: this.rope,
    };
  }

  #head(batch: PackedBatch, parameters: Slice) {
    const { config } = this.layout;
    return {
      rows: batch.targetRows,
      width: config.hidden_size,
      vocabulary: config.vocab_size,
      temperature: this.options.temperature,
      hidden: this.#hidden,
      weight: vocabularyOf(parameters, this.layout.lmHead),
      targets: this.#batch.targets,
      stats: this.#scores,
      logits: this.#logits,
    };
  }

  #recordForward(batch: PackedBatch, model: 'policy' | 'reference'): Promise<Recording> {
    const { gpu, layout } = this;
    const { config } = layout;
    const parameters = model === 'policy' ? this.parameters : this.#reference;
    if (!parameters) throw new RangeError('there is no reference model');
    const recorder = gpu.recorder();
    const rows = this.#rowsOf(batch);
    recordLayers(
      recorder,
      layout,
      parameters,
      this.#activations,
      rows,
      packedAttention(recorder, config, rows),
    );
    recordGatherRows(recorder, {
      rows: batch.targetRows,
      width: config.hidden_size,
      index: this.#batch.sources,
      x: this.#activations.output,
      y: this.#gathered,
    });
    recordRmsNormForward(recorder, {
      rows: batch.targetRows,
      width: config.hidden_size,
      eps: config.rms_norm_eps,
      x: this.#gathered,
      gain: weightOf(parameters, layout.finalNorm),
      y: this.#hidden,
      r: this.#hiddenR,
    });
    recordHeadForward(recorder, this.#head(batch, parameters));
    return recorder.build();
  }

  #recordBackward(batch: PackedBatch): Promise<Recording> {
    const { gpu, layout } = this;
    const { config } = layout;
    const t = this.#needTraining();
    const recorder = gpu.recorder();
    recordHeadBackward(recorder, {
      ...this.#head(batch, this.parameters),
      coefficients: t.coefficients,
      dHidden: t.dHidden,
      dWeight: vocabularyOf(t.gradients, layout.lmHead),
      planes: t.scratch.planes,
    });
    recordRmsNormBackward(recorder, {
      rows: batch.targetRows,
      width: config.hidden_size,
      x: this.#gathered,
      gain: weightOf(this.parameters, layout.finalNorm),
      r: this.#hiddenR,
      dy: t.dHidden,
      dx: t.dGathered,
      accumulate: false,
      dGain: weightOf(t.gradients, layout.finalNorm),
      planes: t.scratch.planes,
    });
    recordGatherRows(recorder, {
      rows: batch.rows,
      width: config.hidden_size,
      index: this.#batch.inverse,
      x: t.dGathered,
      y: t.scratch.dx,
    });
    recordLayersBackward(
      recorder,
      layout,
      this.parameters,
      t.gradients,
      this.#activations,
      t.scratch,
      this.#rowsOf(batch),
      {
        lists: t.lists,
        capacity: Math.min(batch.rows, config.vocab_size),
      },
    );
    return recorder.build();
  }

  #recordUpdate(t: Training): Promise<Recording> {
    const recorder = this.gpu.recorder();
    recordAdamW(recorder, {
      count: this.layout.count,
      decayEnd: this.layout.decayEnd,
      settings: t.settings,
      stats: t.stats,
      partials: t.partials,
      parameters: this.parameters,
      gradients: t.gradients,
      m: t.m,
      v: t.v,
    });
    return recorder.build();
  }
}
