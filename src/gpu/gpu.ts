/** One GPU device: buffers, pipelines, replay and readback, and the errors that come from it. */
import type { BatonError } from '../errors.ts';
import { type DeviceInfo, type OpenOptions, openDevice } from './adapter.ts';
import { bytesOf, type Slice } from './buffers.ts';
import { deviceLost, fromGpuError, outOfMemory, shaderError } from './gpu-errors.ts';
import { encodeStep, type Kernel, type Steps, workOf } from './kernel.ts';
import { boundedIfChanged } from './loop-guard.ts';
import { type Memory, readbackBytes, storedBytes } from './memory.ts';
import { Pacer } from './pacer.ts';
import type { TemplateExpander } from './wgsl-template.ts';

export interface GpuOptions extends OpenOptions {
  /** Milliseconds, for pacing only. */
  readonly clock: () => number;
}

/**
 * Stands around every replay, and is waited for. It has to have the steps run once, in order: as usual, by calling `replay`, or itself,
 * for example to time each of them.
 */
export type ReplayObserver = (recording: Steps, replay: () => Promise<void>) => Promise<void>;

/** Bytes to copy on the device: as many as `to` has, a multiple of 4. */
export interface Copy {
  readonly from: Slice;
  readonly to: Slice;
}

/** What is copied after each time that a recording is replayed, counted from 0. */
type CopiesAfter = (time: number) => readonly Copy[];

/** Work units per millisecond to begin with: 2 GFLOP/s in software, 500 on a GPU. The pacer learns the rest. */
const INITIAL_RATE = { scalar: 2e6, lanes: 5e8 } as const;

export class Gpu implements Memory {
  readonly device: GPUDevice;
  readonly info: DeviceInfo;
  /** Variant by kernel name, where it differs from the profile's. The run's manifest names them. */
  readonly variants = new Map<string, string>();
  /**
   * Variants that the gates refused on this device, and why, in words. By kernel, such as `matmul-nt`, and in it by variant. The
   * manifest names them.
   */
  readonly refused = new Map<string, Readonly<Record<string, string>>>();
  /**
   * Where kernels were changed: expands the templates of everything that a `RecordingCache` records from now on. What it recorded before is
   * recorded again.
   */
  templates: TemplateExpander | null = null;
  /** Resolves with the reason when the device is gone. Never rejects. */
  readonly lost: Promise<BatonError>;

  readonly #pacer: Pacer;
  /** By text, then by bindings, so that no key has to be made of a long text. */
  readonly #pipelines = new Map<string, Map<string, Promise<GPUComputePipeline>>>();
  /** Texts that did not compile. */
  readonly #broken = new Set<string>();
  readonly #layouts = new Map<string, GPUBindGroupLayout>();
  readonly #buffers = new Set<GPUBuffer>();
  /** Readback buffers that are free, by their size. */
  readonly #staging = new Map<number, GPUBuffer[]>();
  /** The last one stands outermost. */
  readonly #observers = new Set<ReplayObserver>();
  readonly #onLost = new Set<(error: BatonError) => void>();
  #bytes = 0;
  /** Of readback buffers. */
  #stagingBytes = 0;
  #peak = 0;
  #failure: BatonError | null = null;
  #compiled = { done: 0, total: 0 };
  /** @see later */
  #putOff: (() => Promise<unknown>)[] = [];
  #catchingUp = Promise.resolve();
  /** Called whenever a pipeline is asked for, and when it is ready. */
  onCompile: (progress: { done: number; total: number }) => void = () => {};

