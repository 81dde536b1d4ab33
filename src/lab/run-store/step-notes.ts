/** What a person wrote at steps of stored runs. A run has at most one note at a step. */
import * as z from 'zod';
import { badConfig } from '../../errors.ts';

/** Most characters of a note at a step. */
export const MOST_STEP_NOTE = 160;
/** Most notes of one run. */
export const MOST_STEP_NOTES = 50;

const note = z.strictObject({
  step: z.int().min(0),
  text: z.string().min(1).max(MOST_STEP_NOTE),
});

/** By the run's place in the store (`placeOf`), ascending by step. */
export const stepNotesSchema = z.record(
  z.string().max(210),
  z.array(note).max(MOST_STEP_NOTES).readonly(),
);

export type StepNote = Readonly<z.infer<typeof note>>;
export type StepNotes = Readonly<Record<string, readonly StepNote[]>>;

/** The n-th run of a folder, from 0, as notes name it. */
export function placeOf(folder: string, n: number): string {
  return `${folder}/${n}`;
}

/**
 * With a note in the place of the one that stood at its step; an empty text takes that one away.
 * @throws BatonError BadConfig for a note too many
 */
export function withStepNote(notes: StepNotes, run: string, { step, text }: StepNote): StepNotes {
  const { [run]: known = [], ...others } = notes;
  const rest = known.filter((one) => one.step !== step);
  const said = text.replace(/\s+/g, ' ').trim().slice(0, MOST_STEP_NOTE);
  const all = said === '' ? rest : [...rest, { step, text: said }];
  if (all.length > MOST_STEP_NOTES) {
    throw badConfig(
      'marks.steps',
      `A run has at most ${MOST_STEP_NOTES} notes at its steps`,
      'Nothing was changed. Delete a note of this run to write another.',
    );
  }
  if (all.length === 0) return others;
  return { ...others, [run]: all.sort((a, b) => a.step - b.step) };
}

/** Without those of a folder's runs; the same object where it has none. */
export function withoutFolder(notes: StepNotes, folder: string): StepNotes {
  const kept = Object.entries(notes).filter(([run]) => !run.startsWith(`${folder}/`));
  return kept.length === Object.keys(notes).length ? notes : Object.fromEntries(kept);
}
