import { describe, expect, it } from 'vitest';
import { NO_MARKS, protectedIds, readMarks, withMark, writeMarks } from './marks.ts';
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
