/**
 * Keeps one group of runs in the browser's storage while it goes on. The loop hands over a moment at a step boundary and does not
 * wait: one write is under way at a time, and of the moments that come meanwhile only the newest is written. What cannot be written
 * never stops a run; the page is told, and the next moment tries again.
 */
import { toReport } from '../errors.ts';
import type { Keep, LabEvent, RunGroup } from './protocol.ts';
import type { RunLog } from './run-store/run-log.ts';
import type { Moment, SealWriter } from './run-store/seal-writer.ts';
import { storageError } from './run-store/storage-error.ts';

/** What a keeper needs from its surroundings. */
interface KeeperOptions {
  readonly group: RunGroup & { readonly keep: Keep };
  readonly writer: SealWriter;
  /** By run. */
  readonly logs: ReadonlyMap<string, RunLog>;
  readonly post: (event: LabEvent) => void;
  /** Milliseconds. */
  readonly clock: () => number;
  /** Gives back the right to write. */
  readonly release: () => void;
}

export class Keeper {
  readonly #options: KeeperOptions;
  #waiting: Moment | null = null;
  #writing: Promise<void> | null = null;
  #ended = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  get groupId(): string {
    return this.#options.group.groupId;
  }

  /** Steps between checkpoints. */
  get every(): number {
    return this.#options.group.keep.every;
  }

  log(runId: string): RunLog | undefined {
    return this.#options.logs.get(runId);
  }

  /** Hears everything that is posted. */
  note(event: LabEvent): void {
    if ('runId' in event && event.runId !== null) this.log(event.runId)?.note(event);
  }

  /** Takes a moment to be written, in place of one that waits. */
  keep(moment: Moment): void {
    if (this.#ended) return;
    this.#waiting = moment;
    this.#writing ??= this.#write();
  }

  /**
   * Says on the shelf, after what is under way, that the group stands still at a failure that would come again: a later visit does not offer it by
   * itself. Once it goes on, the next moment says so.
   */
  rest(): void {
    if (this.#ended) return;
    const { writer } = this.#options;
    const before = this.#writing ?? Promise.resolve();
    this.#writing = before
      .then(() => (writer.latest?.state === 'open' ? writer.end('stopped') : undefined))
      // Then it stays open on the shelf, and is offered.
      .catch(() => undefined)
      .then(() => this.#write());
  }

  /**
   * Writes what is under way, and gives back the right to write. Nothing is taken after it.
   * @param stopped whether the group was ended where it stands; otherwise the store says nothing of the end
   */
  async end(stopped = true): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    const { writer, release } = this.#options;
    try {
      await this.#writing;
      if (stopped && writer.latest?.state === 'open') await writer.end('stopped');
    } catch {
      // It stays open on the shelf, and can be resumed.
    } finally {
      release();
    }
  }

  async #write(): Promise<void> {
    const { group, writer, post, clock } = this.#options;
    const { groupId } = group;
    for (let moment = this.#next(); moment; moment = this.#next()) {
      const from = clock();
      try {
        const bytes = await writer.write(moment);
        const step = Math.max(...moment.runs.map((run) => run.step));
        post({ type: 'kept', groupId, step, bytes, seconds: (clock() - from) / 1000 });
      } catch (error) {
        post({ type: 'not-kept', groupId, error: toReport(storageError(error)) });
      }
    }
    this.#writing = null;
  }

  #next(): Moment | null {
    const moment = this.#waiting;
    this.#waiting = null;
    return moment;
  }
}
