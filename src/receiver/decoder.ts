/** A session of a decoder with a KV cache: feeds tokens, and passes the cache from one run to the next. */
import type { InferenceSession, Tensor } from 'onnxruntime-web';
import { badFile } from '../errors.ts';
import { inspectOnnx } from './inspect-onnx.ts';
import type { OnnxRuntime } from './runtime.ts';

/** One tensor of the cache, by the names of its input and output. */
interface CacheName {
  readonly past: string;
  readonly present: string;
}

/** Keys and values of some sequences, each [rows, heads, tokens, dim], in the order of the decoder's names. */
export interface DecoderCache {
  readonly rows: number;
  readonly tokens: number;
  readonly tensors: readonly Tensor[];
}

/** The tokens of one run; the arrays are row-major. */
export interface DecoderInput {
  readonly rows: number;
  /** New tokens of each row. */
  readonly count: number;
  /** [rows, count] */
  readonly ids: BigInt64Array<ArrayBuffer>;
  /** [rows, count] */
  readonly positions: BigInt64Array<ArrayBuffer>;
  /** [rows, tokens in the cache + count]: 1 where there is a token, 0 for padding. */
  readonly mask: BigInt64Array<ArrayBuffer>;
}

export interface DecoderOutput {
  /** [rows, places, vocabulary], or null if none were requested. */
  readonly logits: Float32Array | null;
  /** Number of places per row that have logits; the last one belongs to the last token. */
  readonly places: number;
  readonly cache: DecoderCache;
}

const CACHE = /^past_key_values\.(\d+)\.(key|value)$/;

export class Decoder {
  readonly vocabulary: number;
  /** Number of key-value heads, and their width. */
  readonly heads: number;
  readonly dim: number;
  /** False if the model counts positions itself: all rows of a batch must then have the same length. */
  readonly placesRows: boolean;
  readonly #runtime: OnnxRuntime;
  readonly #session: InferenceSession;
  readonly #names: readonly CacheName[];
  readonly #all: readonly string[];
  readonly #withoutLogits: readonly string[];

  private constructor(runtime: OnnxRuntime, session: InferenceSession, shape: DecoderShape) {
    this.#runtime = runtime;
    this.#session = session;
    this.#names = shape.names;
    this.vocabulary = shape.vocabulary;
    this.heads = shape.heads;
    this.dim = shape.dim;
    this.placesRows = session.inputNames.includes('position_ids');
    this.#withoutLogits = shape.names.map(({ present }) => present);
    this.#all = ['logits', ...this.#withoutLogits];
  }

  /**
   * @param file the bytes of an .onnx file that has passed `inspectOnnx`, or of one that Baton wrote
   * @throws BadFile with the runtime's message if it cannot open the file
   */
  static async open(runtime: OnnxRuntime, file: Uint8Array): Promise<Decoder> {
    const session = await runtime
      .turn(() =>
        runtime.ort.InferenceSession.create(file, {
          executionProviders: [runtime.provider],
          graphOptimizationLevel: 'all',
          enableMemPattern: false,
          ...(runtime.provider !== 'wasm' && { preferredOutputLocation: cacheOnGpu(file) }),
        }),
      )
      .catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        throw badFile('model.onnx', `The ONNX runtime cannot open the file: ${why.slice(0, 300)}`);
      });
    return new Decoder(runtime, session, shapeOf(session));
  }

  /** Bytes of the cache for one token of one row. */
  get tokenBytes(): number {
    return 4 * this.#names.length * this.heads * this.dim;
  }

  /** The cache before the first token. */
  nothing(rows: number): DecoderCache {
    const { Tensor } = this.#runtime.ort;
    const empty = () => new Tensor('float32', new Float32Array(0), [rows, this.heads, 0, this.dim]);
    return { rows, tokens: 0, tensors: this.#names.map(empty) };
  }

  /** Feeds tokens after a cache. The given cache cannot be used again. */
  async run(
    input: DecoderInput,
    cache: DecoderCache,
    { logits = true }: { readonly logits?: boolean } = {},
  ): Promise<DecoderOutput> {
    const { Tensor } = this.#runtime.ort;
    const { rows, count } = input;
    const feeds: Record<string, Tensor> = {
      input_ids: new Tensor('int64', input.ids, [rows, count]),
      attention_mask: new Tensor('int64', input.mask, [rows, cache.tokens + count]),
    };
    if (this.placesRows) feeds.position_ids = new Tensor('int64', input.positions, [rows, count]);
    this.#names.forEach(({ past }, i) => {
      feeds[past] = cache.tensors[i];
    });
    const names = logits ? this.#all : this.#withoutLogits;
    const out = await this.#runtime.turn(() => this.#session.run(feeds, names));
    for (const tensor of cache.tensors) tensor.dispose();
    const next = {
      rows,
      tokens: cache.tokens + count,
      tensors: this.#names.map(({ present }) => out[present] as Tensor),
    };
    if (!logits) return { logits: null, places: 0, cache: next };
    const given = out.logits as Tensor;
    const data = (await given.getData(true)) as Float32Array;
    return { logits: data, places: given.dims[1], cache: next };
  }

  /** The cache of the given rows, in that order; rows may repeat. The given cache cannot be used again. */
  async gather(cache: DecoderCache, rows: readonly number[]): Promise<DecoderCache> {
    const { Tensor } = this.#runtime.ort;
    const size = this.heads * cache.tokens * this.dim;
    const dims = [rows.length, this.heads, cache.tokens, this.dim];
    const tensors: Tensor[] = [];
    for (const tensor of cache.tensors) {
      const data = (await tensor.getData(true)) as Float32Array;
      const picked = new Float32Array(rows.length * size);
      rows.forEach((row, i) => {
        picked.set(data.subarray(row * size, (row + 1) * size), i * size);
      });
      tensors.push(new Tensor('float32', picked, dims));
    }
    return { rows: rows.length, tokens: cache.tokens, tensors };
  }

  /** Gives the session's memory back to the runtime. */
  async close(): Promise<void> {
    await this.#runtime.turn(() => this.#session.release());
  }
}

/** Keeps the cache on the device between runs. Logits are read back, because sampling is done here. */
function cacheOnGpu(file: Uint8Array): Record<string, 'gpu-buffer'> {
  const { layers } = inspectOnnx(file);
  const names = Array.from({ length: layers }, (_, n) => [
    `present.${n}.key`,
    `present.${n}.value`,
  ]);
  return Object.fromEntries(names.flat().map((name) => [name, 'gpu-buffer']));
}

interface DecoderShape {
  readonly names: readonly CacheName[];
  readonly vocabulary: number;
  readonly heads: number;
  readonly dim: number;
}

/** The shape of the session's cache, and its vocabulary. @throws BadFile if they are not those of a decoder */
function shapeOf(session: InferenceSession): DecoderShape {
  const names = session.inputNames.filter((name) => CACHE.test(name));
  const cache = session.inputMetadata.find(({ name }) => name === names[0]);
  const logits = session.outputMetadata.find(({ name }) => name === 'logits');
  if (!cache?.isTensor || !logits?.isTensor) {
    throw badFile('model.onnx', 'The file is no decoder with a KV cache');
  }
  const [, heads, , dim] = cache.shape;
  const vocabulary = logits.shape[2];
  if (typeof heads !== 'number' || typeof dim !== 'number' || typeof vocabulary !== 'number') {
    throw badFile('model.onnx', 'The file leaves its heads or its vocabulary open');
  }
  return {
    names: names.map((past) => ({ past, present: past.replace('past_key_values', 'present') })),
    vocabulary,
    heads,
    dim,
  };
}
