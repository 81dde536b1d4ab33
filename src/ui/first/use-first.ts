/** The recording, where it is what the page shows. */
import { useStore } from 'zustand';
import { useLab, usePage } from '../context.ts';
import type { FirstRun } from './first-recording.ts';

/** Null where there is none, where anything runs, and where a person has turned to another preset. */
export function useFirst(): FirstRun | null {
  const { first } = usePage();
  const shown = useStore(first.store, (data) => data.shown);
  const hidden = useLab(
    ({ present, chosen, preset }) =>
      present !== null || (chosen && preset !== shown?.preset && preset !== shown?.beside),
  );
  return hidden ? null : shown;
}

/** Whether the recording is shown, or about to be. */
export function useFirstExpected(): boolean {
  const { first } = usePage();
  const waiting = useStore(first.store, ({ state }) => state === 'waiting');
  return useFirst() !== null || waiting;
}
