/**
 * A scalar head: one linear unit on a learner's hidden rows, such as the critic of PPO or a learned reward, with its parameters,
 * AdamW state and passes. It has its own buffers beside the learner's flat ones, so a learner without it has the same bits. It starts
 * at zero: every state is worth nothing until rewards say otherwise.
 */
import { floats, type Slice } from '../gpu/buffers.ts';
import type { Gpu } from '../gpu/gpu.ts';
import type { Memory } from '../gpu/memory.ts';
import type { Recorder } from '../gpu/recording.ts';
import {
  ADAMW_SETTINGS,
  type AdamWSettings,
  adamWSettings,
  NORM_PARTS,
  recordAdamW,
} from '../kernels/optimizer/adamw.ts';
import {
  recordValueBackward,
  recordValueForward,
  valueHeadFloats,
  valuePlanes,
} from '../kernels/value/value.ts';

export interface ScalarOptions {
  /** The hidden row from which a token's number is read: the row that predicts the token, or the token's own. */
  readonly rows: 'before' | 'at';
  /** Whether the head's gradient flows on into the learner's trunk, or stops at the head. */
  readonly trunk: 'shared' | 'detached';
}

/** The hidden rows of a pass. */
export interface ScalarRows {
  readonly rows: number;
  /** [rows, width], normalised. */
  readonly hidden: Slice;
}

export interface ScalarUpdate {
  /** Norm of the head's own gradient before clipping. */
  readonly gradNorm: number;
  readonly finite: boolean;
}

/** Floats in the state of a head on hidden rows of `width` floats: parameters and both moments. */
export function scalarStateFloats(width: number): number {
  return 3 * valueHeadFloats(width);
}

/** What a head is made with. */
export interface ScalarHeadOptions extends ScalarOptions {
  /** Floats of a hidden row. */
  readonly width: number;
  /** Most rows in a batch. */
  readonly tokens: number;
  /** Allocates a gradient and moments. */
  readonly train: boolean;
  /** Number of slots for `snapshot`. */
  readonly snapshots: number;
}

/** What only training needs. */
interface Training {
  readonly m: Slice;
  readonly v: Slice;
  readonly backups: readonly Slice[];
  readonly gradients: Slice;
  readonly coefficients: Slice;
  readonly planes: Slice;
  readonly settings: Slice;
  readonly stats: Slice;
  readonly partials: Slice;
}

export interface ScalarBuffers {
  /** [width + 4] of (weight, bias, 0, 0, 0); the gradient and both moments have the same layout. */
  readonly parameters: Slice;
  readonly training: Training | null;
  /** Everything above, to be freed. */
  readonly all: readonly Slice[];
}

export function allocateScalar(
  memory: Memory,
  { width, tokens, train, snapshots }: Omit<ScalarHeadOptions, keyof ScalarOptions>,
): ScalarBuffers {
  const all: Slice[] = [];
  const make = (label: string, count: number): Slice => {
    const slice = memory.allocateNumbers(`value ${label}`, count, false);
    all.push(slice);
    return slice;
  };
  const count = valueHeadFloats(width);
  const parameters = make('head', count);
  const training = train
    ? {
        m: make('first moment', count),
        v: make('second moment', count),
        backups: Array.from({ length: snapshots }, (_, slot) =>
          make(`backup ${slot}`, scalarStateFloats(width)),
        ),
        gradients: make('gradients', count),
        coefficients: make('coefficients', tokens),
        planes: make('planes', valuePlanes(tokens, width)),
        settings: make('adamw settings', ADAMW_SETTINGS),
        stats: make('adamw stats', 4),
        partials: make('norm partials', 2 * NORM_PARTS),
      }
    : null;
  return { parameters, training, all };
}

export class ScalarHead {
  readonly rows: ScalarOptions['rows'];
  readonly trunk: ScalarOptions['trunk'];
  readonly #gpu: Gpu;
  readonly #width: number;
  readonly #all: readonly Slice[];
  readonly #parameters: Slice;
  readonly #training: Training | null;

  constructor(gpu: Gpu, options: ScalarHeadOptions) {
    const { rows, trunk, width, train } = options;
    this.rows = rows;
    this.trunk = trunk;
    this.#gpu = gpu;
    this.#width = width;
    const { parameters, training, all } = allocateScalar(gpu, options);
    this.#parameters = parameters;
    this.#training = training;
    this.#all = all;
    this.setParameters(new Float32Array(valueHeadFloats(width)));
    if (train) this.writeState(new Float32Array(scalarStateFloats(width)));
  }

  /** Records the value of every row, written to the last of the row's four floats in `stats`. */
  recordForward(recorder: Recorder, rows: ScalarRows, stats: Slice): void {
    recordValueForward(recorder, {
      ...rows,
      width: this.#width,
      head: this.#parameters,
      stats,
    });
  }

