/**
 * What the layers computed for the tokens of a generator's last call, by cache slot. A learner with the same parameters begins with it where
 * it would pass the same tokens through the layers again. In the family of software adapters generation has the bits of a learner's forward
 * pass, so whether something was kept changes no number.
 */
import type { Slice } from '../gpu/buffers.ts';
import type { Gpu } from '../gpu/gpu.ts';
import type { Memory } from '../gpu/memory.ts';
import type { Recorder } from '../gpu/recording.ts';
import { NO_ROW, recordGatherRows } from '../kernels/rows/gather-rows.ts';
import { recordKeepRows } from '../kernels/rows/keep-rows.ts';
import { type LayerActivations, type StoredWidths, storedWidths } from './activations.ts';
import type { PackedBatch } from './batch.ts';
import type { ModelConfig } from './config.ts';

/** What cannot be had back in passing: norms and SwiGLU are computed again, which costs no more than to move their results. */
const KEPT = ['x', 'qkv', 'attended', 'lse', 'middle', 'gateUp'] as const;
type Kept = (typeof KEPT)[number];
type KeptLayer = Readonly<Record<Kept, Slice>>;

export interface KeptPassOptions {
  /** Cache slots of the generator. */
  readonly slots: number;
  /** Most rows of a learner's batch. */
  readonly rows: number;
  /** Stores as halves what the activations store so. */
  readonly fp16: boolean;
}

/** A sequence of the last call: its prompt, and the first slot of the prompt's rows and of the completion's. */
export interface RunOfSlots {
  readonly prompt: readonly number[];
  readonly promptSlot: number;
  readonly ownSlot: number;
}

interface Run extends RunOfSlots {
  /** Tokens of the completion that passed through the layers: all but the last, which was only drawn. */
  readonly passed: number;
}

/** Allocates what is kept of every layer, and the slot of each row of a batch. */
export function allocateKeptPass(
  memory: Memory,
  config: ModelConfig,
  { slots, rows, fp16 }: KeptPassOptions,
) {
  const widths = storedWidths(config, fp16);
  const make = (kept: Kept, layer: number) =>
    memory.allocateNumbers(`kept ${kept} ${layer}`, slots * widths[kept].width, widths[kept].half);
  const layers = Array.from(
    { length: config.num_hidden_layers },
    (_, i) => Object.fromEntries(KEPT.map((kept) => [kept, make(kept, i)])) as unknown as KeptLayer,
  );
  return { layers, index: memory.allocateNumbers('slots of rows', rows, false) };
}

export class KeptPass {
  readonly #gpu: Gpu;
  readonly #widths: StoredWidths;
  readonly #slots: number;
  readonly #layers: readonly KeptLayer[];
  readonly #index: Slice;
  readonly #runs = new Map<readonly number[], Run>();

  private constructor(gpu: Gpu, config: ModelConfig, options: KeptPassOptions) {
    const { layers, index } = allocateKeptPass(gpu, config, options);
    this.#gpu = gpu;
    this.#widths = storedWidths(config, options.fp16);
    this.#slots = options.slots;
    this.#layers = layers;
    this.#index = index;
  }

  /** @throws OutOfMemory */
  static create(gpu: Gpu, config: ModelConfig, options: KeptPassOptions): Promise<KeptPass> {
    return gpu.allocating(() => new KeptPass(gpu, config, options));
  }

  /** Nothing that is kept holds any longer: parameters have changed, or slots are about to. */
  forget(): void {
    this.#runs.clear();
  }

  /** From now on a completion is known by its list of tokens. */
  hold(completion: readonly number[], run: RunOfSlots): void {
    this.#runs.set(completion, { ...run, passed: completion.length - 1 });
  }

  /** Uploads the slot of every row of a batch. @returns false where not all of them are kept */
  find(batch: PackedBatch): boolean {
    const runs = batch.sequences.map(({ prompt, completion }) => {
      const run = this.#runs.get(completion);
      return run && equal(run.prompt, prompt) ? run : null;
    });
    const index = new Uint32Array(batch.rows).fill(NO_ROW);
    for (let row = 0; row < batch.count; row++) {
      const run = runs[batch.owners[row]];
      if (!run) return false;
      const own = batch.positions[row] - run.prompt.length;
      if (own >= run.passed) return false;
      index[row] = own < 0 ? run.promptSlot + batch.positions[row] : run.ownSlot + own;
    }
    this.#gpu.write(this.#index, index);
    return true;
  }

  /** Records that a layer's activations are kept under the slots of their rows. */
  recordKeep(
    recorder: Recorder,
    layer: number,
    activations: LayerActivations,
    { rows, places }: { readonly rows: number; readonly places: Slice },
  ): void {
    for (const kept of KEPT)
      recordKeepRows(recorder, {
        ...{ rows, places, width: this.#widths[kept].width, slots: this.#slots },
        ...{ x: activations[kept], y: this.#layers[layer][kept] },
      });
  }

  /** Records that they come back, for the rows of the batch that was found; rows beyond it are 0. */
  recordRecall(
    recorder: Recorder,
    layer: number,
    activations: LayerActivations,
    rows: number,
  ): void {
    for (const kept of KEPT)
      recordGatherRows(recorder, {
        ...{ rows, index: this.#index, width: this.#widths[kept].width },
        ...{ x: this.#layers[layer][kept], y: activations[kept] },
      });
  }

  destroy(): void {
    for (const slice of [this.#index, ...this.#layers.flatMap((layer) => Object.values(layer))])
      this.#gpu.free(slice);
  }
}

function equal(a: readonly number[], b: readonly number[]): boolean {
  return a === b || (a.length === b.length && a.every((id, i) => id === b[i]));
}
