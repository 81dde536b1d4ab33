/** The sweep of the page: one file, kept between visits, and the plan that follows from it. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { badFile, type ErrorReport, toReport } from '../../errors.ts';
import { type Plan, planSweep } from '../../lab/sweep/sweep.ts';
import type { TextStorage } from '../store/preferences.ts';
import { readSweepText } from './sweep-draft.ts';
import { fitting } from './sweep-fit.ts';

const KEY = 'baton.sweep';

/** Most runs of a sweep in the page; more are for the command line. */
export const MOST_PAGE_RUNS = 100;

/** @throws BatonError BadFile for a sweep without runs, or with too many for a page */
function checkSize({ runs, impossible }: Plan): void {
  if (runs.length === 0) {
    const why = impossible[0]?.why ?? 'it has none';
    throw badFile('grid', `No combination of the sweep can be run: ${why}`, 'Nothing was changed.');
  }
  if (runs.length <= MOST_PAGE_RUNS) return;
  throw badFile(
    'grid',
    `The sweep has ${runs.length} runs, and a page runs at most ${MOST_PAGE_RUNS}`,
    'Nothing was changed. Leave some out, or run the file with lab sweep.',
  );
}

export interface SweepState {
  /** The file; null where there is none. */
  readonly text: string | null;
  readonly plan: Plan | null;
  readonly problem: ErrorReport | null;
}

export class SweepStore {
  readonly store: StoreApi<SweepState>;
  readonly #storage: TextStorage | null;

  constructor(storage: TextStorage | null) {
    this.#storage = storage;
    this.store = createStore<SweepState>(() => ({ text: null, plan: null, problem: null }));
    let kept: string | null = null;
    try {
      kept = storage?.getItem(KEY) ?? null;
    } catch {
      // Then there is no sweep of an earlier visit.
    }
    if (kept) void this.take(kept);
  }

  /** Takes a file as the sweep; one that is none is named, and changes nothing. @returns whether it was taken */
  async take(text: string): Promise<boolean> {
    try {
      const plan = fitting(await planSweep(readSweepText(text)));
      checkSize(plan);
      this.store.setState({ text, plan, problem: null });
      this.#keep(text);
      return true;
    } catch (error) {
      this.store.setState({ problem: toReport(error) });
      return false;
    }
  }

  /** Forgets it; its runs stay. */
  clear(): void {
    this.store.setState({ text: null, plan: null, problem: null });
    this.#keep('');
  }

  dismiss(): void {
    this.store.setState({ problem: null });
  }

  #keep(text: string): void {
    try {
      this.#storage?.setItem(KEY, text);
    } catch {
      // A full storage keeps the sweep for this visit.
    }
  }
}
