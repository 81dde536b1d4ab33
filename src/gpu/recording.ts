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
  /** Gives the same bits, more slowly, and is compiled sooner. */
  readonly meanwhile?: Pick<Dispatch, 'kernel' | 'grid'>;
}

export class Recording {
  /** A step whose kernel had another in its place meanwhile is replaced once its own is compiled. */
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
    const stored = <T extends Pick<Dispatch, 'kernel'>>(way: T): T => ({
      ...way,
      kernel: storedAsHalves(way.kernel, halves),
    });
    const { meanwhile } = dispatch;
    this.#dispatches.push({ ...stored(dispatch), meanwhile: meanwhile && stored(meanwhile) });
  }

  /**
   * Compiles what is missing, in parallel, and returns the recording.
   * @param soon whether what has something to stand in for it meanwhile is compiled later: @see Gpu.catchUp
   * @throws ShaderError, OutOfMemory, after giving the scratch back
   */
  async build({ soon = false } = {}): Promise<Recording> {
    const freeScratch = () => {
      for (const room of this.#scratch) this.gpu.free(room);
    };
    const dispatches = this.#dispatches.map(({ meanwhile, ...whole }) =>
      soon && meanwhile && !this.gpu.knows(whole.kernel)
        ? { first: { ...whole, ...meanwhile }, last: whole }
        : { first: whole },
    );
    try {
      const now = dispatches.map(({ first }) => first);
      const pipelines = await Promise.all(now.map(({ kernel }) => this.gpu.pipeline(kernel)));
      const { steps, arena } = await this.#bind(now, pipelines);
      for (const [i, { last }] of dispatches.entries())
        if (last) this.#replaceLater(steps, i, last);
      return new Recording(steps, arena, freeScratch);
    } catch (error) {
      freeScratch();
      throw error;
    }
  }

  #replaceLater(steps: Step[], i: number, { kernel, grid }: Dispatch): void {
    this.gpu.later(async () => {
      const pipeline = await this.gpu.pipeline(kernel);
      steps[i] = { ...steps[i], kernel, pipeline, grid: whole(grid) };
    });
  }

  async #bind(
    dispatches: readonly Dispatch[],
    pipelines: readonly GPUComputePipeline[],
  ): Promise<{ readonly steps: Step[]; readonly arena: GPUBuffer }> {
    const words = new ArrayBuffer(Math.max(1, dispatches.length) * UNIFORM_STRIDE);
    const arena = await this.gpu.allocating(() =>
      this.gpu.device.createBuffer({
        label: 'shape words',
        size: words.byteLength,
        usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
      }),
    );
    const steps = dispatches.map((dispatch, i): Step => {
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
        grid: whole(grid),
        flop: dispatch.flop ?? 0,
        bytes: dispatch.bytes ?? 0,
      };
    });
    this.gpu.device.queue.writeBuffer(arena, 0, words);
    return { steps, arena };
  }
}

const whole = ([x, y = 1, z = 1]: Dispatch['grid']): Step['grid'] => [x, y, z];
