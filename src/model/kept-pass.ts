/**
 * What the layers computed for the tokens of a generator's last call: the rows of its prompts, and after them those of one decode step after
 * the other. A learner with the same parameters begins with it where it would pass the same tokens through the layers again. In the
 * family of software adapters generation has the bits of a learner's forward pass, so whether something was kept changes no number.
 */
import { floats, type Slice } from '../gpu/buffers.ts';
import type { Copy, Gpu } from '../gpu/gpu.ts';
import type { Memory } from '../gpu/memory.ts';
import type { Recorder } from '../gpu/recording.ts';
import { NO_ROW, recordGatherRows } from '../kernels/rows/gather-rows.ts';
import {
  type Activations,
  type LayerActivations,
  type StoredWidths,
  storedWidths,
} from './activations.ts';
import type { PackedBatch } from './batch.ts';
import type { ModelConfig } from './config.ts';
import { type GeneratorOptions, mostRows } from './generator-buffers.ts';

/** What cannot be had back in passing: norms and SwiGLU are computed again, which costs no more than to move their results. */
const KEPT = ['x', 'qkv', 'attended', 'lse', 'middle', 'gateUp'] as const;
type Kept = (typeof KEPT)[number];
type KeptLayer = Readonly<Record<Kept, Slice>>;

export interface KeptPassOptions {
  readonly generator: GeneratorOptions;
  /** Most tokens of the prompts of a call that is kept: as a rule far fewer than a generator has room for. */
  readonly promptTokens: number;
  /** Most rows of a learner's batch. */
  readonly rows: number;
}

/** A sequence of the last call, and where its rows are kept. */
export interface KeptSequence {
  readonly prompt: readonly number[];
  /** The row of the prompt's first token; the others follow. */
  readonly promptRow: number;
  /** Rows of the completion's tokens. The last token was only drawn: if there is a row, it is another's. */
  readonly ownRows: readonly number[];
}

/** Allocates what is kept of every layer, the kept row of each row of a batch, and for prompts the list 0, 1, 2 and so on. */
export function allocateKeptPass(
  memory: Memory,
  config: ModelConfig,
  { generator, promptTokens, rows }: KeptPassOptions,
) {
  const { sequences } = generator;
  const { rows: most, promptRows } = mostRows({ sequences, promptTokens });
  const count = promptRows + most * (generator.budget - 1);
  const widths = storedWidths(config, generator.fp16 ?? false);
  const make = (kept: Kept, layer: number) =>
    memory.allocateNumbers(`kept ${kept} ${layer}`, count * widths[kept].width, widths[kept].half);
  const layers = Array.from(
    { length: config.num_hidden_layers },
    (_, i) => Object.fromEntries(KEPT.map((kept) => [kept, make(kept, i)])) as unknown as KeptLayer,
  );
  return {
    ...{ layers, promptRows },
    index: memory.allocateNumbers('kept rows', rows, false),
    inOrder: memory.allocateNumbers('kept rows of prompts', promptRows, false),
  };
}

export class KeptPass {
  /** Where the rows of decode steps begin: a call with more rows of prompts cannot be kept. */
  readonly promptRows: number;
  readonly #gpu: Gpu;
  readonly #widths: StoredWidths;
  readonly #layers: readonly KeptLayer[];
  readonly #inOrder: Slice;
  readonly #index: Slice;
  readonly #sequences = new Map<readonly number[], KeptSequence>();

  private constructor(gpu: Gpu, config: ModelConfig, options: KeptPassOptions) {
    const { layers, promptRows, index, inOrder } = allocateKeptPass(gpu, config, options);
    this.promptRows = promptRows;
    this.#gpu = gpu;
    this.#widths = storedWidths(config, options.generator.fp16 ?? false);
    this.#layers = layers;
    this.#inOrder = inOrder;
    gpu.write(
      inOrder,
      Uint32Array.from({ length: promptRows }, (_, i) => i),
    );
    this.#index = index;
  }

  /** @throws OutOfMemory */
  static create(gpu: Gpu, config: ModelConfig, options: KeptPassOptions): Promise<KeptPass> {
    return gpu.allocating(() => new KeptPass(gpu, config, options));
  }

  /** Nothing that is kept holds any longer: parameters have changed, or rows are about to. */
  forget(): void {
    this.#sequences.clear();
  }

  /** From now on a completion is known by its list of tokens. */
  hold(completion: readonly number[], sequence: KeptSequence): void {
    this.#sequences.set(completion, sequence);
  }

  /** Uploads the kept row of every row of a batch. @returns false where not all of them are kept */
  find(batch: PackedBatch): boolean {
    const kept = batch.sequences.map(({ prompt, completion }) => {
      const sequence = this.#sequences.get(completion);
      return sequence && equal(sequence.prompt, prompt) ? sequence : null;
    });
    const index = new Uint32Array(batch.rows).fill(NO_ROW);
    for (let row = 0; row < batch.count; row++) {
      const sequence = kept[batch.owners[row]];
      if (!sequence) return false;
      const { prompt, promptRow, ownRows } = sequence;
      const position = batch.positions[row];
      const own = position - prompt.length;
      if (own >= batch.sequences[batch.owners[row]].completion.length - 1) return false;
      index[row] = own < 0 ? promptRow + position : ownRows[own];
    }
    this.#gpu.write(this.#index, index);
    return true;
  }

  /** Records that a layer's activations for the `rows` rows of prompts are kept, at most `promptRows`, in their order. */
  recordKeep(recorder: Recorder, layer: number, activations: LayerActivations, rows: number): void {
    for (const kept of KEPT)
      recordGatherRows(recorder, {
        ...{ rows, index: this.#inOrder, width: this.#widths[kept].width },
        ...{ x: activations[kept], y: this.#layers[layer][kept] },
      });
  }

  /** What is to be copied after a decode step of `rows` rows, so that they are kept from row `to` on. */
  copies({ layers }: Activations, rows: number, to: number): Copy[] {
    return this.#layers.flatMap((layer, i) =>
      KEPT.map((kept) => {
        const { width } = this.#widths[kept];
        return { from: layers[i][kept], to: floats(layer[kept], to * width, rows * width) };
      }),
    );
  }

  /** Records that activations come back, for the rows of the batch that was found; rows beyond it are 0. */
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
    for (const slice of [
      this.#index,
      this.#inOrder,
      ...this.#layers.flatMap((layer) => Object.values(layer)),
    ])
      this.#gpu.free(slice);
  }
}

function equal(a: readonly number[], b: readonly number[]): boolean {
  return a === b || (a.length === b.length && a.every((id, i) => id === b[i]));
}
