import { describe, expect, it } from 'vitest';
import {
  MOST_STEP_NOTE,
  MOST_STEP_NOTES,
  placeOf,
  type StepNotes,
  withoutFolder,
  withStepNote,
} from './step-notes.ts';

const RUN = placeOf('20261130-a', 0);

describe('notes at steps', () => {
  it('stand by step, one at each, and are edited and taken away', () => {
    let notes: StepNotes = {};
    notes = withStepNote(notes, RUN, { step: 30, text: 'collapse' });
    notes = withStepNote(notes, RUN, { step: 12, text: '  lengths\n fall ' });
    expect(notes[RUN]).toEqual([
      { step: 12, text: 'lengths fall' },
      { step: 30, text: 'collapse' },
    ]);
    notes = withStepNote(notes, RUN, { step: 30, text: 'no, a plateau' });
    expect(notes[RUN]).toHaveLength(2);
    expect(notes[RUN][1].text).toBe('no, a plateau');
    notes = withStepNote(notes, RUN, { step: 12, text: ' ' });
    expect(notes[RUN].map(({ step }) => step)).toEqual([30]);
    expect(withStepNote(notes, RUN, { step: 30, text: '' })).toEqual({});
  });

  it('are bounded in length and number; an edit of one of the most still goes', () => {
    const long = withStepNote({}, RUN, { step: 1, text: 'x'.repeat(1000) });
    expect(long[RUN][0].text).toHaveLength(MOST_STEP_NOTE);
    let notes: StepNotes = {};
    for (let step = 1; step <= MOST_STEP_NOTES; step += 1)
      notes = withStepNote(notes, RUN, { step, text: 'a' });
    expect(() => withStepNote(notes, RUN, { step: 0, text: 'one more' })).toThrow(
      expect.objectContaining({ kind: 'BadConfig', field: 'marks.steps' }),
    );
    expect(withStepNote(notes, RUN, { step: 1, text: 'b' })[RUN][0].text).toBe('b');
  });

  it('go with the folder of their run, and with no other', () => {
    const other = placeOf('20261130-ab', 0);
    let notes = withStepNote({}, RUN, { step: 1, text: 'a' });
    notes = withStepNote(notes, other, { step: 1, text: 'b' });
    expect(Object.keys(withoutFolder(notes, '20261130-a'))).toEqual([other]);
    expect(withoutFolder(notes, '2026')).toBe(notes);
  });
});
