/** One GPU device: buffers, pipelines, replay and readback, and the errors that come from it. */
import { BatonError } from '../errors.ts';
import { type DeviceInfo, type OpenOptions, openDevice } from './adapter.ts';
import { bytesOf, type Slice } from './buffers.ts';
import { boundedIfChanged } from './loop-guard.ts';
import { Pacer } from './pacer.ts';
import { type Kernel, Recorder, type Recording, workOf } from './recording.ts';
import type { TemplateExpander } from './wgsl-template.ts';

export interface GpuOptions extends OpenOptions {
  /** Milliseconds, for pacing only. */
  readonly clock: () => number;
}

/** Work units a millisecond to begin with: 2 GFLOP/s in software, 500 on a GPU. The pacer learns the rest. */
const INITIAL_RATE = { scalar: 2e6, lanes: 5e8 } as const;

export class Gpu {
  readonly device: GPUDevice;
  readonly info: DeviceInfo;
  /** Variant by kernel name, where it differs from the profile's; stands in the run's manifest. */
  readonly variants = new Map<string, string>();
  /** Expands the templates of what a `RecordingCache` records from now on, where kernels were changed; what it recorded before is recorded anew. */
  templates: TemplateExpander | null = null;
  /** Resolves with the reason when the device is gone. Never rejects. */
  readonly lost: Promise<BatonError>;

  readonly #pacer: Pacer;
  /** By text, then by bindings: a text that was seen before is found without reading it again. */
  readonly #pipelines = new Map<string, Map<string, Promise<GPUComputePipeline>>>();
  readonly #layouts = new Map<string, GPUBindGroupLayout>();
  readonly #buffers = new Set<GPUBuffer>();
  /** Readback buffers that are free, by their size. */
  readonly #staging = new Map<number, GPUBuffer[]>();
  #bytes = 0;
  #failure: BatonError | null = null;
  #compiled = { done: 0, total: 0 };
  /** Called whenever a pipeline is asked for or ready. */
  onCompile: (progress: { done: number; total: number }) => void = () => {};

