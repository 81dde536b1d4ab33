/**
 * A receiver on Baton's own kernels. It shares the trainer's device and keeps its own weights and caches there.
 * @see receiver.ts
 */
import { BatonError, badConfig } from '../errors.ts';
import type { Slice } from '../gpu/buffers.ts';
import type { Gpu } from '../gpu/gpu.ts';
import type { Memory } from '../gpu/memory.ts';
import { ropeTable } from '../kernels/rope/rope.ts';
import { type Generated, Generator } from './generate.ts';
import { allocateGenerator, type GeneratorOptions } from './generator-buffers.ts';
import { halfLayout, halfWeights } from './half-weights.ts';
import type { LoadedModel } from './load.ts';
import { NoDistribution } from './logprob.ts';
import type { ParameterLayout } from './parameters.ts';
import type { Receiver, ReceiverRequest } from './receiver.ts';
import type { Tokenizer } from './tokenizer.ts';

/** Most sequences in one wave: enough to keep an adapter busy, few enough for its memory. */
const SEQUENCES = 256;
/** Most prompt tokens in one wave, unless a single prompt is longer. */
const PROMPT_TOKENS = 8192;

/** What a receiver's generator has room for. */
function roomOf({ config }: ParameterLayout, fp16: boolean): GeneratorOptions {
  const positions = Math.min(config.max_position_embeddings, PROMPT_TOKENS);
  return {
    ...{ sequences: SEQUENCES, promptTokens: PROMPT_TOKENS },
    ...{ positions, budget: positions - 1, fp16 },
  };
}

/** The weights and the RoPE table. @throws OutOfMemory, where the memory is a device's */
function allocateWeights(
  memory: Memory,
  id: string,
  layout: ParameterLayout,
  fp16: boolean,
): readonly [weights: Slice, rope: Slice] {
  const { positions } = roomOf(layout, fp16);
  return [
    memory.allocateNumbers(`receiver ${id}`, layout.count, fp16),
    memory.allocateNumbers('receiver rope', positions * layout.config.head_dim, false),
  ];
}

/** Adds a receiver of a model with this layout to a tally. */
export function countReceiver(
  tally: Memory,
  id: string,
  model: ParameterLayout,
  fp16: boolean,
): void {
  const layout = fp16 ? halfLayout(model) : model;
  allocateWeights(tally, id, layout, fp16);
  allocateGenerator(tally, layout.config, roomOf(layout, fp16));
}

/** A part of a request that fits at once: copies `first` to `first + copies` (exclusive) of consecutive prompts. */
interface Wave {
  readonly prompt: number;
  readonly count: number;
  readonly first: number;
  readonly copies: number;
}

export class KernelReceiver implements Receiver {
  readonly id: string;
  readonly backend = 'kernels';
  readonly tokenizer: Tokenizer;
  readonly positions: number;
  readonly #gpu: Gpu;
  readonly #generator: Generator;
  readonly #held: readonly Slice[];

  private constructor(
    id: string,
    tokenizer: Tokenizer,
    gpu: Gpu,
    generator: Generator,
    held: readonly Slice[],
  ) {
    this.id = id;
    this.tokenizer = tokenizer;
    this.positions = generator.options.positions;
    this.#gpu = gpu;
    this.#generator = generator;
    this.#held = held;
  }

  /**
   * @param fp16 stores weights, caches and activations as halves
   * @throws BadConfig where the model has no tokenizer; OutOfMemory
   */
  static async create(
    gpu: Gpu,
    id: string,
    model: LoadedModel,
    fp16 = false,
  ): Promise<KernelReceiver> {
    const { tokenizer } = model;
    if (!tokenizer) throw badConfig('receivers', `${id} has no tokenizer.json`);
    const stored = fp16 ? halfWeights(model.layout, model.parameters) : null;
    const layout = stored?.layout ?? model.layout;
    const { head_dim: headDim, rope_theta: theta } = layout.config;
    const room = roomOf(layout, fp16);
    const held = await gpu.allocating(() => allocateWeights(gpu, id, layout, fp16));
    const [weights, rope] = held;
    try {
      gpu.write(weights, stored?.words ?? model.parameters);
      gpu.write(rope, ropeTable(room.positions, headDim, theta));
      const generator = await Generator.create(gpu, layout, weights, rope, room);
      return new KernelReceiver(id, tokenizer, gpu, generator, held);
    } catch (error) {
      for (const slice of held) gpu.free(slice);
      throw error;
    }
  }

  /** Concurrent calls share the caches: the generator runs their waves in turn. */
  async complete(request: ReceiverRequest): Promise<Generated[]> {
    const { prompts, budgets, copies, uid, sampling, key, signal } = request;
    const out: Generated[] = new Array(prompts.length * copies);
    for (const wave of this.#waves(prompts, copies)) {
      if (signal?.aborted) throw cancelled();
      const part = await this.#generator
        .generate({
          prompts: prompts.slice(wave.prompt, wave.prompt + wave.count),
          budgets: budgets.slice(wave.prompt, wave.prompt + wave.count),
          copies: wave.copies,
          sampling,
          key,
          uid: uid + wave.prompt * copies + wave.first,
          ...(signal && { signal }),
        })
        .catch((error: unknown) => {
          throw error instanceof NoDistribution ? this.#named(error) : error;
        });
      part.forEach((completion, i) => {
        const prompt = wave.prompt + Math.floor(i / wave.copies);
        out[prompt * copies + wave.first + (i % wave.copies)] = completion;
      });
    }
    return out;
  }

  /** Each wave holds several prompts with all their copies or, if those of one prompt do not fit, some of its copies. */
  *#waves(prompts: readonly (readonly number[])[], copies: number): Iterable<Wave> {
    for (let prompt = 0; prompt < prompts.length; ) {
      if (copies > SEQUENCES) {
        for (let first = 0; first < copies; first += SEQUENCES) {
          yield { prompt, count: 1, first, copies: Math.min(SEQUENCES, copies - first) };
        }
        prompt += 1;
        continue;
      }
      let count = 0;
      let tokens = 0;
      while (prompt + count < prompts.length && (count + 1) * copies <= SEQUENCES) {
        tokens += prompts[prompt + count].length;
        if (count > 0 && tokens > PROMPT_TOKENS) break;
        count += 1;
      }
      yield { prompt, count, first: 0, copies };
      prompt += count;
    }
  }

  /** Names the receiver in the error, so that nobody mistakes it for a failure of the policy. */
  #named({ kind, remedy }: NoDistribution): BatonError {
    const message = `The logits of the receiver ${this.id} are not finite numbers`;
    return new BatonError({ kind, message, remedy: `${remedy} Or choose another receiver.` });
  }

  close(): void {
    this.#generator.destroy();
    for (const slice of this.#held) this.#gpu.free(slice);
  }
}

function cancelled(): BatonError {
  return new BatonError({
    kind: 'Cancelled',
    message: 'The receiver was stopped',
    remedy: 'Nothing was lost.',
  });
}
