/**
 * The models that the microscopes have open: each is opened once however many ask for it, and is given back when nobody needs
 * it any more or it has failed. Bundled models, the lab's policy and a person's own are alike here.
 */
import { BatonError, type ErrorReport, toReport } from '../../errors.ts';
import type { RewardReader, ScoringReceiver } from '../../receiver/receiver-client.ts';
import type { ModelRef } from './models.ts';

/** A model that completes and scores token sequences, wherever it computes. */
export type Model = ScoringReceiver;

/** Opens a model; the signal says that it is wanted no longer. @throws BadFile, BadConfig, OutOfMemory and the like */
export type Open<M> = (ref: ModelRef, signal: AbortSignal) => Promise<M>;
export type OpenModel = Open<Model>;
export type OpenReward = Open<RewardReader>;

interface Opened<M> {
  readonly model: Promise<M>;
  readonly abort: AbortController;
}

export class ModelSession<M extends { close(): void } = Model> {
  readonly #openModel: Open<M>;
  readonly #opened = new Map<string, Opened<M>>();
  readonly #needed = new Map<object, readonly string[]>();

  constructor(openModel: Open<M>) {
    this.#openModel = openModel;
  }

  /** Whether a model is open, or being opened. */
  has({ key }: ModelRef): boolean {
    return this.#opened.has(key);
  }

  /** Says which models somebody needs from now on, by key. Those that nobody needs are given back. */
  need(who: object, keys: readonly string[]): void {
    this.#needed.set(who, keys);
    const needed = new Set([...this.#needed.values()].flat());
    for (const key of [...this.#opened.keys()]) if (!needed.has(key)) this.#giveBack(key);
  }

  /**
   * Does some work with a model, opening it where it is not. A model that fails is given back, so that another try opens it
   * anew.
   * @returns what went wrong; null where the work was done or is wanted no longer
   */
  async use(
    ref: ModelRef,
    signal: AbortSignal,
    work: (model: M) => Promise<void>,
  ): Promise<ErrorReport | null> {
    try {
      const model = await this.#open(ref);
      if (!signal.aborted) await work(model);
      return null;
    } catch (error) {
      if (signal.aborted || (error instanceof BatonError && error.kind === 'Cancelled'))
        return null;
      this.#giveBack(ref.key);
      return toReport(error);
    }
  }

  /** Gives back every model. */
  close(): void {
    for (const key of [...this.#opened.keys()]) this.#giveBack(key);
  }

  #open(ref: ModelRef): Promise<M> {
    const known = this.#opened.get(ref.key);
    if (known) return known.model;
    const abort = new AbortController();
    const model = this.#openModel(ref, abort.signal);
    this.#opened.set(ref.key, { model, abort });
    // Whoever waits for it is told of a failure; here it must only not count as unhandled.
    model.catch(() => undefined);
    return model;
  }

  #giveBack(key: string): void {
    const opened = this.#opened.get(key);
    if (!opened) return;
    this.#opened.delete(key);
    opened.abort.abort();
    opened.model.then(
      (model) => model.close(),
      () => undefined,
    );
  }
}
