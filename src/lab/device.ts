/** A session's one device: opened once, tuned, made to compute as the one before it, and let go where it is lost. */
import type { Gpu } from '../gpu/gpu.ts';
import type { KernelChange } from './kernel-change.ts';
import type { AdapterInfo } from './protocol.ts';

export interface DeviceOptions {
  /** @throws NoWebGpu */
  readonly openGpu: () => Promise<Gpu>;
  /** Chooses the kernels of a new device; nothing but a warm-up goes on before. */
  readonly tune?: (gpu: Gpu) => Promise<unknown>;
}

export class SessionDevice {
  readonly #options: DeviceOptions;
  readonly #kernels: KernelChange;
  #ready: Promise<Gpu> | null = null;
  /** The same device, from before its kernels are chosen. */
  #untuned: Promise<Gpu> | null = null;

  constructor(options: DeviceOptions, kernels: KernelChange) {
    this.#options = options;
    this.#kernels = kernels;
  }

  /** The device in use; it is opened for who asks first. @throws NoWebGpu */
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

  /** The device as soon as kernels can be compiled on it: where the tuner goes by the clock, only when it is done. */
  async toWarm(): Promise<Gpu> {
    const tuned = this.get();
    const gpu = (await this.#untuned) ?? (await tuned);
    return gpu.info.profile === 'scalar' ? gpu : tuned;
  }

  /** Lets the device go: who asks next gets a new one. */
  forget(): void {
    this.#ready = null;
  }

  /** What a page shows of the device in use. @throws NoWebGpu */
  async info(): Promise<AdapterInfo> {
    const { name, software, profile, features, limits } = (await this.get()).info;
    return { name, software, profile, features, limits };
  }
}
