/**
 * A model on the GPU that can be scored and trained: forward gives the log-probability and the entropy of every completion
 * token, backward takes one coefficient for each, update is AdamW. Which objective made the coefficients it does not know.
 */
import { BatonError } from '../errors.ts';
import { floats, type Slice } from '../gpu/buffers.ts';
import type { Gpu } from '../gpu/gpu.ts';
import type { Recording } from '../gpu/recording.ts';
import { RecordingCache } from '../gpu/recording-cache.ts';
import { tokenLists } from '../kernels/embedding/embedding.ts';
import { type AdamWSettings, adamWSettings } from '../kernels/optimizer/adamw.ts';
import { ropeTable } from '../kernels/rope/rope.ts';
import type { PackedBatch } from './batch.ts';
import type { ParameterLayout } from './parameters.ts';
import {
  allocatePolicy,
  type PolicyBuffers,
  type PolicyOptions,
  type TrainingBuffers,
} from './policy-buffers.ts';
import {
  recordBackwardPass,
  recordForwardPass,
  recordUpdatePass,
  tokenCapacity,
} from './policy-passes.ts';
import { ValueHead } from './value-head.ts';

/** Per completion token, in the batch's order. */
export interface TokenScores {
  readonly logprobs: Float32Array;
  /** Nats. */
  readonly entropies: Float32Array;
  /** Value of the state before each token; absent without a value head. */
  readonly values?: Float32Array;
}

export interface UpdateResult {
  /** Global norm before clipping; 0 where it was not finite. */
  readonly gradNorm: number;
  /** False when a gradient was not finite: then what it belongs to was not changed. */
  readonly finite: boolean;
  /** The norm of the value head's own gradient; absent without one. */
  readonly valueGradNorm?: number;
}

/** What has to be kept to go on training with the same bits. */
export interface TrainingState {
  readonly parameters: Float32Array<ArrayBuffer>;
  readonly m: Float32Array<ArrayBuffer>;
  readonly v: Float32Array<ArrayBuffer>;
  /** The value head's parameters and both moments (`ValueHead.readState`), where there is one. */
  readonly value?: Float32Array<ArrayBuffer>;
}

export class Policy {
  readonly gpu: Gpu;
  readonly layout: ParameterLayout;
  readonly options: PolicyOptions;
  readonly #buffers: PolicyBuffers;
  readonly #recordings: RecordingCache;
  readonly #value: ValueHead | null;
  #reference: Slice | null = null;
  /** The batch whose activations stand in the buffers. */
  #forwarded: PackedBatch | null = null;

  private constructor(gpu: Gpu, layout: ParameterLayout, options: PolicyOptions) {
    this.gpu = gpu;
    this.layout = layout;
    this.options = options;
    this.#buffers = allocatePolicy(gpu, layout, options);
    this.#recordings = new RecordingCache(gpu);
    const { tokens, train, value } = options;
    this.#value =
      train && value ? new ValueHead(gpu, layout.config.hidden_size, tokens, value) : null;
    const { head_dim: headDim, rope_theta: theta } = layout.config;
    gpu.write(this.rope, ropeTable(options.positions, headDim, theta));
  }

  /** @throws OutOfMemory before training starts when it does not fit. */
  static create(gpu: Gpu, layout: ParameterLayout, options: PolicyOptions): Promise<Policy> {
    return gpu.allocating(() => new Policy(gpu, layout, options));
  }

  /** The flat parameters that are trained. */
  get parameters(): Slice {
    return this.#buffers.parameters;
  }

  /** The critic on the policy's hidden rows; null where it was opened without. */
  get value(): ValueHead | null {
    return this.#value;
  }

