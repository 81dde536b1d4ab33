import { describe, expect, it } from 'vitest';
import {
  NO_MARKS,
  protectedIds,
  readMarks,
  withMark,
  withNoteAt,
  withoutRuns,
  writeMarks,
} from './marks.ts';
import { FakeShelf } from './testing/fake-shelf.ts';

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const put = async (value: unknown) => {
  const shelf = new FakeShelf();
  await shelf.write('marks.json', encode(value));
  return shelf;
};

describe('what a person said of stored runs', () => {
  it('is nothing at first, and stays as it was written', async () => {
    const shelf = new FakeShelf();
    expect(await readMarks(shelf)).toEqual(NO_MARKS);
    await writeMarks(shelf, (marks) => withMark(marks, 'key', { name: 'RLTR', pinned: ['run-1'] }));
    await writeMarks(shelf, (marks) => withMark(marks, 'key', { note: 'the good one' }));
    const marks = await readMarks(shelf);
    expect(marks.groups).toEqual({
      key: { name: 'RLTR', note: 'the good one', pinned: ['run-1'] },
    });
    expect([...protectedIds(marks)]).toEqual(['run-1']);
    expect(await shelf.folders()).toEqual([]);
  });

  it('holds notes at steps, beside what an older file says', async () => {
    const shelf = await put({ version: 1, groups: { key: { name: 'RLTR' } }, going: [] });
    await writeMarks(shelf, (marks) => withNoteAt(marks, 'a/0', { step: 3, text: 'here' }));
    const marks = await readMarks(shelf);
    expect(marks.groups).toEqual({ key: { name: 'RLTR' } });
    expect(marks.steps).toEqual({ 'a/0': [{ step: 3, text: 'here' }] });
    expect(withoutRuns(marks, 'b')).toBe(marks);
    expect(withoutRuns(marks, 'a').steps).toEqual({});
  });

  it('is not written where it could not be read back, and stays as it was', async () => {
    const shelf = await put(NO_MARKS);
    const before = shelf.stored.get('marks.json');
    const groups = Object.fromEntries(
      Array.from({ length: 600 }, (_, i) => [`${i}`, { note: 'x'.repeat(4000) }]),
    );
    await expect(writeMarks(shelf, (marks) => ({ ...marks, groups }))).rejects.toMatchObject({
      kind: 'Storage',
    });
    expect(shelf.stored.get('marks.json')).toEqual(before);
  });

  it('is gone where nothing is left of it', () => {
    const marks = withMark(NO_MARKS, 'key', { name: 'RLTR' });
    expect(withMark(marks, 'key', { name: '' })).toEqual(NO_MARKS);
    expect(withMark(marks, 'key', { name: undefined })).toEqual(NO_MARKS);
  });

  it.each([
    [{ version: 2, groups: {}, going: [] }, 'marks.version'],
    [{ version: 1, groups: { a: { name: 7 } }, going: [] }, 'marks.groups.a.name'],
    [{ version: 1, groups: { a: { name: 'x'.repeat(500) } }, going: [] }, 'marks.groups.a.name'],
    [{ version: 1, groups: {}, going: [{ id: 'a' }] }, 'marks.going.0.from'],
    [
      { version: 1, groups: {}, steps: { 'a/0': [{ step: -1, text: 'x' }] }, going: [] },
      'marks.steps.a/0.0.step',
    ],
    [
      { version: 1, groups: {}, steps: { a: [{ step: 1, text: 'x'.repeat(161) }] }, going: [] },
      'marks.steps.a.0.text',
    ],
    [[], 'marks.file'],
    [null, 'marks.file'],
  ])('is refused by its field as %j', async (value, field) => {
    const shelf = await put(value);
    await expect(readMarks(shelf)).rejects.toMatchObject({ kind: 'BadFile', field });
  });

  it('is set aside where it cannot be read, never written over', async () => {
    const shelf = await put({ version: 2 });
    await writeMarks(shelf, (marks) => withMark(marks, 'key', { name: 'RLTR' }));
    expect(shelf.stored.get('marks-refused.json')).toEqual(encode({ version: 2 }));
    expect((await readMarks(shelf)).groups.key.name).toBe('RLTR');
  });
});
