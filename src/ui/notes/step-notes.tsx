/** Notes at steps of the lab's runs: the button for one more, the form, and the list of all. */
import { type FormEvent, useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import type { ErrorReport } from '../../errors.ts';
import { MOST_STEP_NOTE, type StepNotes } from '../../lab/run-store/step-notes.ts';
import { useCursor } from '../charts/cursor-store.ts';
import { RunKey } from '../charts/run-key.tsx';
import { Select } from '../components/select.tsx';
import { useAction, useLab, usePage } from '../context.ts';
import { presentRuns } from '../store/runs.ts';
import { editNote, firstPlace, type NoteDraft, useNoteDraft } from './note-draft.ts';
import './step-notes.css';

/** A run of the lab that is kept in this browser. */
interface NotedRun {
  readonly place: string;
  readonly label: string;
  readonly slot: number;
}

const NO_NOTES: StepNotes = {};

function useNotedRuns(): readonly NotedRun[] {
  const places = useLab(useShallow((data) => presentRuns(data).map(({ stored }) => stored)));
  const labels = useLab(useShallow((data) => presentRuns(data).map(({ label }) => label)));
  return useMemo(
    () =>
      places.flatMap((place, i) =>
        place === null ? [] : [{ place, label: labels[i], slot: i + 1 }],
      ),
    [places, labels],
  );
}

function useStepNotes(): StepNotes {
  return useStore(usePage().stored.store, ({ marks }) => marks.steps) ?? NO_NOTES;
}

/** Stands where a run is kept, once it has a step. */
export function NoteButton() {
  const { run } = useAction('note');
  const offered = useLab((data) => firstPlace(data) !== undefined);
  const begun = useLab((data) => presentRuns(data).some(({ record }) => record.rows.length > 0));
  return offered && begun ? (
    <button className="btn bare" type="button" aria-keyshortcuts="A" title="Key: A" onClick={run}>
      Add note
    </button>
  ) : null;
}

export function StepNoteList() {
  const runs = useNotedRuns();
  const notes = useStepNotes();
  const draft = useNoteDraft((state) => state.draft);
  const written = runs.flatMap((run) =>
    (notes[run.place] ?? []).map((note) => ({ ...note, run, key: `${run.place} ${note.step}` })),
  );
  const here = draft && runs.some(({ place }) => place === draft.run) ? draft : null;
  if (!here && written.length === 0) return null;
  return (
    <section className="stepnotes" aria-label="Notes at steps">
      {here ? (
        <NoteForm key={`${here.run} ${here.step}`} {...{ draft: here, runs, notes }} />
      ) : null}
      {written.length > 0 ? (
        <ul>
          {written
            .sort((a, b) => a.step - b.step)
            .map(({ key, run, step, text }) => (
              <li key={key}>
                {runs.length > 1 ? <RunKey run={run} /> : null}
                <NoteLine {...{ run, step, text }} several={runs.length > 1} />
              </li>
            ))}
        </ul>
      ) : null}
    </section>
  );
}

interface LineProps {
  readonly run: NotedRun;
  readonly step: number;
  readonly text: string;
  readonly several: boolean;
}

function NoteLine({ run, step, text, several }: LineProps) {
  const { stored } = usePage();
  const of = `note at step ${step}${several ? ` of ${run.label}` : ''}`;
  return (
    <>
      <button className="link" type="button" onClick={() => useCursor.getState().pin(step)}>
        Step {step}
      </button>
      <span className="text">
        {several ? <span className="faint">{run.label}: </span> : null}
        {text}
      </span>
      <button
        className="btn bare"
        type="button"
        aria-label={`Edit the ${of}`}
        onClick={() => editNote({ run: run.place, step })}
      >
        Edit
      </button>
      <button
        className="btn bare"
        type="button"
        aria-label={`Delete the ${of}`}
        onClick={() => void stored.noteAt(run.place, { step, text: '' })}
      >
        Delete
      </button>
    </>
  );
}

interface FormProps {
  readonly draft: NoteDraft;
  readonly runs: readonly NotedRun[];
  readonly notes: StepNotes;
}

/** Enter keeps the note, Escape leaves it as it was. What had the focus before has it again afterwards. */
function NoteForm({ draft: { run: first, step }, runs, notes }: FormProps) {
  const { stored } = usePage();
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      if (before instanceof HTMLElement) before.focus();
    },
    [before],
  );
  const textAt = (place: string) => notes[place]?.find((note) => note.step === step)?.text;
  const [run, setRun] = useState(first);
  const [text, setText] = useState(textAt(first) ?? '');
  const [problem, setProblem] = useState<ErrorReport | null>(null);
  const keep = async (event: FormEvent) => {
    event.preventDefault();
    const refused = await stored.noteAt(run, { step, text });
    if (refused) setProblem(refused);
    else editNote(null);
  };
  return (
    <form onSubmit={keep}>
      <label className="label" htmlFor="step-note">
        Note at step {step}
      </label>
      {runs.length > 1 ? (
        <Select
          aria-label="Run of the note"
          value={run}
          onChange={({ currentTarget: { value } }) => {
            setRun(value);
            // Each run has its own note at a step: the one that is there is shown, not written over unseen.
            setText((typed) => textAt(value) ?? typed);
          }}
        >
          {runs.map(({ place, label }) => (
            <option key={place} value={place}>
              {label}
            </option>
          ))}
        </Select>
      ) : null}
      <input
        id="step-note"
        className="input"
        type="text"
        maxLength={MOST_STEP_NOTE}
        value={text}
        // biome-ignore lint/a11y/noAutofocus: a person has just asked to type here.
        autoFocus
        onChange={({ currentTarget: { value } }) => setText(value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          editNote(null);
        }}
      />
      <button className="btn" type="submit">
        Keep note
      </button>
      <button className="btn bare" type="button" onClick={() => editNote(null)}>
        Cancel
      </button>
      {problem ? (
        <p className="problem" role="alert">
          {problem.message}. {problem.remedy}
        </p>
      ) : null}
    </form>
  );
}
