/**
 * A receiver on an ONNX runtime. Sequences advance in lockstep on the decoder's KV cache, with shorter prompts padded on the left, and
 * finished ones leave the batch. The noise is that of the GPU's sampler, so both kinds of receiver give the same tokens.
 * @see model/receiver.ts
 */
import { BatonError } from '../errors.ts';
import type { Generated } from '../model/generate.ts';
import type { LoadedModel } from '../model/load.ts';
import type { Receiver, ReceiverBackend, ReceiverRequest } from '../model/receiver.ts';
import type { Tokenizer } from '../model/tokenizer.ts';
import { decodeBatch, type SequenceJob } from './decode-batch.ts';
import { Decoder } from './decoder.ts';
import { exportOnnx } from './onnx/export-onnx.ts';
import type { OnnxRuntime } from './runtime.ts';
import { type ScoreRequest, type Scorer, scoreBatches } from './score-batch.ts';

/** Most rows in a batch: more are not faster, because their KV caches no longer fit the processor's cache. */
const ROWS = 48;
/** The KV caches of a batch are held about four times: before and after a run, inside and outside the runtime. */
const COPIES_HELD = 4;
const DEFAULT_MEMORY = 256 * 2 ** 20;

export interface OnnxReceiverSource {
  readonly id: string;
  /** The bytes of an .onnx file: a decoder with a KV cache. */
  readonly file: Uint8Array;
  readonly tokenizer: Tokenizer;
  /** Longest sequence. */
  readonly positions: number;
  /** The token that ends a text; null if there is none. */
  readonly eosId: number | null;
}

export interface OnnxReceiverOptions {
  /** Most bytes of all KV caches of a batch, which has at least one row. Default 256 MiB. */
  readonly memory?: number;
}

export class OnnxReceiver implements Receiver, Scorer {
  readonly id: string;
  readonly backend: ReceiverBackend;
  readonly tokenizer: Tokenizer;
  readonly positions: number;
  readonly #decoder: Decoder;
  readonly #eosId: number;
  readonly #memory: number;
  /** Calls wait for one another, so that only one at a time holds its caches. */
  #queue: Promise<unknown> = Promise.resolve();
  #closed = false;

  private constructor(
    decoder: Decoder,
    source: OnnxReceiverSource,
    memory: number,
    backend: ReceiverBackend,
  ) {
    this.id = source.id;
    this.backend = backend;
    this.tokenizer = source.tokenizer;
    this.positions = source.positions;
    this.#decoder = decoder;
    this.#eosId = source.eosId ?? -1;
    this.#memory = memory;
  }

  /** @throws BadFile if the runtime cannot open the file */
  static async create(
    runtime: OnnxRuntime,
    source: OnnxReceiverSource,
    { memory = DEFAULT_MEMORY }: OnnxReceiverOptions = {},
  ): Promise<OnnxReceiver> {
    const backend = runtime.provider === 'wasm' ? 'onnx' : 'onnx-webgpu';
    return new OnnxReceiver(await Decoder.open(runtime, source.file), source, memory, backend);
  }

  /** Opens a Baton model, which is first exported in memory. @throws BadFile if it has no tokenizer */
  static fromModel(
    runtime: OnnxRuntime,
    id: string,
    model: LoadedModel,
    options: OnnxReceiverOptions = {},
  ): Promise<OnnxReceiver> {
    const { config, layout, parameters, tokenizer, hash } = model;
    if (!tokenizer) {
      return Promise.reject(
        new BatonError({
          kind: 'BadFile',
          field: 'tokenizer.json',
          message: `${id} has no tokenizer.json`,
          remedy: 'Choose a model that has one.',
        }),
      );
    }
    const source = {
      id,
      file: exportOnnx({ layout, parameters }, { sourceHash: hash }),
      tokenizer,
      positions: config.max_position_embeddings,
      eosId: config.eos_token_id,
    };
    return OnnxReceiver.create(runtime, source, options);
  }

  async complete(request: ReceiverRequest): Promise<Generated[]> {
    this.#check(request);
    return this.#inTurn(() => this.#complete(request));
  }

