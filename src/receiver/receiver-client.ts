/**
 * Receivers in a worker of their own, so that they can compute on the CPU while the GPU trains, and nothing else waits. The worker
 * starts with the first receiver and ends with the last one, because a WebAssembly memory never shrinks.
 */
import { BatonError, type ErrorReport } from '../errors.ts';
import type { Generated } from '../model/generate.ts';
import type { FileReader } from '../model/load.ts';
import type { Receiver, ReceiverRequest } from '../model/receiver.ts';
import type { Tokenizer } from '../model/tokenizer.ts';
import { jsonOf, tokenizerOf } from './model-files.ts';
import type {
  ModelFiles,
  ReceiverCommand,
  ReceiverEvent,
  WeightsSource,
  WorkerSource,
} from './protocol.ts';
import type { ReadRequest, ScoreRequest, Scorer } from './score-batch.ts';

interface BundledSource {
  readonly kind: 'bundled';
  readonly id: string;
}

/** A bundled model by its folder, or a source that is passed to the worker as it is. */
export type ReceiverSource = BundledSource | WorkerSource;

/** The same of a reward model. */
export type RewardSource = BundledSource | WeightsSource;

/** The part of `Worker` that is used, so that tests can replace it. */
export interface ReceiverWorkerLike {
  postMessage(message: ReceiverCommand): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<ReceiverEvent>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

export interface ReceiverClientOptions {
  readonly spawn: () => ReceiverWorkerLike;
  /** The backend of the worker; the CPU if left out. */
  readonly backend?: Receiver['backend'];
  /** Reads the files of a bundled model, as for `loadModelFolder`. */
  readonly read: (id: string) => FileReader;
  /** Milliseconds that opening a model may take, and that a worker may take to stop when asked. */
  readonly patience?: { readonly open: number; readonly stop: number };
}

/** A receiver that can also say how likely given text is. */
export type ScoringReceiver = Receiver & Scorer;

/** A reward model that reads given text. */
export interface RewardReader {
  readonly id: string;
  readonly tokenizer: Tokenizer;
  /** Longest sequence, prompt and completion. */
  readonly positions: number;
  /** The parsed config.json, which says how its numbers become rewards. */
  readonly config: unknown;
  /**
   * What it says at every completion token: one list for each prompt.
   * @throws Cancelled when the signal fires; RangeError if a prompt and its completion exceed the positions; NonFinite
   */
  values(request: ReadRequest): Promise<number[][]>;
  /** Frees its memory; it cannot be used afterwards. */
  close(): void;
}

interface Call {
  readonly resolve: (event: ReceiverEvent) => void;
  readonly reject: (error: BatonError) => void;
}

const FILES = ['config.json', 'model.safetensors', 'tokenizer.json', 'tokenizer_config.json'];
const PATIENCE = { open: 120_000, stop: 5_000 };

export class ReceiverClient {
  readonly #options: ReceiverClientOptions;
  readonly #calls = new Map<number, Call>();
  readonly #open = new Set<number>();
  #worker: ReceiverWorkerLike | null = null;
  #numbers = 0;

  constructor(options: ReceiverClientOptions) {
    this.#options = options;
  }

