/**
 * One linear unit on a learner's hidden rows, such as the critic of PPO: its parameters, their AdamW state and their passes. It has
 * buffers of its own beside the learner's flat ones, so a learner without it is the same to the bit. It starts at zero: every
 * state is worth nothing until rewards say otherwise.
 */
import { floats, type Slice } from '../gpu/buffers.ts';
import type { Gpu } from '../gpu/gpu.ts';
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
  /** The hidden row that a token's number is read from: the one that predicts the token, or the token's own. */
  readonly rows: 'before' | 'at';
  /** Whether the head's gradient goes on into the learner's trunk, or stays in the head. */
  readonly trunk: 'shared' | 'detached';
}

/** The rows that a number is read from. */
export interface ScalarRows {
  readonly rows: number;
  /** [rows, width], normalised. */
  readonly hidden: Slice;
}

export interface ScalarUpdate {
  /** Global norm of the head's own gradient before clipping. */
  readonly gradNorm: number;
  readonly finite: boolean;
}

/** Names of the flat buffers that make the head's state, in the order of `readState`. */
const STATE = ['parameters', 'm', 'v'] as const;

/** Floats of the state of a head on hidden rows of `width`. */
export function scalarStateFloats(width: number): number {
  return STATE.length * valueHeadFloats(width);
}

export class ScalarHead {
  readonly #gpu: Gpu;
  readonly #width: number;
  readonly #trunk: ScalarOptions['trunk'];
  readonly #all: Slice[] = [];
  /** [width + 4] of (weight, bias, 0, 0, 0), and its moments. */
  readonly #state: Readonly<Record<(typeof STATE)[number], Slice>>;
  readonly #backup: Slice;
  readonly #gradients: Slice;
  readonly #coefficients: Slice;
  readonly #planes: Slice;
  readonly #settings: Slice;
  readonly #stats: Slice;
  readonly #partials: Slice;

  /** @param tokens most rows of a batch */
  constructor(gpu: Gpu, width: number, tokens: number, trunk: ScalarOptions['trunk']) {
    this.#gpu = gpu;
    this.#width = width;
    this.#trunk = trunk;
    const make = (label: string, count: number): Slice => {
      const slice = gpu.allocate(`value ${label}`, count * 4);
      this.#all.push(slice);
      return slice;
    };
    const count = valueHeadFloats(width);
    this.#state = {
      parameters: make('head', count),
      m: make('first moment', count),
      v: make('second moment', count),
    };
    this.#backup = make('backup', scalarStateFloats(width));
    this.#gradients = make('gradients', count);
    this.#coefficients = make('coefficients', tokens);
    this.#planes = make('planes', valuePlanes(tokens, width));
    this.#settings = make('adamw settings', ADAMW_SETTINGS);
    this.#stats = make('adamw stats', 4);
    this.#partials = make('norm partials', 2 * NORM_PARTS);
    this.writeState(new Float32Array(scalarStateFloats(width)));
  }

  /** Records the value of every row, into the last of the four floats that `stats` has for each. */
  recordForward(recorder: Recorder, rows: ScalarRows, stats: Slice): void {
    const head = this.#state.parameters;
    recordValueForward(recorder, { ...rows, width: this.#width, head, stats });
  }

  /** Records what the uploaded coefficients add to the head's gradient and, where shared, to `dHidden`. */
  recordBackward(recorder: Recorder, rows: ScalarRows, dHidden: Slice): void {
    recordValueBackward(recorder, {
      ...rows,
      width: this.#width,
      head: this.#state.parameters,
      coefficients: this.#coefficients,
      dHidden: this.#trunk === 'shared' ? dHidden : null,
      dHead: this.#gradients,
      planes: this.#planes,
    });
  }

  /** Records AdamW over the head alone, with its own clip; the gradient is zeroed. */
  recordUpdate(recorder: Recorder): void {
    recordAdamW(recorder, {
      count: valueHeadFloats(this.#width),
      // Nothing pulls the head to zero.
      decayEnd: 0,
      settings: this.#settings,
      stats: this.#stats,
      partials: this.#partials,
      gradients: this.#gradients,
      ...this.#state,
    });
  }

  /** @param coefficients dLoss/dvalue per row; rows past its end get 0 */
  writeCoefficients(coefficients: ArrayLike<number>, rows: number): void {
    const all = new Float32Array(rows);
    all.set(coefficients);
    this.#gpu.write(this.#coefficients, all);
  }

  writeSettings(settings: AdamWSettings): void {
    this.#gpu.write(this.#settings, adamWSettings(settings));
  }

  async readUpdate(): Promise<ScalarUpdate> {
    const [gradNorm, , bad] = await this.#gpu.readFloats(this.#stats);
    return { gradNorm, finite: bad === 0 };
  }

  /** [width + 4] of (weight, bias, 0, 0, 0) */
  readParameters(): Promise<Float32Array<ArrayBuffer>> {
    return this.#read(this.#state.parameters);
  }

  /** As `readParameters`. */
  readGradients(): Promise<Float32Array<ArrayBuffer>> {
    return this.#read(this.#gradients);
  }

  clearGradients(): void {
    this.#gpu.clear(this.#gradients);
  }

  snapshot(): void {
    this.#each((slice, at, bytes) => {
      this.#gpu.copy(slice, floats(this.#backup, at, bytes / 4), bytes);
    });
  }

  rollback(): void {
    this.#each((slice, at, bytes) => {
      this.#gpu.copy(floats(this.#backup, at, bytes / 4), slice, bytes);
    });
    this.clearGradients();
  }

  /** Parameters and both moments, one after the other: `scalarStateFloats(width)` floats. */
  async readState(): Promise<Float32Array<ArrayBuffer>> {
    const all = new Float32Array(scalarStateFloats(this.#width));
    const count = valueHeadFloats(this.#width);
    for (const [i, name] of STATE.entries())
      all.set(await this.#read(this.#state[name]), i * count);
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

  /** Visits the buffers of the state with where each stands in the whole, in floats. */
  #each(visit: (slice: Slice, at: number, bytes: number) => void): void {
    const count = valueHeadFloats(this.#width);
    for (const [i, name] of STATE.entries()) visit(this.#state[name], i * count, count * 4);
  }
}
