/** The worker's side of the receivers' protocol: opens models in the worker's ONNX runtime and answers calls to them. */
import { toReport } from '../errors.ts';
import { loadModelFolder } from '../model/load.ts';
import { OnnxReceiver } from './onnx-receiver.ts';
import { type Opened, openOwn } from './open-own.ts';
import type { ReceiverCommand, ReceiverEvent, WorkerSource } from './protocol.ts';
import type { OnnxRuntime } from './runtime.ts';

export interface HostOptions {
  readonly runtime: () => Promise<OnnxRuntime>;
  readonly post: (event: ReceiverEvent) => void;
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

  /** Makes a call to a receiver that can be cancelled by its number. */
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
    return source.kind === 'onnx'
      ? openOwn(source, () => this.#started())
      : this.#openWeights(source);
  }

  async #openWeights({ id, files }: WorkerSource): Promise<Opened> {
    const model = await loadModelFolder(async (name) => files.get(name) ?? null);
    const { bos_token_id, eos_token_id, pad_token_id } = model.config;
    const receiver = await OnnxReceiver.fromModel(await this.#started(), id, model);
    return { receiver, special: { bos_token_id, eos_token_id, pad_token_id } };
  }

  #started(): Promise<OnnxRuntime> {
    this.#runtime ??= this.#options.runtime();
    return this.#runtime;
  }
}
