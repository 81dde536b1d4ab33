/** The queue as this browser keeps it: every tab sees the same one, and changes it one at a time. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type ErrorReport, toReport } from '../../errors.ts';
import type { TextStorage } from '../store/preferences.ts';
import {
  NO_QUEUE,
  parseQueue,
  type Queue,
  type QueueAction,
  queueText,
  reduceQueue,
} from './queue.ts';

export const QUEUE_KEY = 'baton.queue';
/** Where a queue goes that cannot be read. */
const REFUSED_KEY = 'baton.queue.refused';

export interface QueueState {
  readonly queue: Queue;
  /** Why it could not be read or kept; null where it was. */
  readonly problem: ErrorReport | null;
}

export class QueueStore {
  readonly store: StoreApi<QueueState>;
  readonly #storage: TextStorage | null;
  readonly #alone: <T>(work: () => Promise<T>) => Promise<T>;

  /**
   * @param storage null where the browser keeps nothing; the queue then ends with its tab
   * @param alone does some work while no other tab changes the queue
   */
  constructor(storage: TextStorage | null, alone: <T>(work: () => Promise<T>) => Promise<T>) {
    this.#storage = storage;
    this.#alone = alone;
    this.store = createStore<QueueState>(() => ({ queue: NO_QUEUE, problem: null }));
    this.reload();
  }

  get queue(): Queue {
    return this.store.getState().queue;
  }

  /** Reads what another tab has written. */
  reload(): void {
    if (!this.#storage) return;
    try {
      this.store.setState({ queue: parseQueue(this.#storage.getItem(QUEUE_KEY)) });
    } catch (error) {
      this.#refuse(toReport(error));
    }
  }

  /** Changes the queue as it stands in the storage, whichever tab changed it last. */
  async change(action: QueueAction): Promise<void> {
    await this.#alone(async () => {
      this.reload();
      const before = this.queue;
      const queue = reduceQueue(before, action);
      if (queue === before) return;
      this.store.setState({ queue });
      try {
        this.#storage?.setItem(QUEUE_KEY, queueText(queue));
      } catch {
        const problem: ErrorReport = {
          kind: 'Storage',
          message: 'The queue could not be kept in this browser',
          remedy: 'It goes on in this tab, and ends with it. Take some runs out of the queue.',
        };
        this.store.setState({ problem });
      }
    });
  }

  dismiss(): void {
    this.store.setState({ problem: null });
  }

  #refuse(problem: ErrorReport): void {
    this.store.setState({ queue: NO_QUEUE, problem });
    try {
      const kept = this.#storage?.getItem(QUEUE_KEY) ?? '';
      this.#storage?.setItem(REFUSED_KEY, kept);
      this.#storage?.setItem(QUEUE_KEY, queueText(NO_QUEUE));
    } catch {
      // It is refused again on the next visit.
    }
  }
}