  /**
   * Records the backward pass from the uploaded coefficients: accumulates the head's gradient and, if the trunk is shared, computes `dHidden`.
   * @param accumulate adds to `dHidden` instead of overwriting it
   */
  recordBackward(
    recorder: Recorder,
    rows: ScalarRows,
    dHidden: Slice,
    { accumulate }: { readonly accumulate: boolean },
  ): void {
    const { coefficients, gradients, planes } = this.#needTraining();
    recordValueBackward(recorder, {
      ...rows,
      width: this.#width,
      head: this.#parameters,
      coefficients,
      dHidden: this.trunk === 'shared' ? dHidden : null,
      accumulate,
      dHead: gradients,
      planes,
    });
  }

  /** Records AdamW over the head alone, clipped by its own norm; the gradient is zeroed. */
  recordUpdate(recorder: Recorder): void {
    const { m, v, gradients, settings, stats, partials } = this.#needTraining();
    recordAdamW(recorder, {
      count: valueHeadFloats(this.#width),
      // The head has no weight decay.
      decayEnd: 0,
      parameters: this.#parameters,
      ...{ m, v, gradients, settings, stats, partials },
    });
  }

  /** @param coefficients dLoss/dvalue per row; 0 for rows beyond its end */
  writeCoefficients(coefficients: ArrayLike<number>, rows: number): void {
    const all = new Float32Array(rows);
    all.set(coefficients);
    this.#gpu.write(this.#needTraining().coefficients, all);
  }

  writeSettings(settings: AdamWSettings): void {
    this.#gpu.write(this.#needTraining().settings, adamWSettings(settings));
  }

  async readUpdate(): Promise<ScalarUpdate> {
    const [gradNorm, , bad] = await this.#gpu.readFloats(this.#needTraining().stats);
    return { gradNorm, finite: bad === 0 };
  }

  /** @param head [width + 4] of (weight, bias, 0, 0, 0) */
  setParameters(head: Float32Array<ArrayBuffer>): void {
    this.#gpu.write(this.#parameters, head);
  }

  /** The parameters, in the form that `setParameters` takes. */
  readParameters(): Promise<Float32Array<ArrayBuffer>> {
    return this.#read(this.#parameters);
  }

  /** The gradient, in the form of `readParameters`. */
  readGradients(): Promise<Float32Array<ArrayBuffer>> {
    return this.#read(this.#needTraining().gradients);
  }

  clearGradients(): void {
    this.#gpu.clear(this.#needTraining().gradients);
  }

  clearMoments(): void {
    const { m, v } = this.#needTraining();
    this.#gpu.clear(m);
    this.#gpu.clear(v);
  }

  snapshot(slot: number): void {
    const backup = this.#needTraining().backups[slot];
    this.#each((slice, at, bytes) => {
      this.#gpu.copy(slice, floats(backup, at, bytes / 4), bytes);
    });
  }

  /** Restores the last snapshot of a slot and clears the gradient. */
  rollback(slot: number): void {
    const backup = this.#needTraining().backups[slot];
    this.#each((slice, at, bytes) => {
      this.#gpu.copy(floats(backup, at, bytes / 4), slice, bytes);
    });
    this.clearGradients();
  }

  /** Parameters and both moments, one after the other: `scalarStateFloats(width)` floats. */
  async readState(): Promise<Float32Array<ArrayBuffer>> {
    const all = new Float32Array(scalarStateFloats(this.#width));
    const count = valueHeadFloats(this.#width);
    for (const [i, slice] of this.#state().entries()) all.set(await this.#read(slice), i * count);
    return all;
  }

  writeState(state: Float32Array<ArrayBuffer>): void {
    this.#each((slice, at, bytes) => {
      this.#gpu.write(slice, state.slice(at, at + bytes / 4));
    });
    this.clearGradients();
  }

  destroy(): void {
    for (const slice of this.#all) this.#gpu.free(slice);
  }

  #read(slice: Slice): Promise<Float32Array<ArrayBuffer>> {
    return this.#gpu.readFloats(floats(slice, 0, valueHeadFloats(this.#width)));
  }

  /** The buffers of the state, in the order of `readState`. */
  #state(): readonly Slice[] {
    const { m, v } = this.#needTraining();
    return [this.#parameters, m, v];
  }

  /** Visits the buffers of the state, each with its offset in `readState`, in floats. */
  #each(visit: (slice: Slice, at: number, bytes: number) => void): void {
    const count = valueHeadFloats(this.#width);
    for (const [i, slice] of this.#state().entries()) visit(slice, i * count, count * 4);
  }

  #needTraining(): Training {
    if (!this.#training) throw new RangeError('this scalar head was not opened for training');
    return this.#training;
  }
}
