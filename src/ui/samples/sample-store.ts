import { staysAtAge } from '../../lab/archive.ts';
import type { SampleGroup } from '../../rl/records.ts';

/** All groups of this many last logged steps are kept. */
export const RECENT_STEPS = 50;

/** What the budget has cost so far. */
export interface Dropped {
  /** Logged steps whose samples are gone. */
  readonly steps: number;
  /** Groups that went with them. */
  readonly groups: number;
}

interface Logged {
  /** Which logged step this was, counted from 0 and never reused. */
  readonly ordinal: number;
  readonly step: number;
  readonly groups: readonly SampleGroup[];
}

/**
 * The samples of one run, within a stated budget: every group of the last 50 logged steps, and before them an archive
 * that is denser near the present: among logged steps of age 50 to 100 every second, of age 100 to 200 every fourth,
 * and so on, so about 25 for every doubling of age; the first logged step always stays. A run of 1,000 steps keeps about
 * 160 of them.
 */
export class SampleStore {
  #kept: Logged[] = [];
  #next = 0;
  #dropped: Dropped = { steps: 0, groups: 0 };
  #version = 0;
  #listeners = new Set<() => void>();

  /** Grows with every change. */
  get version(): number {
    return this.#version;
  }

  /** What is no longer here, because of the budget. */
  get dropped(): Dropped {
    return this.#dropped;
  }

  /** The steps whose samples are kept, ascending. */
  steps(): readonly number[] {
    return this.#kept.map((logged) => logged.step);
  }

  /** The groups of a step; empty where the step was not logged or has been dropped. */
  at(step: number): readonly SampleGroup[] {
    return this.#kept.find((logged) => logged.step === step)?.groups ?? NONE;
  }

  /** Is told after every change; the answer takes the listener away again. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Adds the groups of one step. A step that is not above the last one replaces everything from there on. */
  push(groups: readonly SampleGroup[]): void {
    const first = groups[0];
    if (!first) return;
    while ((this.#kept.at(-1)?.step ?? Number.NEGATIVE_INFINITY) >= first.step) this.#kept.pop();
    this.#kept.push({ ordinal: this.#next, step: first.step, groups });
    this.#next += 1;
    this.#thin();
    this.#changed();
  }

  /** Forgets everything, as after a reset. */
  clear(): void {
    this.#kept = [];
    this.#next = 0;
    this.#dropped = { steps: 0, groups: 0 };
    this.#changed();
  }

  #thin(): void {
    const kept = this.#kept.filter((logged) =>
      staysAtAge(logged.ordinal, this.#next - 1 - logged.ordinal, RECENT_STEPS),
    );
    if (kept.length === this.#kept.length) return;
    const gone = this.#kept.filter((logged) => !kept.includes(logged));
    this.#dropped = {
      steps: this.#dropped.steps + gone.length,
      groups: this.#dropped.groups + gone.reduce((sum, logged) => sum + logged.groups.length, 0),
    };
    this.#kept = kept;
  }

  #changed(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}

const NONE: readonly SampleGroup[] = Object.freeze([]);
