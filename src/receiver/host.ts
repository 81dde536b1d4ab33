/** The receivers' end of the wire: opens models in the ONNX runtime of its worker and lets them answer. */
import { badFile, toReport } from '../errors.ts';
import { loadModelFolder } from '../model/load.ts';
import type { SpecialIds } from '../model/tokenizer.ts';
import { inspectOnnx } from './inspect-onnx.ts';
import { jsonOf, tokenizerOf, wholeNumber } from './model-files.ts';
import { OnnxReceiver } from './onnx-receiver.ts';
import type { ReceiverCommand, ReceiverEvent, WorkerSource } from './protocol.ts';
import type { OnnxRuntime } from './runtime.ts';

/** Positions of a decoder whose files do not say how many it has, and the most that are believed. */
const POSITIONS = 2048;
const MOST_POSITIONS = 2 ** 18;

export interface HostOptions {
  readonly runtime: () => Promise<OnnxRuntime>;
  readonly post: (event: ReceiverEvent) => void;
}

interface Opened {
  readonly receiver: OnnxReceiver;
  readonly special: SpecialIds;
}

export class ReceiverHost {
  readonly #options: HostOptions;
  readonly #receivers = new Map<number, OnnxReceiver>();
  readonly #calls = new Map<number, AbortController>();
  #runtime: Promise<OnnxRuntime> | null = null;

  constructor(options: HostOptions) {
    this.#options = options;
  }

  async handle(command: ReceiverCommand): Promise<void> {
    if (command.type === 'cancel') {
      this.#calls.get(command.call)?.abort();
      return;
    }
    if (command.type === 'close') {
      this.#receivers.get(command.receiver)?.close();
      this.#receivers.delete(command.receiver);
      return;
    }
    const { call } = command;
    try {
      if (command.type === 'open') {
        const { receiver, special } = await this.#open(command.source);
        this.#receivers.set(call, receiver);
        this.#options.post({ type: 'opened', call, positions: receiver.positions, special });
      } else if (command.type === 'score') {
        const out = await this.#ask(command, (opened, signal) =>
          opened.logprobs({ ...command.request, signal }),
        );
        this.#options.post({ type: 'scored', call, out });
      } else {
        const out = await this.#ask(command, (opened, signal) =>
          opened.complete({ ...command.request, signal }),
        );
        this.#options.post({ type: 'completed', call, out });
      }
    } catch (error) {
      this.#options.post({ type: 'failed', call, error: toReport(error) });
    }
  }

  /** Asks a receiver what can be cancelled by the number of its call. */
  async #ask<T>(
    { call, receiver }: { readonly call: number; readonly receiver: number },
    work: (opened: OnnxReceiver, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const opened = this.#receivers.get(receiver);
    if (!opened) throw new RangeError('The receiver is closed');
    const stop = new AbortController();
    this.#calls.set(call, stop);
    try {
      return await work(opened, stop.signal);
    } finally {
      this.#calls.delete(call);
    }
  }

  #open(source: WorkerSource): Promise<Opened> {
    return source.kind === 'onnx' ? this.#openOnnx(source) : this.#openWeights(source);
  }

  async #openWeights({ id, files }: WorkerSource): Promise<Opened> {
    const model = await loadModelFolder(async (name) => files.get(name) ?? null);
    const { bos_token_id, eos_token_id, pad_token_id } = model.config;
    const receiver = await OnnxReceiver.fromModel(await this.#started(), id, model);
    return { receiver, special: { bos_token_id, eos_token_id, pad_token_id } };
  }

  /** Everything is checked before the runtime is started and sees the file. */
  async #openOnnx({ id, file, files }: WorkerSource & { kind: 'onnx' }): Promise<Opened> {
    const decoder = inspectOnnx(file);
    const config = jsonOf(files, 'config.json');
    const settings = jsonOf(files, 'tokenizer_config.json');
    const special = {
      bos_token_id: wholeNumber(config, 'bos_token_id'),
      eos_token_id: wholeNumber(config, 'eos_token_id'),
      pad_token_id: wholeNumber(config, 'pad_token_id'),
    };
    const tokenizer = tokenizerOf(files, special);
    if (tokenizer.vocabSize > decoder.vocabulary) {
      throw badFile(
        'tokenizer.json',
        `tokenizer.json has ids up to ${tokenizer.vocabSize - 1}, the model only ${decoder.vocabulary} tokens`,
      );
    }
    const stated =
      wholeNumber(config, 'max_position_embeddings') ?? wholeNumber(settings, 'model_max_length');
    const believed = stated !== null && stated >= 2 && stated <= MOST_POSITIONS;
    const receiver = await OnnxReceiver.create(await this.#started(), {
      id,
      file,
      tokenizer,
      positions: believed ? stated : POSITIONS,
      eosId: tokenizer.eosId,
    });
    return { receiver, special };
  }

  #started(): Promise<OnnxRuntime> {
    this.#runtime ??= this.#options.runtime();
    return this.#runtime;
  }
}
