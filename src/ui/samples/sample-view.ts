import { create } from 'zustand';
import type { Reading } from '../../rl/airl/granularity.ts';
import { scrub } from '../charts/cursor-store.ts';
import type { SampleStore } from './sample-store.ts';

/** How the samples are looked at; which step is the cursor's. */
export interface SampleViewState {
  /** Index of the question within the step's groups. */
  readonly question: number;
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
}

export const useSampleView = create<SampleViewState>()((set) => ({
  question: 0,
  table: false,
  reading: null,
  setMode: (mode) => set({ mode }),
  setReading: (reading) => set({ reading }),
  setTable: (table) => set({ table }),
  setQuestion: (question) => set({ question }),
}));

/** For the keys [ and ]: the previous (-1) or next (+1) question of the newest step, stopping at the ends. */
export function showQuestion(samples: SampleStore, delta: number): void {
  const count = samples.at(samples.steps().at(-1) ?? -1).length;
  if (count === 0) return;
  const { question, setQuestion } = useSampleView.getState();
  setQuestion(Math.min(count - 1, Math.max(0, Math.min(count - 1, question) + delta)));
}

/** For the keys Left and Right (with Shift ten), Home and End: moves the pinned step over the logged steps. */
export function scrubSamples(samples: SampleStore, delta: number): void {
  scrub(samples.steps(), delta);
}