  private constructor(device: GPUDevice, info: DeviceInfo, clock: () => number) {
    this.device = device;
    this.info = info;
    this.#pacer = new Pacer(clock, INITIAL_RATE[info.profile]);
    device.addEventListener('uncapturederror', (event) => this.#fail(fromGpuError(event.error)));
    this.lost = device.lost.then((reason) => {
      const error = deviceLost(reason.message);
      this.#fail(error);
      return error;
    });
  }

  /** @throws NoWebGpu */
  static async open(gpu: GPU | undefined, options: GpuOptions): Promise<Gpu> {
    const { device, info } = await openDevice(gpu, options);
    return new Gpu(device, info, options.clock);
  }

  /** Bytes of buffers held. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The variant in force for a kernel. */
  variant(kernel: string): string {
    return this.variants.get(kernel) ?? this.info.profile;
  }

  /** Throws the device's failure, if it had one. */
  assertAlive(): void {
    if (this.#failure) throw this.#failure;
  }

  /**
   * Allocates a storage buffer of `bytes` bytes (rounded up to 16), zeroed.
   * @throws OutOfMemory before anything is allocated when the device cannot bind that much.
   */
  allocate(label: string, bytes: number): Slice {
    const size = Math.max(16, Math.ceil(bytes / 16) * 16);
    const limit = Math.min(
      this.info.limits.maxBufferSize,
      this.info.limits.maxStorageBufferBindingSize,
    );
    if (size > limit) throw outOfMemory(label, size, limit);
    const buffer = this.device.createBuffer({
      label,
      size,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    });
    this.#buffers.add(buffer);
    this.#bytes += size;
    return { buffer, offset: 0, size };
  }

  /** Allocates `count` numbers as `allocate` does: floats, or with `half` f16. @see half-storage.ts */
  allocateNumbers(label: string, count: number, half: boolean): Slice {
    return half
      ? { ...this.allocate(label, bytesOf({ half }, count)), half }
      : this.allocate(label, bytesOf({}, count));
  }

  /** Runs allocations and fails with OutOfMemory if the device ran out in them. */
  async allocating<T>(make: () => T): Promise<T> {
    this.device.pushErrorScope('out-of-memory');
    const made = make();
    const error = await this.device.popErrorScope();
    if (error) throw outOfMemory(error.message, this.#bytes, 0);
    return made;
  }

  free(slice: Slice): void {
    if (!this.#buffers.delete(slice.buffer)) return;
    this.#bytes -= slice.buffer.size;
    slice.buffer.destroy();
  }

  write(slice: Slice, data: ArrayBufferView<ArrayBuffer>, byteOffset = 0): void {
    this.device.queue.writeBuffer(slice.buffer, slice.offset + byteOffset, data);
  }

  /** Copies `size` bytes between slices of different buffers (or disjoint ranges), in queue order. */
  copy(from: Slice, to: Slice, size = Math.min(from.size, to.size)): void {
    const encoder = this.device.createCommandEncoder();
    encoder.copyBufferToBuffer(from.buffer, from.offset, to.buffer, to.offset, size);
    this.device.queue.submit([encoder.finish()]);
  }

  clear(slice: Slice): void {
    const encoder = this.device.createCommandEncoder();
    encoder.clearBuffer(slice.buffer, slice.offset, slice.size);
    this.device.queue.submit([encoder.finish()]);
  }

  /** Reads a slice back. @throws DeviceLost, GpuError */
  async read(slice: Slice): Promise<ArrayBuffer> {
    this.assertAlive();
    const room = stagingSize(slice.size);
    const staging = this.#staging.get(room)?.pop() ?? this.#newStaging(room);
    const encoder = this.device.createCommandEncoder();
    encoder.copyBufferToBuffer(slice.buffer, slice.offset, staging, 0, slice.size);
    this.device.queue.submit([encoder.finish()]);
    try {
      await staging.mapAsync(GPUMapMode.READ, 0, slice.size);
    } catch (error) {
      throw this.#failure ?? deviceLost(String(error));
    }
    const bytes = staging.getMappedRange(0, slice.size).slice(0);
    staging.unmap();
    const pool = this.#staging.get(room);
    if (pool) pool.push(staging);
    else this.#staging.set(room, [staging]);
    this.assertAlive();
    return bytes;
  }

  async readFloats(slice: Slice): Promise<Float32Array<ArrayBuffer>> {
    return new Float32Array(await this.read(slice));
  }

  async readWords(slice: Slice): Promise<Uint32Array<ArrayBuffer>> {
    return new Uint32Array(await this.read(slice));
  }

  recorder(): Recorder {
    return new Recorder(this);
  }

  /**
   * Encodes and submits a recording, cut into short submits. Resolves when all is submitted and at most one submit still
   * runs; use `idle` or `read` to wait for results.
   */
  async replay(recording: Recording): Promise<void> {
    this.assertAlive();
    let encoder = this.device.createCommandEncoder();
    let pass = encoder.beginComputePass();
    let work = 0;
    let recorded = 0;
    for (const step of recording.steps) {
      const next = workOf(step);
      if (recorded > 0 && work + next > this.#pacer.budget) {
        pass.end();
        this.device.queue.submit([encoder.finish()]);
        await this.#pacer.submitted(work, this.device.queue.onSubmittedWorkDone());
        this.assertAlive();
        encoder = this.device.createCommandEncoder();
        pass = encoder.beginComputePass();
        work = 0;
        recorded = 0;
      }
      pass.setPipeline(step.pipeline);
      pass.setBindGroup(0, step.group);
      pass.dispatchWorkgroups(step.grid[0], step.grid[1], step.grid[2]);
      work += next;
      recorded += 1;
    }
    pass.end();
    this.device.queue.submit([encoder.finish()]);
    await this.#pacer.submitted(work, this.device.queue.onSubmittedWorkDone());
    this.assertAlive();
  }

  /** Waits until the GPU has done all that was submitted. */
  async idle(): Promise<void> {
    await this.#pacer.idle();
    await this.device.queue.onSubmittedWorkDone();
    this.assertAlive();
  }

  /** The pipeline of a kernel, compiled once. @throws ShaderError with the compiler's messages as detail. */
  pipeline(kernel: Kernel): Promise<GPUComputePipeline> {
    const ofText = this.#pipelines.get(kernel.source) ?? new Map();
    this.#pipelines.set(kernel.source, ofText);
    const bindings = kernel.bindings.join();
    const known = ofText.get(bindings);
    if (known) return known;
    const pipeline = this.#compile(kernel);
    ofText.set(bindings, pipeline);
    return pipeline;
  }

  bindGroup(kernel: Kernel, uniform: Slice, slices: readonly Slice[]): GPUBindGroup {
    return this.device.createBindGroup({
      label: kernel.name,
      layout: this.#layout(kernel),
      entries: [uniform, ...slices].map((slice, binding) => ({
        binding,
        resource: { buffer: slice.buffer, offset: slice.offset, size: slice.size },
      })),
    });
  }

  /** Gives everything back. The Gpu is unusable afterwards. */
  destroy(): void {
    for (const buffer of this.#buffers) buffer.destroy();
    this.#buffers.clear();
    this.#bytes = 0;
    this.device.destroy();
  }

  async #compile(kernel: Kernel): Promise<GPUComputePipeline> {
    const code = boundedIfChanged(kernel.source);
    this.#compiled.total += 1;
    this.onCompile({ ...this.#compiled });
    // A refused module is this kernel's error, not the device's: without the scope it would count as uncaptured.
    this.device.pushErrorScope('validation');
    const module = this.device.createShaderModule({ label: kernel.name, code });
    const refused = this.device.popErrorScope().catch(() => null);
    const layout = this.device.createPipelineLayout({ bindGroupLayouts: [this.#layout(kernel)] });
    try {
      return await this.device.createComputePipelineAsync({
        label: kernel.name,
        layout,
        compute: { module, entryPoint: 'main' },
      });
    } catch (error) {
      await refused;
      this.assertAlive();
      throw await shaderError(kernel, module, error);
    } finally {
      this.#compiled.done += 1;
      this.onCompile({ ...this.#compiled });
    }
  }

  #layout(kernel: Kernel): GPUBindGroupLayout {
    const key = kernel.bindings.join();
    let layout = this.#layouts.get(key);
    if (!layout) {
      const types: GPUBufferBindingType[] = ['uniform'];
      for (const access of kernel.bindings)
        types.push(access === 'read' ? 'read-only-storage' : 'storage');
      layout = this.device.createBindGroupLayout({
        entries: types.map((type, binding) => ({
          binding,
          visibility: GPUShaderStage.COMPUTE,
          buffer: { type },
        })),
      });
      this.#layouts.set(key, layout);
    }
    return layout;
  }

  #newStaging(size: number): GPUBuffer {
    return this.device.createBuffer({
      label: 'readback',
      size,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
  }

  #fail(error: BatonError): void {
    this.#failure ??= error;
  }
}

/** Above this, what is read has one of a few sizes: whole parameters and moments. */
const MANY_SIZES = 2 ** 20;

/** Bytes of the buffer to read `size` through. They are kept, and a run reads as many sizes as its batches have tokens. */
function stagingSize(size: number): number {
  return size > MANY_SIZES ? size : 2 ** Math.ceil(Math.log2(size));
}

function fromGpuError(error: GPUError): BatonError {
  if (error.constructor.name === 'GPUOutOfMemoryError') return outOfMemory(error.message, 0, 0);
  return new BatonError({
    kind: 'GpuError',
    message: 'The GPU refused a command',
    remedy: 'The run stopped at its last good step, which is kept. Please report this.',
    detail: error.message,
  });
}

function deviceLost(detail: string): BatonError {
  return new BatonError({
    kind: 'DeviceLost',
    message: 'The GPU was lost',
    remedy: 'The last good step is kept. Close other heavy tabs, then go on from it.',
    detail,
  });
}

function outOfMemory(label: string, wanted: number, limit: number): BatonError {
  const mib = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MiB`;
  return new BatonError({
    kind: 'OutOfMemory',
    message: limit
      ? `"${label}" needs ${mib(wanted)}, this adapter gives ${mib(limit)}`
      : 'The GPU is out of memory',
    remedy:
      'Nothing was started. Fewer completions, a shorter length or a smaller model would fit.',
    detail: label,
  });
}

async function shaderError(
  kernel: Kernel,
  module: GPUShaderModule,
  error: unknown,
): Promise<BatonError> {
  const info = await module.getCompilationInfo().catch(() => null);
  const messages =
    info?.messages.map((m) => `${m.lineNum}:${m.linePos} ${m.type}: ${m.message}`) ?? [];
  return new BatonError({
    kind: 'ShaderError',
    message: `The kernel ${kernel.name} (${kernel.variant}) does not compile here`,
    remedy: 'Nothing was started. Please report this with the adapter’s name.',
    detail: [...messages, String(error)].join('\n'),
  });
}
