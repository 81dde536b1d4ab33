/**
 * Carries the queue out in this tab, one run after the other, through the lab that everybody sees. One tab does so at a time. What a person
 * does in the lab comes first: a run of theirs takes the place of the queue's, which goes on from its last checkpoint when the lab is free.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { toReport } from '../../errors.ts';
import type { Lab } from '../lab.ts';
import { presentGroup } from '../store/runs.ts';
import type { StoredRuns } from '../stored/stored-runs.ts';
import type { Job } from './queue.ts';
import type { QueueStore } from './queue-store.ts';

export interface RunnerState {
  /** Whether this tab is the one that runs the queue. */
  readonly mine: boolean;
  /** Another tab trains, so the queue waits. */
  readonly elsewhere: boolean;
}

export interface RunnerOptions {
  readonly lab: Lab;
  readonly queue: QueueStore;
  readonly stored: StoredRuns;
  /** Resolves once this tab may run the queue, which is for as long as it lives. */
  readonly right: () => Promise<void>;
  /** Resolves once no tab trains. */
  readonly free: () => Promise<void>;
}

export class QueueRunner {
  readonly store: StoreApi<RunnerState>;
  readonly #options: RunnerOptions;
  /** The lab's group that is the running job; null where the job has not been taken up in this tab. */
  #group: string | null = null;
  /** Whether the queue has halted its run. */
  #halted = false;
  #looking = false;
  #again = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.store = createStore<RunnerState>(() => ({ mine: false, elsewhere: false }));
  }

  /** Begins to watch, for as long as the page lives. */
  async begin(): Promise<void> {
    const { lab, queue, stored, right } = this.#options;
    // What the queue goes on with is not offered beside it.
    for (const job of queue.queue.jobs) if (job.stored !== null) stored.decline(job.stored);
    await right();
    this.store.setState({ mine: true });
    const look = () => void this.#look();
    lab.store.subscribe(look);
    queue.store.subscribe(look);
    stored.store.subscribe(look);
    look();
  }

  /** Takes the running job out of the queue: it stays in the list of runs as far as it came. */
  async stop(): Promise<void> {
    const { lab, queue } = this.#options;
    const { running } = queue.queue;
    if (running === null) return;
    const ours = this.#group !== null && lab.data.present === this.#group;
    this.#group = null;
    await queue.change({ type: 'end', id: running });
    if (ours) lab.reset();
  }

  /** One look at a time; what changes meanwhile is looked at again. */
  async #look(): Promise<void> {
    this.#again = true;
    if (this.#looking) return;
    this.#looking = true;
    while (this.#again) {
      this.#again = false;
      await this.#act();
    }
    this.#looking = false;
  }

  async #act(): Promise<void> {
    const { lab, queue } = this.#options;
    const { jobs, running, paused } = queue.queue;
    const [next] = jobs;
    if (!next || lab.data.adapter === null || this.store.getState().elsewhere) return;
    if (running !== null && this.#group !== null) await this.#follow(next);
    else if (!paused && (await this.#isFree(next))) await this.#carryOut(next);
  }

  /** Whether the lab is free for a job. A job of an earlier visit may still be held by the worker that had it. */
  async #isFree({ stored: id }: Job): Promise<boolean> {
    const { lab, stored } = this.#options;
    if (lab.live) return false;
    if (id === null) return true;
    const known = () => stored.store.getState().runs?.find((one) => one.id === id);
    // Another tab may have begun it after this one last looked.
    if (!known()) await stored.refresh();
    return !known()?.held;
  }

  /** Looks at the job that runs here. */
  async #follow({ id }: Job): Promise<void> {
    const { lab, queue } = this.#options;
    const { state, present, failure, halting } = lab.data;
    const end = async (why?: string) => {
      this.#group = null;
      await queue.change({ type: 'end', id, ...(why !== undefined && { why }) });
    };
    if (present !== this.#group || state === 'failed') {
      const report = failure?.report;
      this.#group = present === this.#group ? this.#group : null;
      if (report?.kind === 'Busy') await this.#waitForTab(id);
      else if (report) await end(report.message);
      else await this.#giveWay(id);
    } else if (state === 'finished') await end();
    else if (queue.queue.paused && !halting && state !== 'paused') {
      this.#halted = true;
      lab.pause();
    } else if (!queue.queue.paused && state === 'paused' && this.#halted) {
      this.#halted = false;
      lab.run();
    }
  }

  /** A person has put something else in its place, or has reset it, which pauses the queue. */
  async #giveWay(id: string): Promise<void> {
    const { lab, queue } = this.#options;
    const reset = presentGroup(lab.data) === undefined;
    this.#group = null;
    if (reset) await queue.change({ type: 'pause', on: true });
    await queue.change({ type: 'interrupt', id });
  }

  async #waitForTab(id: string): Promise<void> {
    const { lab, queue, free } = this.#options;
    this.#group = null;
    lab.dismissFailure();
    this.store.setState({ elsewhere: true });
    await queue.change({ type: 'interrupt', id });
    void free().then(() => {
      this.store.setState({ elsewhere: false });
      void this.#look();
    });
  }

  /** Starts a job, or goes on with one that is stored. */
  async #carryOut(job: Job): Promise<void> {
    const { lab, queue, stored } = this.#options;
    const { id, preset, name, experiment } = job;
    const found = stored.store.getState().runs?.find((one) => one.id === job.stored);
    if (found?.seal?.state === 'finished') {
      await queue.change({ type: 'begin', id, stored: job.stored });
      await queue.change({ type: 'end', id });
      return;
    }
    this.#halted = false;
    let folder = job.stored;
    try {
      if (found?.seal) lab.resume({ id: found.id, seal: found.seal });
      else
        folder = lab.start(
          { preset, title: name, runs: [{ label: name, experiment, apart: [] }] },
          { keep: 'always' },
        );
    } catch (error) {
      await queue.change({ type: 'begin', id, stored: job.stored });
      await queue.change({ type: 'end', id, why: toReport(error).message });
      return;
    }
    this.#group = lab.data.present;
    if (folder !== null) stored.decline(folder);
    await queue.change({ type: 'begin', id, stored: folder });
  }
}
