/** A reward model on an ONNX runtime: one number for each token of given text. */
import { BatonError, badFile } from '../errors.ts';
import type { LoadedModel } from '../model/load.ts';
import { Decoder } from './decoder.ts';
import { exportOnnx } from './onnx/export-onnx.ts';
import type { OnnxRuntime } from './runtime.ts';
import { type ReadRequest, valueBatches } from './score-batch.ts';

export class OnnxReward {
  readonly id: string;
  /** Longest sequence. */
  readonly positions: number;
  readonly #decoder: Decoder;
  readonly #tokens: number;
  #closed = false;

  private constructor(decoder: Decoder, id: string, { config }: LoadedModel) {
    this.id = id;
    this.positions = config.max_position_embeddings;
    this.#decoder = decoder;
    this.#tokens = config.vocab_size;
  }

  /** Opens a model folder, which is first exported in memory. @throws BadFile where it has no scalar head, or predicts tokens too */
  static async fromModel(
    runtime: OnnxRuntime,
    id: string,
    model: LoadedModel,
  ): Promise<OnnxReward> {
    const { layout, parameters, scalar, hash } = model;
    if (!scalar || layout.tokenHead)
      throw badFile('model.safetensors: score.weight', `${id} is no reward model`);
    const file = exportOnnx({ layout, parameters, scalar }, { sourceHash: hash });
    return new OnnxReward(await Decoder.open(runtime, file), id, model);
  }

  /**
   * One number at each completion token, given all tokens up to it: one list for each prompt.
   * @throws Cancelled when the signal fires; RangeError for a prompt without a token, for one that does not fit the positions with its completion, and for unknown tokens;
   * NonFinite
   */
  async values(request: ReadRequest): Promise<number[][]> {
    const { prompts, completions } = request;
    if (this.#closed) throw new RangeError(`${this.id} is closed`);
    if (completions.length !== prompts.length)
      throw new RangeError(`${completions.length} completions for ${prompts.length} prompts`);
    prompts.forEach((prompt, i) => {
      const all = [...prompt, ...completions[i]];
      if (prompt.length === 0) throw new RangeError('a prompt has no token');
      if (all.length > this.positions)
        throw new RangeError(`${all.length} tokens do not fit ${this.positions} positions`);
      const strange = all.find((id) => !(Number.isInteger(id) && id >= 0 && id < this.#tokens));
      if (strange !== undefined) throw new RangeError(`${strange} is no token of ${this.id}`);
    });
    try {
      return await valueBatches(this.#decoder, request);
    } catch (error) {
      throw this.#failure(error);
    }
  }

  /** Turns the runtime's own errors into errors with a kind and a remedy. */
  #failure(error: unknown): BatonError {
    if (error instanceof BatonError) return error;
    const known = error instanceof Error ? error : new Error(String(error));
    return new BatonError({
      kind: 'Internal',
      message: `The reward model ${this.id} failed: ${known.message.slice(0, 300)}`,
      remedy: 'Nothing was read with it. Choose another one, or a shorter trace.',
      ...(known.stack && { detail: known.stack }),
    });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    void this.#decoder.close().catch(() => undefined);
  }
}
