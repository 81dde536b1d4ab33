/** The worker's side of the receivers' protocol: opens models in the worker's ONNX runtime and answers calls to them. */
import { toReport } from '../errors.ts';
import { type LoadedModel, loadModelFolder } from '../model/load.ts';
import type { SpecialIds } from '../model/tokenizer.ts';
import { OnnxReceiver } from './onnx-receiver.ts';
import { OnnxReward } from './onnx-reward.ts';
import { type Opened, openOwn } from './open-own.ts';
import type { ReceiverCommand, ReceiverEvent, WeightsSource, WorkerSource } from './protocol.ts';
import type { OnnxRuntime } from './runtime.ts';

export interface HostOptions {
  readonly runtime: () => Promise<OnnxRuntime>;
  readonly post: (event: ReceiverEvent) => void;
}

export class ReceiverHost {
  readonly #options: HostOptions;
  readonly #receivers = new Map<number, OnnxReceiver>();
  readonly #rewards = new Map<number, OnnxReward>();
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
      for (const opened of [this.#receivers, this.#rewards]) {
        opened.get(command.receiver)?.close();
        opened.delete(command.receiver);
      }
      return;
    }
    const { call } = command;
    try {
      if (command.type === 'open') {
        const { receiver, special } = await this.#open(command.source);
        this.#receivers.set(call, receiver);
        this.#options.post({ type: 'opened', call, positions: receiver.positions, special });
      } else if (command.type === 'open-reward') {
        const { reward, special } = await this.#openReward(command.source);
        this.#rewards.set(call, reward);
        this.#options.post({ type: 'opened', call, positions: reward.positions, special });
      } else if (command.type === 'value') {
        const out = await this.#ask(this.#rewards, command, (opened, signal) =>
          opened.values({ ...command.request, signal }),
        );
        this.#options.post({ type: 'scored', call, out });
      } else if (command.type === 'score') {
        const out = await this.#ask(this.#receivers, command, (opened, signal) =>
          opened.logprobs({ ...command.request, signal }),
        );
        this.#options.post({ type: 'scored', call, out });
      } else {
        const out = await this.#ask(this.#receivers, command, (opened, signal) =>
          opened.complete({ ...command.request, signal }),
        );
        this.#options.post({ type: 'completed', call, out });
      }
    } catch (error) {
      this.#options.post({ type: 'failed', call, error: toReport(error) });
    }
  }

  /** Makes a call to a receiver or a reward model that can be cancelled by its number. */
  async #ask<M, T>(
    all: ReadonlyMap<number, M>,
    { call, receiver }: { readonly call: number; readonly receiver: number },
    work: (opened: M, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const opened = all.get(receiver);
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

  async #openWeights({ id, files }: WeightsSource): Promise<Opened> {
    const model = await loadModelFolder(async (name) => files.get(name) ?? null);
    const receiver = await OnnxReceiver.fromModel(await this.#started(), id, model);
    return { receiver, special: specialOf(model) };
  }

  async #openReward({ id, files }: WeightsSource) {
    const model = await loadModelFolder(async (name) => files.get(name) ?? null, { scalar: true });
    const reward = await OnnxReward.fromModel(await this.#started(), id, model);
    return { reward, special: specialOf(model) };
  }

  #started(): Promise<OnnxRuntime> {
    this.#runtime ??= this.#options.runtime();
    return this.#runtime;
  }
}

function specialOf({ config }: LoadedModel): SpecialIds {
  const { bos_token_id, eos_token_id, pad_token_id } = config;
  return { bos_token_id, eos_token_id, pad_token_id };
}
