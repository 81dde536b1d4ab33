/**
 * The device of a session: opened once for all who ask, tuned, made to compute like the device before it, and replaced when it is
 * lost. Whoever works holds on to the device that it began with. What a lost one still says or throws reaches nobody who has another.
 */
import type { Gpu } from '../gpu/gpu.ts';
import type { KernelChange } from './kernel-change.ts';
import { NotBack } from './loss.ts';
import type { AdapterInfo } from './protocol.ts';
import { whileAlive } from './while-alive.ts';

export interface DeviceOptions {
  /** @throws NoWebGpu */
  readonly openGpu: () => Promise<Gpu>;
  /** Chooses the kernels of a new device; only a warm-up may run before that. */
  readonly tune?: (gpu: Gpu) => Promise<unknown>;
}

/** A driver that starts again refuses devices for a moment. Milliseconds until it is asked once more. */
const RETRY_MS = 1000;

export class SessionDevice {
  readonly #options: DeviceOptions;
  readonly #kernels: Pick<KernelChange, 'equip'>;
  readonly #onReplaced: (adapter: AdapterInfo) => void;
  /** The device in use, or on its way. */
  #present: Promise<Gpu> | null = null;
  /** The same device, available before its kernels are chosen. */
  #untuned: Promise<Gpu> | null = null;
  /** Devices that were had so far. */
  #had = 0;

  /** @param onReplaced called when another device has taken the place of a lost one */
  constructor(
    options: DeviceOptions,
    kernels: Pick<KernelChange, 'equip'>,
    onReplaced: (adapter: AdapterInfo) => void = () => {},
  ) {
    this.#options = options;
    this.#kernels = kernels;
    this.#onReplaced = onReplaced;
  }

  /**
   * The device in use. The first who asks opens it, and so does the first who asks after it was lost; all others wait for the same.
   * After a loss a refusal is tried once more, a moment later.
   * @throws NoWebGpu where there never was a device, NotBack where it was lost and there is no other
   */
  async get(): Promise<Gpu> {
    for (;;) {
      const asked = this.#present ?? this.#begin();
      const gpu = await asked;
      if (!gpu.failure) return gpu;
      // What it holds is of no use any more, and may be much.
      this.#forget(asked);
      gpu.destroy();
    }
  }

  /** The device, as soon as kernels can be compiled on it. If the tuner measures times, that is only once it has finished. */
  async toWarm(): Promise<Gpu> {
    const tuned = this.get();
    tuned.catch(() => undefined);
    const gpu = (await this.#untuned) ?? (await tuned);
    return gpu.info.profile === 'scalar' ? gpu : tuned;
  }

  /** What the page shows about the device in use. @throws as `get` */
  async info(): Promise<AdapterInfo> {
    return infoOf(await this.get());
  }

  #begin(): Promise<Gpu> {
    const opening = this.#open();
    this.#present = opening;
    opening.then(
      (gpu) => gpu.onLost(() => this.#forget(opening)),
      () => this.#forget(opening),
    );
    return opening;
  }

  async #open(): Promise<Gpu> {
    const first = this.#had === 0;
    let gpu: Gpu;
    try {
      gpu = await this.#attempt();
    } catch (error) {
      // There never was a device: asking again would not bring one.
      if (this.#had === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      gpu = await this.#attempt().catch((cause) => Promise.reject(new NotBack(cause)));
    }
    if (!first) this.#onReplaced(infoOf(gpu));
    return gpu;
  }

  async #attempt(): Promise<Gpu> {
    const { openGpu, tune } = this.#options;
    const opened = openGpu();
    this.#untuned = opened;
    const gpu = await opened;
    this.#had += 1;
    try {
      await whileAlive(gpu, async () => tune?.(gpu));
      return this.#kernels.equip(gpu);
    } catch (error) {
      gpu.destroy();
      throw error;
    }
  }

  /** Lets the next who asks open a device, unless another has taken this one's place. */
  #forget(asked: Promise<Gpu>): void {
    if (this.#present !== asked) return;
    this.#present = null;
    this.#untuned = null;
  }
}

function infoOf({ info }: Gpu): AdapterInfo {
  const { name, software, profile, features, limits } = info;
  return { name, software, profile, features, limits };
}