  /** Cosines and sines by position. */
  get rope(): Slice {
    return this.#buffers.rope;
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
    }
    if (flat) this.gpu.write(this.#reference, flat);
    else this.gpu.copy(this.parameters, this.#reference, this.layout.count * 4);
  }

  /**
   * Scores a batch: log-probability and entropy of each completion token, under the parameters or the frozen reference; under
   * the parameters also values, where there is a value head.
   */
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
      floats(this.#buffers.scores, 0, 4 * Math.max(1, batch.targetCount)),
    );
    const logprobs = new Float32Array(batch.targetCount);
    const entropies = new Float32Array(batch.targetCount);
    for (let i = 0; i < batch.targetCount; i++) {
      logprobs[i] = stats[4 * i];
      entropies[i] = stats[4 * i + 1];
    }
    if (!this.#value || model === 'reference') return { logprobs, entropies };
    const values = Float32Array.from({ length: batch.targetCount }, (_, i) => stats[4 * i + 3]);
    return { logprobs, entropies, values };
  }

  /**
   * Adds to the gradients what the coefficients ask for, on the batch that `forward` saw last.
   * @param coefficients dLoss/dlogp per completion token
   * @param entropyCoefficients dLoss/dH per completion token
   * @param valueCoefficients dLoss/dvalue per completion token, where there is a value head
   */
  async backward(
    coefficients: ArrayLike<number>,
    entropyCoefficients?: ArrayLike<number>,
    valueCoefficients: ArrayLike<number> = [],
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
    this.#value?.writeCoefficients(valueCoefficients, batch.targetRows);
    const capacity = tokenCapacity(this.layout, batch.rows);
    this.gpu.write(training.lists, tokenLists(batch.ids, batch.count, batch.rows, capacity));
    await this.gpu.replay(await this.#recording('backward', batch, 'policy'));
    // The way back overwrote the logits, and gate and up where these are f32.
    this.#forwarded = null;
  }

  /**
   * Applies AdamW to what the gradients hold, and zeroes them.
   * @param valueLearningRate rate of the value head, which has its own norm and no decay
   */
  async update(settings: AdamWSettings, valueLearningRate = 0): Promise<UpdateResult> {
    const training = this.#needTraining();
    this.gpu.write(training.settings, adamWSettings(settings));
    this.#value?.writeSettings({ ...settings, learningRate: valueLearningRate, weightDecay: 0 });
    await this.gpu.replay(await this.#updateRecording());
    const [gradNorm, , bad] = await this.gpu.readFloats(training.stats);
    if (!this.#value) return { gradNorm, finite: bad === 0 };
    const own = await this.#value.readUpdate();
    return { gradNorm, finite: bad === 0 && own.finite, valueGradNorm: own.gradNorm };
  }

  /** The gradients, in the layout's flat order. */
  readGradients(): Promise<Float32Array<ArrayBuffer>> {
    return this.gpu.readFloats(floats(this.#needTraining().gradients, 0, this.layout.count));
  }

  /** Keeps a copy of parameters and moments on the GPU, for `rollback`. */
  snapshot(): void {
    const training = this.#needTraining();
    this.#flatBuffers(training).forEach((slice, i) => {
      this.gpu.copy(slice, training.backup[i], this.layout.count * 4);
    });
    this.#value?.snapshot();
  }

  /** Goes back to the last snapshot; gradients are cleared. */
  rollback(): void {
    const training = this.#needTraining();
    this.#flatBuffers(training).forEach((slice, i) => {
      this.gpu.copy(training.backup[i], slice, this.layout.count * 4);
    });
    this.#value?.rollback();
    this.clearGradients();
    this.#forwarded = null;
  }

  #flatBuffers({ m, v }: TrainingBuffers): readonly Slice[] {
    return [this.parameters, m, v];
  }

  /** As before the first update. */
  clearMoments(): void {
    const { m, v } = this.#needTraining();
    this.gpu.clear(m);
    this.gpu.clear(v);
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
      ...(this.#value && { value: await this.#value.readState() }),
    };
  }

  writeState(state: TrainingState): void {
    const { m, v } = this.#needTraining();
    this.setParameters(state.parameters);
    this.gpu.write(m, state.m);
    this.gpu.write(v, state.v);
    if (state.value) this.#value?.writeState(state.value);
    this.clearGradients();
  }

  /** Compiles and binds everything for a batch shape, so that the first step does not wait. */
  async prepare(batch: PackedBatch): Promise<void> {
    const jobs = [this.#recording('forward', batch, 'policy')];
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
    this.#value?.destroy();
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
    const b = this.#buffers.batch;
    for (const name of ['ids', 'positions', 'spans', 'sources', 'targets', 'inverse'] as const) {
      this.gpu.write(b[name], batch[name]);
    }
  }

  /** The recording for a batch's shape, made on first use. */
  #recording(
    pass: 'forward' | 'backward',
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
          recordBackwardPass(recorder, layout, b, training, batch, temperature, this.#value);
          return;
        }
        const parameters = model === 'policy' ? this.parameters : this.#reference;
        if (!parameters) throw new RangeError('there is no reference model');
        const value = model === 'policy' ? this.#value : null;
        recordForwardPass(recorder, layout, b, parameters, batch, temperature, value);
      },
    );
  }

  #updateRecording(): Promise<Recording> {
    return this.#recordings.get('update', (recorder) =>
      recordUpdatePass(recorder, this.layout, this.#buffers, this.#needTraining(), this.#value),
    );
  }
}
