/**
 * A model on the GPU that can be scored and trained. Scoring gives, for every completion token, its log-probability and entropy (with
 * a token head) and one number (with a scalar head). Gradients come from one coefficient for each of these; an update is AdamW. The
 * learner does not know which objective made the coefficients. Several learners may live on one device. All work on a learner takes
 * turns, so no two calls interleave.
 */
import { BatonError } from '../errors.ts';
import { floats, type Slice } from '../gpu/buffers.ts';
import type { Gpu } from '../gpu/gpu.ts';
import type { Recording } from '../gpu/recording.ts';
import { RecordingCache } from '../gpu/recording-cache.ts';
import { tokenLists } from '../kernels/embedding/embedding.ts';
import { type AdamWSettings, adamWSettings } from '../kernels/optimizer/adamw.ts';
import { ropeTable } from '../kernels/rope/rope.ts';
import { ownRows, type PackedBatch } from './batch.ts';
import type { KeptPass } from './kept-pass.ts';
import {
  allocateLearner,
  checkOptions,
  type LearnerBuffers,
  type LearnerOptions,
  type ReadRows,
  type TrainingBuffers,
} from './learner-buffers.ts';
import {
  recordBackwardPass,
  recordForwardPass,
  recordUpdatePass,
  tokenCapacity,
} from './learner-passes.ts';
import type { ParameterLayout } from './parameters.ts';
import { ScalarHead } from './scalar-head.ts';
import { Turns, type TurnTaker } from './turns.ts';

/** Per completion token, in the batch's order. */
export interface TokenScores {
  /** Empty without a token head. */
  readonly logprobs: Float32Array;
  /** Nats; empty without a token head. */
  readonly entropies: Float32Array;
  /** The scalar head's number for each token; absent without such a head, and under the reference. */
  readonly values?: Float32Array;
}

/** The derivatives of a loss, per completion token, in the batch's order: [targetCount] each. */
export interface Coefficients {
  /** dLoss/dlogp, for a token head; 0 if left out. */
  readonly logprob?: ArrayLike<number>;
  /** dLoss/dH, for a token head; 0 if left out. */
  readonly entropy?: ArrayLike<number>;
  /** dLoss/dvalue, for a scalar head; 0 if left out. */
  readonly value?: ArrayLike<number>;
}

export interface UpdateResult {
  /** Global norm before clipping; 0 where it was not finite. */
  readonly gradNorm: number;
  /** False if a gradient was not finite; the parameters that it belongs to were then not changed. */
  readonly finite: boolean;
  /** Norm of the scalar head's own gradient; absent without such a head. */
  readonly valueGradNorm?: number;
}

function isZero(numbers: ArrayLike<number>): boolean {
  for (let i = 0; i < numbers.length; i++) if (numbers[i] !== 0) return false;
  return true;
}

/** Everything needed to continue training with the same bits. */
export interface TrainingState {
  readonly parameters: Float32Array<ArrayBuffer>;
  readonly m: Float32Array<ArrayBuffer>;
  readonly v: Float32Array<ArrayBuffer>;
  /** The scalar head's parameters and both moments (`ScalarHead.readState`), if there is one. */
  readonly value?: Float32Array<ArrayBuffer>;
}

/**
 * Every method that returns a promise waits for its turn, except `prepare` and `recordings`, which touch no numbers. All other methods
 * act at once: call them only while no earlier call is pending.
 */
export class Learner implements TurnTaker {
  readonly gpu: Gpu;
  readonly layout: ParameterLayout;
  readonly options: LearnerOptions;
  readonly #buffers: LearnerBuffers;
  readonly #recordings: RecordingCache;
  readonly #scalar: ScalarHead | null;
  readonly #turns = new Turns();
  #reference: Slice | null = null;
  #kept: KeptPass | null = null;

  private constructor(gpu: Gpu, layout: ParameterLayout, options: LearnerOptions) {
    this.gpu = gpu;
    this.layout = layout;
    this.options = options;
    this.#buffers = allocateLearner(gpu, layout, options);
    this.#recordings = new RecordingCache(gpu);
    const { tokens, train, scalar, snapshots = 1 } = options;
    const width = layout.config.hidden_size;
    this.#scalar = scalar
      ? new ScalarHead(gpu, { ...scalar, width, tokens, train, snapshots })
      : null;
    const { head_dim: headDim, rope_theta: theta } = layout.config;
    gpu.write(this.rope, ropeTable(options.positions, headDim, theta));
  }

