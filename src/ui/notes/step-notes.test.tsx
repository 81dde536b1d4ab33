// @vitest-environment happy-dom
/** Notes at steps: written by the keyboard at the step that is looked at, shown at once, edited and deleted. */
import { screen } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import { useCursor } from '../charts/cursor-store.ts';
import { chartRuns } from '../components/chart-runs.ts';
import { Keyboard } from '../components/keyboard.tsx';
import { planOfDraft } from '../plan.ts';
import { presentRuns } from '../store/runs.ts';
import { type Shown, show } from '../testing/show.tsx';
import { editNote } from './note-draft.ts';
import { NoteButton, StepNoteList } from './step-notes.tsx';

afterEach(() => {
  useCursor.getState().release();
  editNote(null);
});

const part = (
  <>
    <Keyboard />
    <NoteButton />
    <StepNoteList />
  </>
);

/** A run, or a pair, that is kept and has done so many steps. */
async function kept(steps: number, preset?: string): Promise<Shown> {
  const shown = await show(part);
  const { page, settle, tick } = shown;
  await settle(() => {
    if (preset) page.lab.choosePreset(preset);
    const { draft, preset: id } = page.lab.data;
    page.lab.start(planOfDraft(draft, id), { keep: 'always' });
  });
  await tick(steps);
  return shown;
}

const notesOf = ({ page: { lab, stored } }: Shown) =>
  chartRuns(lab.data, stored.store.getState().marks.steps).map(({ notes }) => notes);

describe('a note at a step', () => {
  test('is written at the pinned step by keys alone, and is drawn and listed', async () => {
    const shown = await kept(6);
    const { user, settle } = shown;
    await settle(() => useCursor.getState().pin(3));
    await user.keyboard('a');
    await user.keyboard('Lengths fall{Enter}');
    expect(screen.queryByRole('textbox')).toBeNull();
    expect(screen.getByRole('listitem').textContent).toContain('Lengths fall');
    expect(notesOf(shown)).toEqual([[{ step: 3, text: 'Lengths fall' }]]);
    await settle(() => useCursor.getState().pin(5));
    await user.click(screen.getByRole('button', { name: 'Step 3' }));
    expect(useCursor.getState().pinnedStep).toBe(3);
  });

  test('is written at the newest step where none is pinned, and left by Escape', async () => {
    const shown = await kept(4);
    const { user, page } = shown;
    const newest = page.lab.samples.steps().at(-1);
    const opener = screen.getByRole('button', { name: 'Add note' });
    await user.click(opener);
    await user.type(screen.getByLabelText(`Note at step ${newest}`), 'no{Escape}');
    expect(screen.queryByRole('textbox')).toBeNull();
    expect(notesOf(shown)).toEqual([[]]);
    expect(document.activeElement).toBe(opener);
  });

  test('is edited, and deleted', async () => {
    const shown = await kept(4);
    const { user, page, settle } = shown;
    const [{ stored }] = presentRuns(page.lab.data);
    await settle(() => void page.stored.noteAt(stored ?? '', { step: 2, text: 'first' }));
    await user.click(await screen.findByRole('button', { name: 'Edit the note at step 2' }));
    const field = screen.getByLabelText<HTMLInputElement>('Note at step 2');
    expect(field.value).toBe('first');
    await user.type(field, ', then more{Enter}');
    expect(notesOf(shown)).toEqual([[{ step: 2, text: 'first, then more' }]]);
    await user.click(screen.getByRole('button', { name: 'Delete the note at step 2' }));
    expect(notesOf(shown)).toEqual([[]]);
    expect(screen.queryByRole('listitem')).toBeNull();
  });

  test('is that of one run of several, which is chosen', async () => {
    const shown = await kept(4, 'private-better');
    const { user, page, settle } = shown;
    const [lead, other] = presentRuns(page.lab.data);
    await settle(
      () => void page.stored.noteAt(lead.stored ?? '', { step: 2, text: 'of the lead' }),
    );
    await settle(() => useCursor.getState().pin(2));
    await user.keyboard('a');
    await user.selectOptions(screen.getByLabelText('Run of the note'), other.label);
    const field = screen.getByLabelText<HTMLInputElement>('Note at step 2');
    await user.clear(field);
    await user.type(field, 'of the other{Enter}');
    expect(notesOf(shown)).toEqual([
      [{ step: 2, text: 'of the lead' }],
      [{ step: 2, text: 'of the other' }],
    ]);
  });

  test('that cannot be kept stays in its field, with the reason', async () => {
    const shown = await kept(4);
    const { user, page, settle } = shown;
    const [{ stored }] = presentRuns(page.lab.data);
    for (let step = 100; step < 150; step += 1)
      await page.stored.noteAt(stored ?? '', { step, text: 'a' });
    await settle(() => useCursor.getState().pin(3));
    await user.keyboard('a');
    await user.keyboard('one too many{Enter}');
    expect((await screen.findByRole('alert')).textContent).toMatch(/at most 50 notes/);
    expect(screen.getByLabelText<HTMLInputElement>('Note at step 3').value).toBe('one too many');
  });
});

test('a run that is not kept takes no notes', async () => {
  const { run, user } = await show(part);
  await run(3);
  expect(screen.queryByRole('button', { name: 'Add note' })).toBeNull();
  await user.keyboard('a');
  expect(screen.queryByRole('textbox')).toBeNull();
});