  /** Opens a receiver; several may be open at once. @throws what is wrong with the model's files or the worker */
  async open(source: ReceiverSource): Promise<ScoringReceiver> {
    const ready = source.kind === 'bundled' ? await this.#readBundled(source.id) : source;
    const { call, ...opened } = await this.#opened(ready, (call) => ({
      ...{ type: 'open', call, source: ready },
    }));
    return this.#receiver(call, source.id, opened.tokenizer, opened.positions);
  }

  /** Opens a reward model. @throws what is wrong with the model's files or the worker */
  async openReward(given: RewardSource): Promise<RewardReader> {
    const source = given.kind === 'bundled' ? await this.#readBundled(given.id) : given;
    const { id } = source;
    const { call, tokenizer, positions } = await this.#opened(source, (call) => ({
      ...{ type: 'open-reward', call, source },
    }));
    return {
      ...{ id, tokenizer, positions, config: jsonOf(source.files, 'config.json') },
      values: (request) => this.#values(call, request),
      close: () => this.#release(call),
    };
  }

  async #opened(
    source: WorkerSource,
    commandOf: (call: number) => ReceiverCommand & { call: number },
  ): Promise<{ call: number; tokenizer: Tokenizer; positions: number }> {
    const call = this.#next();
    const patience = this.#options.patience ?? PATIENCE;
    const late = setTimeout(
      () => this.#end(slow(`${source.id} could not be opened in ${patience.open / 1000} s`)),
      patience.open,
    );
    // Counted from here on, so that closing another receiver meanwhile does not end the worker.
    this.#open.add(call);
    try {
      const event = await this.#ask(commandOf(call));
      if (event.type !== 'opened') throw new RangeError(`${event.type} answers open`);
      const tokenizer = tokenizerOf(source.files, event.special);
      return { call, tokenizer, positions: event.positions };
    } catch (error) {
      this.#release(call);
      throw error;
    } finally {
      clearTimeout(late);
    }
  }

  /** Ends the worker with all its receivers; calls in progress reject. A later `open` starts a new one. */
  terminate(): void {
    this.#end({
      kind: 'Cancelled',
      message: 'The receivers were ended',
      remedy: 'Nothing was lost.',
    });
  }

  async #readBundled(id: string): Promise<WeightsSource> {
    const read = this.#options.read(id);
    const files = new Map<string, Uint8Array>();
    for (const name of FILES) {
      const bytes = await read(name);
      if (bytes) files.set(name, bytes);
    }
    return { kind: 'weights', id, files };
  }

  #receiver(number: number, id: string, tokenizer: Tokenizer, positions: number): ScoringReceiver {
    return {
      id,
      backend: this.#options.backend ?? 'onnx',
      tokenizer,
      positions,
      complete: (request) => this.#complete(number, request),
      logprobs: (request) => this.#score(number, request),
      close: () => this.#release(number),
    };
  }

  async #complete(receiver: number, { signal, ...request }: ReceiverRequest): Promise<Generated[]> {
    const event = await this.#request(receiver, signal, (call) => ({
      type: 'complete',
      call,
      receiver,
      request,
    }));
    if (event.type !== 'completed') throw new RangeError(`${event.type} answers complete`);
    return [...event.out];
  }

  async #score(receiver: number, { signal, ...request }: ScoreRequest): Promise<number[][]> {
    const event = await this.#request(receiver, signal, (call) => ({
      type: 'score',
      call,
      receiver,
      request,
    }));
    if (event.type !== 'scored') throw new RangeError(`${event.type} answers score`);
    return event.out.map((row) => [...row]);
  }

  async #values(receiver: number, { signal, ...request }: ReadRequest): Promise<number[][]> {
    const event = await this.#request(receiver, signal, (call) => ({
      type: 'value',
      call,
      receiver,
      request,
    }));
    if (event.type !== 'scored') throw new RangeError(`${event.type} answers value`);
    return event.out.map((row) => [...row]);
  }

  /** Makes a call to an open receiver that can be cancelled. */
  async #request(
    receiver: number,
    signal: AbortSignal | undefined,
    commandOf: (call: number) => ReceiverCommand & { call: number },
  ): Promise<ReceiverEvent> {
    if (!this.#open.has(receiver)) throw closed();
    if (signal?.aborted) throw new BatonError(stopped());
    const call = this.#next();
    const answer = this.#ask(commandOf(call));
    let late: ReturnType<typeof setTimeout> | undefined;
    const stop = () => {
      this.#post({ type: 'cancel', call });
      const { stop: wait } = this.#options.patience ?? PATIENCE;
      late = setTimeout(
        () => this.#end(slow('A receiver did not stop when it was asked to')),
        wait,
      );
    };
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const event = await answer;
      // The answer and the cancellation may cross. A caller that has cancelled gets `Cancelled`, whichever came first.
      if (signal?.aborted) throw new BatonError(stopped());
      return event;
    } finally {
      signal?.removeEventListener('abort', stop);
      clearTimeout(late);
    }
  }

  #release(receiver: number): void {
    if (!this.#open.delete(receiver)) return;
    if (this.#open.size === 0) this.#end(stopped());
    else this.#post({ type: 'close', receiver });
  }

  #next(): number {
    this.#numbers += 1;
    return this.#numbers;
  }

  #ask(command: ReceiverCommand & { call: number }): Promise<ReceiverEvent> {
    return new Promise((resolve, reject) => {
      this.#calls.set(command.call, { resolve, reject });
      this.#worker ??= this.#spawn();
      this.#post(command);
    });
  }

  #post(command: ReceiverCommand): void {
    this.#worker?.postMessage(command);
  }

  #spawn(): ReceiverWorkerLike {
    const worker = this.#options.spawn();
    worker.onmessage = ({ data }) => {
      const call = this.#calls.get(data.call);
      this.#calls.delete(data.call);
      if (data.type === 'failed') call?.reject(new BatonError(data.error));
      else call?.resolve(data);
    };
    worker.onerror = (event) => {
      event.preventDefault?.();
      this.#end({
        kind: 'Internal',
        message: 'The receivers’ worker stopped',
        remedy: 'Nothing was scored. Open the receiver again, or choose a smaller one.',
        detail: event.message,
      });
    };
    return worker;
  }

  /** Ends the worker and rejects all calls that wait for it, with the reason. */
  #end(why: ErrorReport): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#open.clear();
    const waiting = [...this.#calls.values()];
    this.#calls.clear();
    for (const call of waiting) call.reject(new BatonError(why));
  }
}

function stopped(): ErrorReport {
  return { kind: 'Cancelled', message: 'The receiver was stopped', remedy: 'Nothing was lost.' };
}

function closed(): BatonError {
  return new BatonError({
    kind: 'Internal',
    message: 'The receiver is closed',
    remedy: 'Nothing was scored. Open it again.',
  });
}

function slow(message: string): ErrorReport {
  return {
    kind: 'Internal',
    message,
    remedy: 'Its worker was ended; nothing was scored. Choose a smaller receiver.',
  };
}

/** The files of a model in memory, for a `weights` source. */
export function filesOf(files: Readonly<Record<string, Uint8Array | undefined>>): ModelFiles {
  const present = new Map<string, Uint8Array>();
  for (const [name, bytes] of Object.entries(files)) if (bytes) present.set(name, bytes);
  return present;
}