  /** @throws OutOfMemory, now rather than during training, if it does not fit; RangeError for options that contradict each other or the layout */
  static async create(
    gpu: Gpu,
    layout: ParameterLayout,
    options: LearnerOptions,
  ): Promise<Learner> {
    checkOptions(layout, options);
    return gpu.allocating(() => new Learner(gpu, layout, options));
  }

  /** The flat parameters that are trained. Work that reads them on the GPU must take a `turn`. */
  get parameters(): Slice {
    return this.#buffers.parameters;
  }

  /** The head that gives a number per token; null if the learner was opened without one. */
  get scalar(): ScalarHead | null {
    return this.#scalar;
  }

  /** Whether a head reads tokens at their own rows, so that a batch must have the row of each completion's last token. */
  get readsEnds(): boolean {
    return this.#buffers.at !== null;
  }

  /** The RoPE table: cosines and sines by position. */
  get rope(): Slice {
    return this.#buffers.rope;
  }

  /**
   * Takes a turn for outside work that reads the learner's parameters, such as a generator's. The work must not await a method of this
   * learner that takes a turn itself: that would never end.
   */
  turn<T>(work: () => Promise<T>): Promise<T> {
    return this.#turns.turn(work);
  }

  /** From now on begins with what a generator of these parameters has computed, where that is kept. */
  recallFrom(kept: KeptPass): void {
    this.#kept = kept;
  }

  /** Uploads parameters, in the layout's flat order. */
  setParameters(flat: Float32Array<ArrayBuffer>): void {
    this.#kept?.forget();
    this.gpu.write(this.parameters, flat);
  }

