/** The one device of a session: opened once, tuned, made to compute like the device before it, and dropped when it is lost. */
import type { Gpu } from '../gpu/gpu.ts';
import type { KernelChange } from './kernel-change.ts';
import type { AdapterInfo } from './protocol.ts';

export interface DeviceOptions {
  /** @throws NoWebGpu */
  readonly openGpu: () => Promise<Gpu>;
  /** Chooses the kernels of a new device; only a warm-up may run before that. */
  readonly tune?: (gpu: Gpu) => Promise<unknown>;
}

export class SessionDevice {
  readonly #options: DeviceOptions;
  readonly #kernels: KernelChange;
  #ready: Promise<Gpu> | null = null;
  /** The same device, available before its kernels are chosen. */
  #untuned: Promise<Gpu> | null = null;

  constructor(options: DeviceOptions, kernels: KernelChange) {
    this.#options = options;
    this.#kernels = kernels;
  }

  /** The device in use; the first caller opens it. @throws NoWebGpu */
  get(): Promise<Gpu> {
    if (!this.#ready) {
      const { openGpu, tune } = this.#options;
      const opened = openGpu();
      this.#untuned = opened;
      this.#ready = opened.then(async (gpu) => {
        await tune?.(gpu);
        return this.#kernels.equip(gpu);
      });
    }
    return this.#ready;
  }

  /** The device, as soon as kernels can be compiled on it. If the tuner measures times, that is only once it has finished. */
  async toWarm(): Promise<Gpu> {
    const tuned = this.get();
    const gpu = (await this.#untuned) ?? (await tuned);
    return gpu.info.profile === 'scalar' ? gpu : tuned;
  }

  /** Drops the device: the next caller gets a new one. */
  forget(): void {
    this.#ready = null;
  }

  /** What the page shows about the device in use. @throws NoWebGpu */
  async info(): Promise<AdapterInfo> {
    const { name, software, profile, features, limits } = (await this.get()).info;
    return { name, software, profile, features, limits };
  }
}
