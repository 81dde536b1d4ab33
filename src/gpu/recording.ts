/** A pass is recorded once for a shape and replayed every step. Pipelines, bindings and grids are fixed; only data changes. */
import { type Slice, UNIFORM_STRIDE, type Words, writeWords } from './buffers.ts';
import type { Gpu } from './gpu.ts';
import { storedAsHalves } from './half-storage.ts';
import type { Kernel, Step } from './kernel.ts';

/** One dispatch to record. `flop` and `bytes` are for pacing and the profiler. */
export interface Dispatch {
  readonly kernel: Kernel;
  readonly words: Words;
  readonly bind: readonly Slice[];
  /** Workgroups in x, y, z. */
  readonly grid: readonly [number, number?, number?];
  readonly flop?: number;
  readonly bytes?: number;
  readonly label?: string;
}

export class Recording {
  readonly steps: readonly Step[];
  readonly #arena: GPUBuffer;
  readonly #freeScratch: () => void;

  constructor(steps: readonly Step[], arena: GPUBuffer, freeScratch: () => void = () => {}) {
    this.steps = steps;
    this.#arena = arena;
    this.#freeScratch = freeScratch;
  }

  /** Frees the uniform arena and the scratch. The other buffers that the recording binds belong to their makers. */
  destroy(): void {
    this.#arena.destroy();
    this.#freeScratch();
  }
}

/** Collects dispatches, then compiles and binds them all at once. */
export class Recorder {
  readonly gpu: Gpu;
  readonly #dispatches: Dispatch[] = [];
  readonly #scratch: Slice[] = [];

  constructor(gpu: Gpu) {
    this.gpu = gpu;
  }

  /**
   * Room of at least `bytes` bytes for what one dispatch hands to the next. A later call may give the same room. The recording owns it.
   * @throws OutOfMemory
   */
  scratch(bytes: number): Slice {
    const last = this.#scratch.at(-1);
    if (last && last.size >= bytes) return last;
    const room = this.gpu.allocate('scratch', bytes);
    this.#scratch.push(room);
    return room;
  }

  /**
   * Adds a dispatch, with its kernel rewritten for operands that are stored as halves. A dispatch with an empty grid is left out, so that
   * callers need no special case for zero rows.
   */
  add(dispatch: Dispatch): void {
    if (dispatch.bind.length !== dispatch.kernel.bindings.length) {
      throw new RangeError(
        `${dispatch.kernel.name} takes ${dispatch.kernel.bindings.length} bindings`,
      );
    }
    if (dispatch.grid.some((n) => n === 0)) return;
    const halves = dispatch.bind.flatMap(({ half }, i) => (half ? [i + 1] : []));
    this.#dispatches.push({ ...dispatch, kernel: storedAsHalves(dispatch.kernel, halves) });
  }

  /**
   * Compiles what is missing, in parallel, and returns the recording.
   * @throws ShaderError, OutOfMemory, after giving the scratch back
   */
  async build(): Promise<Recording> {
    const freeScratch = () => {
      for (const room of this.#scratch) this.gpu.free(room);
    };
    try {
      const pipelines = await Promise.all(this.#dispatches.map((d) => this.gpu.pipeline(d.kernel)));
      return await this.#bind(pipelines, freeScratch);
    } catch (error) {
      freeScratch();
      throw error;
    }
  }

  async #bind(
    pipelines: readonly GPUComputePipeline[],
    freeScratch: () => void,
  ): Promise<Recording> {
    const words = new ArrayBuffer(Math.max(1, this.#dispatches.length) * UNIFORM_STRIDE);
    const arena = await this.gpu.allocating(() =>
      this.gpu.device.createBuffer({
        label: 'shape words',
        size: words.byteLength,
        usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
      }),
    );
    const steps = this.#dispatches.map((dispatch, i): Step => {
      writeWords(words, i * UNIFORM_STRIDE, dispatch.words);
      const { kernel, grid } = dispatch;
      return {
        label: dispatch.label ?? kernel.name,
        kernel,
        pipeline: pipelines[i],
        group: this.gpu.bindGroup(
          kernel,
          { buffer: arena, offset: i * UNIFORM_STRIDE, size: UNIFORM_STRIDE },
          dispatch.bind,
        ),
        grid: [grid[0], grid[1] ?? 1, grid[2] ?? 1],
        flop: dispatch.flop ?? 0,
        bytes: dispatch.bytes ?? 0,
      };
    });
    this.gpu.device.queue.writeBuffer(arena, 0, words);
    return new Recording(steps, arena, freeScratch);
  }
}
