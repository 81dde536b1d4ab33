import { create } from 'zustand';
import type { Reading } from '../../rl/airl/granularity.ts';
import { scrub } from '../charts/cursor-store.ts';
import { ANYTHING, findGroups, type Wish } from './find.ts';
import type { SampleStore } from './sample-store.ts';

/** How the samples are looked at; which step is the cursor's. */
export interface SampleViewState {
  /** Place of the question among those of the step that fit the wish. */
  readonly question: number;
  readonly wish: Wish;
  /** The question that is followed over all steps, by its key (find.ts). */
  readonly followed: string | null;
  /** Answers stand beside those of another step: which one, or null for the first that asked the question. */
  readonly compare: { readonly step: number | null } | null;
  /** The token number that tokens are coloured by, once somebody has chosen it. */
  readonly mode?: string;
  /** Tokens and numbers as tables instead of coloured text. */
  readonly table: boolean;
  /** How a learned reward is read, once somebody has chosen it; null as in the run. */
  readonly reading: Reading | null;
  setMode(mode: string): void;
  setReading(reading: Reading | null): void;
  setTable(table: boolean): void;
  setQuestion(question: number): void;
  /** A question of a step by its place among all of them, whatever was looked for before. */
  openQuestion(question: number): void;
  setWish(wish: Partial<Wish>): void;
  setFollowed(followed: string | null): void;
  setCompare(compare: SampleViewState['compare']): void;
}

export const useSampleView = create<SampleViewState>()((set) => ({
  question: 0,
  wish: ANYTHING,
  followed: null,
  compare: null,
  table: false,
  reading: null,
  setMode: (mode) => set({ mode }),
  setReading: (reading) => set({ reading }),
  setTable: (table) => set({ table }),
  setQuestion: (question) => set({ question }),
  openQuestion: (question) => set({ question, wish: ANYTHING, followed: null }),
  setWish: (wish) => set((old) => ({ wish: { ...old.wish, ...wish }, question: 0 })),
  setFollowed: (followed) => set({ followed }),
  setCompare: (compare) => set({ compare }),
}));

/** For the keys [ and ]: the previous (-1) or next (+1) question of the step that is pinned or else the newest, stopping at the ends. */
export function showQuestion(samples: SampleStore, delta: number, pinned: number | null): void {
  const { question, wish, setQuestion } = useSampleView.getState();
  const steps = samples.steps();
  const step = steps.findLast((one) => pinned === null || one <= pinned) ?? steps[0];
  const count = step === undefined ? 0 : findGroups(samples, step, wish).length;
  if (count === 0) return;
  setQuestion(Math.min(count - 1, Math.max(0, Math.min(count - 1, question) + delta)));
}

/** For the keys Left and Right (with Shift ten), Home and End: moves the pinned step over the logged steps. */
export function scrubSamples(samples: SampleStore, delta: number): void {
  scrub(samples.steps(), delta);
}
