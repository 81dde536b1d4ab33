/**
 * Recordings by shape. They are made on first use, and the least recently used ones go, so that a long run over many shapes stays bounded.
 * Where the device's templates change (`Gpu.templates`), all are made again on their next use. A recording in hand stays good until the
 * GPU is idle.
 */
import type { Gpu } from './gpu.ts';
import { Recorder, type Recording } from './recording.ts';
import { expandingWith, type TemplateExpander } from './wgsl-template.ts';

/** Recordings kept; the one that was not used for the longest time goes first. */
const MAX_RECORDINGS = 64;

export class RecordingCache {
  readonly #gpu: Gpu;
  /** In the order of use. */
  readonly #recordings = new Map<string, Promise<Recording>>();
  /** What the recordings were expanded with. */
  #templates: TemplateExpander | null;

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
    this.#templates = gpu.templates;
  }

  /** The recording under `key`, recorded and built if it is not there. */
  get(key: string, record: (recorder: Recorder) => void): Promise<Recording> {
    const { templates } = this.#gpu;
    if (templates !== this.#templates) {
      this.#templates = templates;
      for (const known of [...this.#recordings.keys()]) this.#drop(known);
    }
    let recording = this.#recordings.get(key);
    if (recording) {
      this.#recordings.delete(key);
    } else {
      const recorder = new Recorder(this.#gpu);
      const recordNow = () => record(recorder);
      const built = this.#gpu
        .allocating(() => (templates ? expandingWith(templates, recordNow) : recordNow()))
        .then(() => recorder.build({ soon: true }));
      recording = built;
      // A failure is not remembered, so the next caller tries again.
      built.catch(() => {
        if (this.#recordings.get(key) === built) this.#recordings.delete(key);
      });
    }
    this.#recordings.set(key, recording);
    const [oldest] = this.#recordings.keys();
    if (this.#recordings.size > MAX_RECORDINGS && oldest !== undefined) this.#drop(oldest);
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

  /** Forgets a recording, and frees it once nothing that was submitted can need it. */
  #drop(key: string): void {
    const recording = this.#recordings.get(key);
    this.#recordings.delete(key);
    recording
      ?.then(async (built) => {
        await this.#gpu.idle();
        built.destroy();
      })
      .catch(() => undefined);
  }
}
