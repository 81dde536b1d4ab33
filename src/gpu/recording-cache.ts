/** Recordings by shape: made on first use, kept while they are used, so that a long run over many shapes stays bounded. */
import type { Gpu } from './gpu.ts';
import type { Recorder, Recording } from './recording.ts';

/** Recordings kept; the one not used for longest goes first. */
const MAX_RECORDINGS = 64;

export class RecordingCache {
  readonly #gpu: Gpu;
  /** In the order of use. */
  readonly #recordings = new Map<string, Promise<Recording>>();

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  /** The recording under `key`, recorded and built if it is not there. */
  get(key: string, record: (recorder: Recorder) => void): Promise<Recording> {
    let recording = this.#recordings.get(key);
    if (recording) {
      this.#recordings.delete(key);
    } else {
      const recorder = this.#gpu.recorder();
      record(recorder);
      recording = recorder.build();
      // What failed is tried again, not remembered.
      recording.catch(() => this.#recordings.delete(key));
    }
    this.#recordings.set(key, recording);
    if (this.#recordings.size > MAX_RECORDINGS) this.#dropOldest();
    return recording;
  }

  destroy(): void {
    for (const recording of this.#recordings.values()) {
      recording.then(
        (built) => built.destroy(),
        () => undefined,
      );
    }
    this.#recordings.clear();
  }

  #dropOldest(): void {
    const [key, oldest] = this.#recordings.entries().next().value ?? [];
    if (key === undefined || oldest === undefined) return;
    this.#recordings.delete(key);
    oldest
      .then(async (recording) => {
        await this.#gpu.idle();
        recording.destroy();
      })
      .catch(() => undefined);
  }
}