  async logprobs(request: ScoreRequest): Promise<number[][]> {
    const { prompts, completions, temperature } = request;
    if (this.#closed) throw new RangeError(`${this.id} is closed`);
    if (!(temperature > 0)) throw new RangeError(`a temperature of ${temperature}`);
    if (completions.length !== prompts.length) {
      throw new RangeError(`${completions.length} completions for ${prompts.length} prompts`);
    }
    prompts.forEach((prompt, i) => {
      this.#checkTokens(prompt, completions[i].length);
      this.#checkKnown(completions[i]);
    });
    return this.#inTurn(async () => {
      try {
        return await scoreBatches(this.#decoder, request);
      } catch (error) {
        throw this.#failure(error);
      }
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #complete(request: ReceiverRequest): Promise<Generated[]> {
    const { prompts, budgets, copies, sampling, key, uid, signal } = request;
    const jobs = prompts.flatMap((prompt, p) =>
      Array.from({ length: copies }, (_, copy): SequenceJob => {
        const index = p * copies + copy;
        return { index, prompt, budget: budgets[p], uid: uid + index };
      }),
    );
    const out: Generated[] = new Array(jobs.length);
    // Sorted by length, a batch wastes the least on padding. What else is in its batch does not change a sequence's tokens.
    jobs.sort((a, b) => a.prompt.length - b.prompt.length || a.index - b.index);
    try {
      for (const batch of this.#batches(jobs)) {
        const settings = { sampling, key, eosId: this.#eosId, ...(signal && { signal }) };
        const done = await decodeBatch(this.#decoder, batch, settings);
        batch.forEach((job, i) => {
          out[job.index] = done[i];
        });
      }
    } catch (error) {
      throw this.#failure(error);
    }
    return out;
  }

  #check({ prompts, budgets, copies }: ReceiverRequest): void {
    if (this.#closed) throw new RangeError(`${this.id} is closed`);
    if (!(Number.isInteger(copies) && copies >= 1)) throw new RangeError(`${copies} copies`);
    if (budgets.length !== prompts.length) {
      throw new RangeError(`${budgets.length} budgets for ${prompts.length} prompts`);
    }
    prompts.forEach((prompt, p) => {
      if (!(budgets[p] >= 1)) throw new RangeError(`a budget of ${budgets[p]} tokens`);
      this.#checkTokens(prompt, budgets[p]);
    });
  }

  #checkTokens(prompt: readonly number[], more: number): void {
    if (prompt.length === 0) throw new RangeError('a prompt has no token');
    if (prompt.length + more > this.positions) {
      throw new RangeError(
        `a prompt of ${prompt.length} tokens and ${more} more do not fit ${this.positions} positions`,
      );
    }
    this.#checkKnown(prompt);
  }

  #checkKnown(ids: readonly number[]): void {
    const { vocabulary } = this.#decoder;
    const strange = ids.find((id) => !(Number.isInteger(id) && id >= 0 && id < vocabulary));
    if (strange !== undefined) throw new RangeError(`${strange} is no token of ${this.id}`);
  }

  /** Parts of the sorted jobs that fit at once. */
  *#batches(jobs: readonly SequenceJob[]): Iterable<SequenceJob[]> {
    const { tokenBytes, placesRows } = this.#decoder;
    for (let first = 0; first < jobs.length; ) {
      let longest = 0;
      let end = first;
      for (; end < jobs.length && end - first < ROWS; end++) {
        const { prompt, budget } = jobs[end];
        longest = Math.max(longest, prompt.length + budget);
        const bytes = COPIES_HELD * (end + 1 - first) * longest * tokenBytes;
        const other = !placesRows && prompt.length !== jobs[first].prompt.length;
        if (end > first && (bytes > this.#memory || other)) break;
      }
      yield jobs.slice(first, end);
      first = end;
    }
  }

  /** Turns the runtime's own errors into errors with a kind and a remedy. */
  #failure(error: unknown): BatonError {
    if (error instanceof BatonError) return error;
    const known = error instanceof Error ? error : new Error(String(error));
    const memory = /alloc|memory|out of bounds/i.test(known.message);
    return new BatonError({
      kind: memory ? 'OutOfMemory' : 'Internal',
      message: `The receiver ${this.id} failed: ${known.message.slice(0, 300)}`,
      remedy: 'Nothing was scored with it. Choose another receiver, or shorter answers.',
      ...(known.stack && { detail: known.stack }),
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    // A call in progress ends first; its error, if any, goes to its own caller.
    void this.#queue.then(() => this.#decoder.close()).catch(() => undefined);
  }
}