  readParameters(): Promise<Float32Array<ArrayBuffer>> {
    return this.turn(() => this.#readFlat(this.parameters));
  }

  /** Freezes a copy of `flat` (by default, of the current parameters) as the reference. */
  setReference(flat?: Float32Array<ArrayBuffer>): void {
    if (!this.#reference) {
      this.#reference = this.gpu.allocate('reference', this.layout.count * 4);
    }
    if (flat) this.gpu.write(this.#reference, flat);
    else this.gpu.copy(this.parameters, this.#reference, this.layout.count * 4);
  }

  /**
   * Scores a batch under the parameters or under the frozen reference.
   * @throws RangeError if the batch is too large or there is no reference
   */
  score(batch: PackedBatch, model: 'policy' | 'reference' = 'policy'): Promise<TokenScores> {
    return this.turn(() => this.#forward(batch, model));
  }

  /**
   * Scores a batch under the parameters and accumulates the gradient for the coefficients that `coefficientsOf` returns, in one turn.
   * @throws what `coefficientsOf` throws; RangeError if its numbers do not fit the batch. In both cases nothing was accumulated.
   */
  async accumulate(
    batch: PackedBatch,
    coefficientsOf: (scores: TokenScores) => Coefficients,
  ): Promise<void> {
    const training = this.#needTraining();
    await this.turn(async () => {
      const coefficients = coefficientsOf(await this.#forward(batch, 'policy'));
      await this.#backward(batch, training, coefficients);
    });
  }

  /**
   * Applies AdamW to the accumulated gradients and zeroes them.
   * @param scalarLearningRate learning rate of the scalar head, which has its own gradient norm and no weight decay
   */
  async update(settings: AdamWSettings, scalarLearningRate = 0): Promise<UpdateResult> {
    const training = this.#needTraining();
    return this.turn(async () => {
      this.#kept?.forget();
      this.gpu.write(training.settings, adamWSettings(settings));
      this.#scalar?.writeSettings({
        ...settings,
        learningRate: scalarLearningRate,
        weightDecay: 0,
      });
      await this.gpu.replay(await this.#updateRecording());
      const [gradNorm, , bad] = await this.gpu.readFloats(training.stats);
      if (!this.#scalar) return { gradNorm, finite: bad === 0 };
      const own = await this.#scalar.readUpdate();
      return { gradNorm, finite: bad === 0 && own.finite, valueGradNorm: own.gradNorm };
    });
  }

  /** The gradients, in the layout's flat order. */
  async readGradients(): Promise<Float32Array<ArrayBuffer>> {
    const { gradients } = this.#needTraining();
    return this.turn(() => this.#readFlat(gradients));
  }

  /** Copies parameters and moments into a slot on the GPU, for `rollback`. */
  snapshot(slot = 0): void {
    this.#each(slot, (slice, backup, bytes) => this.gpu.copy(slice, backup, bytes));
    this.#scalar?.snapshot(slot);
  }

  /** Restores the last snapshot of a slot and clears the gradients. */
  rollback(slot = 0): void {
    this.#kept?.forget();
    this.#each(slot, (slice, backup, bytes) => this.gpu.copy(backup, slice, bytes));
    this.#scalar?.rollback(slot);
    this.clearGradients();
  }

  /** Resets moments and gradients to their state before the first update. */
  clearMoments(): void {
    const { m, v } = this.#needTraining();
    this.gpu.clear(m);
    this.gpu.clear(v);
    this.#scalar?.clearMoments();
  }

  /** The state of all parameters, including the scalar head's. */
  clearGradients(): void {
    this.gpu.clear(this.#needTraining().gradients);
    this.#scalar?.clearGradients();
  }

  async readState(): Promise<TrainingState> {
    const { m, v } = this.#needTraining();
    return this.turn(async () => ({
      parameters: await this.#readFlat(this.parameters),
      m: await this.#readFlat(m),
      v: await this.#readFlat(v),
      ...(this.#scalar && { value: await this.#scalar.readState() }),
    }));
  }

  writeState(state: TrainingState): void {
    const { m, v } = this.#needTraining();
    this.setParameters(state.parameters);
    this.gpu.write(m, state.m);
    this.gpu.write(v, state.v);
    if (state.value) this.#scalar?.writeState(state.value);
    this.clearGradients();
  }

  /** Compiles and binds everything for a batch shape, so that the first step need not wait for it. */
  async prepare(batch: PackedBatch): Promise<void> {
    const jobs = [this.#recording('forward', batch, 'policy')];
    if (this.#kept) jobs.push(this.#recording('recall', batch, 'policy'));
    if (this.#buffers.training)
      jobs.push(this.#recording('backward', batch, 'policy'), this.#updateRecording());
    await Promise.all(jobs);
  }

  /** The recordings of one training step on a batch of this shape, for the profiler. */
  async recordings(
    batch: PackedBatch,
  ): Promise<Record<'forward' | 'backward' | 'update', Recording>> {
    return {
      forward: await this.#recording('forward', batch, 'policy'),
      backward: await this.#recording('backward', batch, 'policy'),
      update: await this.#updateRecording(),
    };
  }

  destroy(): void {
    this.#recordings.destroy();
    for (const slice of this.#buffers.all) this.gpu.free(slice);
    if (this.#reference) this.gpu.free(this.#reference);
    this.#scalar?.destroy();
  }

  async #forward(batch: PackedBatch, model: 'policy' | 'reference'): Promise<TokenScores> {
    if (batch.rows > this.options.tokens)
      throw new RangeError(`a batch of ${batch.rows} rows is too large`);
    this.#upload(batch);
    const known = model === 'policy' && this.#kept?.find(batch);
    await this.gpu.replay(await this.#recording(known ? 'recall' : 'forward', batch, model));
    const stats = await this.gpu.readFloats(
      floats(this.#buffers.scores, 0, 4 * Math.max(1, batch.targetCount)),
    );
    const column = (of: number): Float32Array => {
      const values = new Float32Array(batch.targetCount);
      for (let i = 0; i < values.length; i++) values[i] = stats[4 * i + of];
      return values;
    };
    const scores = this.#buffers.tokenHead
      ? { logprobs: column(0), entropies: column(1) }
      : { logprobs: new Float32Array(), entropies: new Float32Array() };
    return this.#scalar && model === 'policy' ? { ...scores, values: column(3) } : scores;
  }

  /** The backward pass of the batch that `#forward` ran last. Overwrites the logits and, if they are f32, gate and up. */
  async #backward(
    batch: PackedBatch,
    training: TrainingBuffers,
    { logprob, entropy, value }: Coefficients,
  ): Promise<void> {
    const { tokenHead } = this.#buffers;
    if (value && !this.#scalar) throw new RangeError('coefficients of values need a scalar head');
    if ((logprob || entropy) && !tokenHead)
      throw new RangeError('coefficients of log-probabilities and entropies need a token head');
    for (const given of [logprob, entropy, value]) {
      if (given && given.length !== batch.targetCount)
        throw new RangeError(`${given.length} coefficients for ${batch.targetCount} tokens`);
    }
    // Every gradient would be 0.
    if ([logprob, entropy, value].every((given) => !given || isZero(given))) return;
    const pairs = new Float32Array(2 * batch.targetRows);
    for (let i = 0; i < batch.targetCount; i++) {
      pairs[2 * i] = logprob?.[i] ?? 0;
      pairs[2 * i + 1] = entropy?.[i] ?? 0;
    }
    if (tokenHead?.coefficients) this.gpu.write(tokenHead.coefficients, pairs);
    this.#scalar?.writeCoefficients(value ?? [], batch.targetRows);
    const capacity = tokenCapacity(this.layout, batch.rows);
    this.gpu.write(training.lists, tokenLists(batch.ids, batch.count, batch.rows, capacity));
    await this.gpu.replay(await this.#recording('backward', batch, 'policy'));
  }

  #readFlat(slice: Slice): Promise<Float32Array<ArrayBuffer>> {
    return this.gpu.readFloats(floats(slice, 0, this.layout.count));
  }

  /** Visits parameters and both moments, each paired with its copy in the slot. */
  #each(slot: number, visit: (slice: Slice, backup: Slice, bytes: number) => void): void {
    const { m, v, backups } = this.#needTraining();
    const backup = backups[slot];
    if (!backup) throw new RangeError(`no room was made for snapshot ${slot}`);
    [this.parameters, m, v].forEach((slice, i) => {
      visit(slice, backup[i], this.layout.count * 4);
    });
  }

  #needTraining(): TrainingBuffers {
    const { training } = this.#buffers;
    if (!training) {
      throw new BatonError({
        kind: 'Internal',
        message: 'This model was not opened for training',
        remedy: 'Open it with train.',
      });
    }
    return training;
  }

  #upload(batch: PackedBatch): void {
    const b = this.#buffers;
    for (const name of ['ids', 'positions', 'spans'] as const)
      this.gpu.write(b.batch[name], batch[name]);
    if (b.tokenHead) this.gpu.write(b.tokenHead.targets, batch.targets);
    if (b.before) this.#uploadRead(b.before, batch);
    if (b.at) this.#uploadRead(b.at, ownRows(batch));
  }

  #uploadRead(to: ReadRows, { sources, inverse }: Pick<PackedBatch, 'sources' | 'inverse'>): void {
    this.gpu.write(to.sources, sources);
    this.gpu.write(to.inverse, inverse);
  }

  /** The recording for a batch's shape, made on first use. */
  #recording(
    pass: 'forward' | 'recall' | 'backward',
    batch: PackedBatch,
    model: 'policy' | 'reference',
  ): Promise<Recording> {
    const { layout } = this;
    const { temperature } = this.options;
    const b = this.#buffers;
    return this.#recordings.get(
      `${pass} ${model} ${batch.rows} ${batch.targetRows}`,
      (recorder) => {
        if (pass === 'backward') {
          const training = this.#needTraining();
          recordBackwardPass(recorder, layout, b, training, batch, temperature, this.#scalar);
          return;
        }
        const parameters = model === 'policy' ? this.parameters : this.#reference;
        if (model === 'reference' && !b.tokenHead)
          throw new RangeError('a reference says how likely tokens are: it needs a token head');
        if (!parameters) throw new RangeError('there is no reference model');
        const scalar = model === 'policy' ? this.#scalar : null;
        const kept = pass === 'recall' ? this.#kept : null;
        recordForwardPass(recorder, layout, b, parameters, batch, temperature, scalar, kept);
      },
    );
  }

  #updateRecording(): Promise<Recording> {
    return this.#recordings.get('update', (recorder) =>
      recordUpdatePass(recorder, this.layout, this.#buffers, this.#needTraining(), this.#scalar),
    );
  }
}
