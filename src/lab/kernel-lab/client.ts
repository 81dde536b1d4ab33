/**
 * The page's end of the wire to the kernel laboratory. A question that takes too long ends the worker, and with it the device that the
 * question ran on; the next question starts a fresh one.
 */
import { BatonError, toReport } from '../../errors.ts';
import type { Advance, Answered, Asked, QuestionOf, Talk } from './protocol.ts';

/** The part of `Worker` that is used. */
export interface KernelWorkerLike {
  postMessage(message: Asked): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<Answered>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
}

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: BatonError) => void;
  readonly limitMs: number;
  readonly onAdvance: (advance: Advance) => void;
  timer: ReturnType<typeof setTimeout>;
}

export class KernelLabClient {
  readonly #spawn: () => KernelWorkerLike;
  #worker: KernelWorkerLike | null = null;
  #asked = 0;
  readonly #waiting = new Map<number, Waiting>();

  constructor(spawn: () => KernelWorkerLike) {
    this.#spawn = spawn;
  }

  /**
   * @param limitMs the worker is ended after so long without a sign of life; everything else that was asked of it fails too
   * @throws BatonError: what went wrong in the worker, or `Cancelled` where it was ended
   */
  ask<K extends keyof Talk>(
    question: QuestionOf<K>,
    limitMs: number,
    onAdvance: (advance: Advance) => void = () => undefined,
  ): Promise<Talk[K]['answer']> {
    return new Promise((resolve, reject) => {
      this.#asked += 1;
      const id = this.#asked;
      const timer = this.#timer(limitMs);
      this.#waiting.set(id, { resolve, reject, limitMs, onAdvance, timer });
      try {
        this.#worker ??= this.#start();
        this.#worker.postMessage({ id, question } as Asked);
      } catch (error) {
        this.#end(new BatonError(toReport(error)));
      }
    });
  }

  /** Ends the worker and its device; whatever was asked fails as `Cancelled`. */
  stop(): void {
    this.#end(
      new BatonError({
        kind: 'Cancelled',
        message: 'The kernel laboratory was stopped',
        remedy: 'The lab’s own run was not touched. Ask again to start it anew.',
      }),
    );
  }

  #timer(limitMs: number): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.#end(tooLong(limitMs)), limitMs);
  }

  #start(): KernelWorkerLike {
    const worker = this.#spawn();
    worker.onmessage = ({ data }) => this.#receive(data);
    worker.onerror = (event) => {
      event.preventDefault?.();
      this.#end(
        new BatonError({
          kind: 'Internal',
          message: 'The kernel laboratory’s worker failed',
          remedy: 'The lab’s own run was not touched. Ask again to start it anew.',
          detail: event.message,
        }),
      );
    };
    return worker;
  }

  #receive(answered: Answered): void {
    const waiting = this.#waiting.get(answered.id);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    if ('advance' in answered) {
      waiting.timer = this.#timer(waiting.limitMs);
      waiting.onAdvance(answered.advance);
      return;
    }
    this.#waiting.delete(answered.id);
    if (answered.ok) {
      waiting.resolve(answered.answer as never);
      return;
    }
    const error = new BatonError(answered.error);
    waiting.reject(error);
    // A device that failed stays failed; the next question gets another.
    if (['DeviceLost', 'GpuError', 'OutOfMemory', 'NoWebGpu'].includes(error.kind))
      this.#end(error);
  }

  #end(error: BatonError): void {
    if (this.#worker) {
      this.#worker.onmessage = null;
      this.#worker.onerror = null;
      this.#worker.terminate();
      this.#worker = null;
    }
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#waiting.clear();
  }
}

function tooLong(limitMs: number): BatonError {
  return new BatonError({
    kind: 'Cancelled',
    message: `It was ended after ${Math.round(limitMs / 1000)} s without a sign of life`,
    remedy:
      'Its worker and its device are gone; the lab’s own run was not touched. The next attempt starts a fresh device.',
  });
}
