/** Where a note is about to be written: at a step of a run that the browser keeps. */
import { create } from 'zustand';
import { useCursor } from '../charts/cursor-store.ts';
import type { Lab } from '../lab.ts';
import { presentRuns, type Runs } from '../store/runs.ts';

export interface NoteDraft {
  /** The run's place in the store. */
  readonly run: string;
  readonly step: number;
}

/** The note that is being written; null where none is. */
export const useNoteDraft = create<{ readonly draft: NoteDraft | null }>()(() => ({ draft: null }));

/** The place of the first run of the lab that can have notes; undefined where none is kept. */
export function firstPlace(data: Runs): string | undefined {
  return presentRuns(data).find(({ stored }) => stored !== null)?.stored ?? undefined;
}

/** The step that the page looks at: the pinned one, else the newest of the samples or the charts. */
export function lookedStep(lab: Lab): number | undefined {
  const { pinnedStep } = useCursor.getState();
  return pinnedStep ?? lab.samples.steps().at(-1) ?? lab.series.steps().at(-1);
}

/** Whether a note could be written now. */
export function canNote(lab: Lab): boolean {
  return firstPlace(lab.data) !== undefined && lookedStep(lab) !== undefined;
}

/** Opens the form for a note at the step that the page looks at. */
export function beginNote(lab: Lab): void {
  const run = firstPlace(lab.data);
  const step = lookedStep(lab);
  if (run !== undefined && step !== undefined) editNote({ run, step });
}

/** Opens the form for a note at a place; closes it with null. */
export function editNote(draft: NoteDraft | null): void {
  useNoteDraft.setState({ draft });
}