  private constructor(device: GPUDevice, info: DeviceInfo, clock: () => number) {
    this.device = device;
    this.info = info;
    this.#pacer = new Pacer(clock, INITIAL_RATE[info.profile], info.profile === 'lanes');
    device.addEventListener('uncapturederror', (event) => this.#fail(fromGpuError(event.error)));
    this.lost = device.lost.then((reason) => {
      const error = deviceLost(reason.message);
      this.#fail(error);
      for (const listener of this.#onLost) listener(error);
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

  /** The most bytes ever held, readback buffers included: what a plan of memory is compared with. */
  get peakBytes(): number {
    return this.#peak;
  }

  /** The variant in force for a kernel. */
  variant(kernel: string): string {
    return this.variants.get(kernel) ?? this.info.profile;
  }

  /** What made this device unusable, if anything did. It stays so: nothing that it holds can be trusted any more. */
  get failure(): BatonError | null {
    return this.#failure;
  }

  /**
   * Calls `listener` with the reason once the device is gone.
   * @returns a function that takes the listener away again
   */
  onLost(listener: (error: BatonError) => void): () => void {
    this.#onLost.add(listener);
    return () => this.#onLost.delete(listener);
  }

  /** Throws the device's failure, if it had one. */
  assertAlive(): void {
    if (this.#failure) throw this.#failure;
  }

  /**
   * Allocates a storage buffer of `bytes` bytes, rounded up to a multiple of 16 and zeroed.
   * @throws OutOfMemory before anything is allocated where the device cannot bind that much.
   */
  allocate(label: string, bytes: number): Slice {
    const size = storedBytes(bytes);
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
    this.#notePeak();
    return { buffer, offset: 0, size };
  }

  /** Allocates `count` numbers as `allocate` does: floats, or with `half` f16. @see half-storage.ts */
  allocateNumbers(label: string, count: number, half: boolean): Slice {
    return half
      ? { ...this.allocate(label, bytesOf({ half }, count)), half }
      : this.allocate(label, bytesOf({}, count));
  }

  /**
   * Runs allocations. Where one of them fails, all of them are freed.
   * @throws OutOfMemory if the device ran out in them; DeviceLost; what `make` throws
   */
  async allocating<T>(make: () => T): Promise<T> {
    const before = new Set(this.#buffers);
    const { made, told } = this.#watched(() => tried(make));
    // Counted before anything else can allocate.
    const allocated = [...this.#buffers].filter((buffer) => !before.has(buffer));
    const ranOut = await told;
    if ('value' in made && !ranOut && !this.#failure) return made.value;
    for (const buffer of allocated) this.#release(buffer);
    this.assertAlive();
    throw 'error' in made ? made.error : outOfMemory(ranOut?.message ?? '', this.#bytes, 0);
  }

  free(slice: Slice): void {
    this.#release(slice.buffer);
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

  /** Reads what a slice holds when this is called. @throws DeviceLost, GpuError; OutOfMemory, after which the device goes on */
  async read(slice: Slice): Promise<ArrayBuffer> {
    this.assertAlive();
    const room = readbackBytes(slice.size);
    const staging = await this.#copyOut(slice, room);
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

  /**
   * Encodes and submits a recording `times` times over, cut into short submits. Resolves when all is submitted and at most one submit
   * still runs; use `idle` or `read` to wait for results. Observers stand around each time by itself.
   * @throws DeviceLost, GpuError, and what an observer throws
   */
  async replay(recording: Steps, times = 1, after: CopiesAfter = () => []): Promise<void> {
    if (this.#observers.size === 0) return this.#submit(recording, times, after);
    for (let i = 0; i < times; i++) {
      await [...this.#observers].reduce<() => Promise<void>>(
        (inner, observer) => () => observer(recording, inner),
        () => this.#submit(recording, 1, () => []),
      )();
      this.#copyAll(after(i));
    }
  }

  #copyAll(copies: readonly Copy[]): void {
    if (copies.length === 0) return;
    const encoder = this.device.createCommandEncoder();
    encodeCopies(encoder, copies);
    this.device.queue.submit([encoder.finish()]);
  }

  /**
   * Lets an observer stand around every replay that begins from now on, outside those that stand there already.
   * @returns a function that removes it again
   */
  observe(observer: ReplayObserver): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
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
    pipeline.catch(() => this.#broken.add(kernel.source));
    return pipeline;
  }

  /** Whether a kernel's pipeline is compiled or on its way. One that does not compile here is not. */
  knows({ source, bindings }: Kernel): boolean {
    const asked = this.#pipelines.get(source)?.has(bindings.join()) ?? false;
    return asked && !this.#broken.has(source);
  }

  /** Puts off what would delay the first step and only makes later ones faster, until `catchUp`. */
  later(compile: () => Promise<unknown>): void {
    this.#putOff.push(compile);
  }

  /**
   * Does what was put off, one after the other, and resolves when it is done. What fails is left out: all goes on as it was. Whoever makes a
   * step calls this after it, and need not wait.
   */
  catchUp(): Promise<void> {
    const waiting = this.#putOff;
    if (waiting.length === 0) return this.#catchingUp;
    this.#putOff = [];
    this.#catchingUp = this.#catchingUp.then(async () => {
      for (const compile of waiting) if (!this.#failure) await compile().catch(() => undefined);
    });
    return this.#catchingUp;
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

  async #submit({ steps }: Steps, times: number, after: CopiesAfter): Promise<void> {
    this.assertAlive();
    let encoder = this.device.createCommandEncoder();
    let pass = encoder.beginComputePass();
    let work = 0;
    let recorded = 0;
    for (let i = 0; i < times * steps.length; i++) {
      const step = steps[i % steps.length];
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
      encodeStep(pass, step);
      work += next;
      recorded += 1;
      const copies = (i + 1) % steps.length === 0 ? after(Math.floor(i / steps.length)) : [];
      if (copies.length > 0) {
        pass.end();
        encodeCopies(encoder, copies);
        pass = encoder.beginComputePass();
      }
    }
    pass.end();
    this.device.queue.submit([encoder.finish()]);
    await this.#pacer.submitted(work, this.device.queue.onSubmittedWorkDone());
    this.assertAlive();
  }

  async #compile(kernel: Kernel): Promise<GPUComputePipeline> {
    const code = boundedIfChanged(kernel.source);
    this.#compiled.total += 1;
    this.onCompile({ ...this.#compiled });
    // A refused module is this kernel's failure, not the device's. Without the scope its error would count as uncaptured.
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

  /** Copies a slice into a readback buffer of `room` bytes. The copy is submitted before anything is waited for. */
  async #copyOut(slice: Slice, room: number): Promise<GPUBuffer> {
    const kept = this.#staging.get(room)?.pop();
    if (kept) {
      this.#copyInto(kept, slice);
      return kept;
    }
    const { made: staging, told } = this.#watched(() => {
      const buffer = this.device.createBuffer({
        label: 'readback',
        size: room,
        usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
      });
      this.#copyInto(buffer, slice);
      return buffer;
    });
    this.#stagingBytes += room;
    this.#notePeak();
    const ranOut = await told;
    if (!ranOut && !this.#failure) return staging;
    this.#stagingBytes -= room;
    staging.destroy();
    this.assertAlive();
    throw outOfMemory(ranOut?.message ?? '', room, 0);
  }

  /**
   * Runs `make`, which does not throw, and tells whether memory ended in it. A buffer that found no room makes every use of it invalid:
   * these errors then belong to whoever asked, while any other is the device's failure. A lost device has no answer.
   */
  #watched<T>(make: () => T): { readonly made: T; readonly told: Promise<GPUError | null> } {
    this.device.pushErrorScope('validation');
    this.device.pushErrorScope('out-of-memory');
    const made = make();
    const popped = [this.device.popErrorScope(), this.device.popErrorScope()];
    const told = Promise.all(popped.map((scope) => scope.catch(() => null)));
    return {
      made,
      told: told.then(([ranOut, refused]) => {
        if (!ranOut && refused) this.#fail(fromGpuError(refused));
        return ranOut;
      }),
    };
  }

  #copyInto(staging: GPUBuffer, { buffer, offset, size }: Slice): void {
    const encoder = this.device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, offset, staging, 0, size);
    this.device.queue.submit([encoder.finish()]);
  }

  #release(buffer: GPUBuffer): void {
    if (!this.#buffers.delete(buffer)) return;
    this.#bytes -= buffer.size;
    buffer.destroy();
  }

  #notePeak(): void {
    this.#peak = Math.max(this.#peak, this.#bytes + this.#stagingBytes);
  }

  #fail(error: BatonError): void {
    this.#failure ??= error;
  }
}

/** What `make` returns or throws, as a value. */
function tried<T>(make: () => T): { readonly value: T } | { readonly error: unknown } {
  try {
    return { value: make() };
  } catch (error) {
    return { error };
  }
}

function encodeCopies(encoder: GPUCommandEncoder, copies: readonly Copy[]): void {
  for (const { from, to } of copies)
    encoder.copyBufferToBuffer(from.buffer, from.offset, to.buffer, to.offset, to.size);
}
