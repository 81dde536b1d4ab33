import { describe, expect, it, vi } from 'vitest';
import { withMark, withNoteAt } from './marks.ts';
import { type KnownSeals, type RunLocks, RunShelf } from './run-shelf.ts';
import { SealWriter } from './seal-writer.ts';
import { FakeShelf } from './testing/fake-shelf.ts';
import { ABOUT, SmallRun } from './testing/small-run.ts';

/** So many groups are kept here. */
const MOST = 5;

const timeOf = (n: number) => new Date(Date.UTC(2026, 0, 1, 0, n)).toISOString();

function locks(held: readonly string[] = []): RunLocks {
  return {
    held: async () => new Set(held),
    take: async (id) => (held.includes(id) ? null : () => undefined),
    alone: (_, work) => work(),
  };
}

async function store(shelf: FakeShelf, id: string, minute: number, state: 'open' | 'finished') {
  const run = new SmallRun();
  run.to(10);
  const writer = new SealWriter(shelf, id, ABOUT, [run], () => timeOf(minute));
  await writer.write({ state, runs: [run.moment] });
}

describe('the list of stored runs', () => {
  it('has the newest first, with the bytes of each and whether it is open', async () => {
    const shelf = new FakeShelf();
    await store(shelf, 'old', 1, 'finished');
    await store(shelf, 'new', 2, 'open');
    const listed = await new RunShelf(shelf, locks(['new'])).list();
    expect(listed).toMatchObject([
      { id: 'new', held: true, problem: null, seal: { state: 'open', runs: [{ step: 10 }] } },
      { id: 'old', held: false, problem: null, seal: { state: 'finished' } },
    ]);
    const all = [...shelf.stored.values()].reduce((sum, { length }) => sum + length, 0);
    expect(listed.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(all);
  });

  it('reads a seal once while nothing of its group has changed, also on another visit to the same shelf', async () => {
    const shelf = new FakeShelf();
    const known: KnownSeals = new Map();
    const list = () => new RunShelf(shelf, locks(), { known }).list();
    const read = vi.spyOn(shelf, 'read');
    const sealsRead = () => read.mock.calls.splice(0).map(([path]) => path);

    const run = new SmallRun();
    run.to(10);
    const writer = new SealWriter(shelf, 'going', ABOUT, [run], () => timeOf(1));
    await writer.write({ state: 'open', runs: [run.moment] });
    await store(shelf, 'done', 2, 'finished');
    const first = await list();
    expect(sealsRead()).toEqual(['done/seal-000001.json', 'going/seal-000001.json']);
    expect(await list()).toEqual(first);
    expect(sealsRead()).toEqual([]);

    run.to(20);
    await writer.write({ state: 'finished', runs: [run.moment] });
    expect((await list()).map(({ id, seal }) => [id, seal?.number])).toEqual([
      ['done', 1],
      ['going', 2],
    ]);
    expect(sealsRead()).toEqual(['going/seal-000002.json']);

    const sealed = shelf.stored.get('done/seal-000001.json');
    shelf.stored.delete('done/seal-000001.json');
    shelf.stored.set('done/seal-000001.json', (sealed ?? new Uint8Array()).slice(0, 9));
    expect((await list()).find(({ id }) => id === 'done')).toMatchObject({ seal: null });
    await shelf.remove('going');
    await list();
    expect([...known.keys()]).toEqual(['done']);
  });

  it('names a run of which nothing can be read, and lets it be deleted', async () => {
    const shelf = new FakeShelf();
    await store(shelf, 'evicted', 1, 'open');
    for (const path of shelf.stored.keys())
      if (path.includes('parameters')) shelf.stored.delete(path);
    const runs = new RunShelf(shelf, locks());
    expect(await runs.list()).toMatchObject([
      { id: 'evicted', seal: null, problem: { kind: 'BadFile', field: 'stored run: data' } },
    ]);
    await runs.remove('evicted');
    expect(shelf.stored.size).toBe(0);
  });

  it('takes the notes at its steps away with a run, and leaves those of others', async () => {
    const shelf = new FakeShelf();
    for (const [i, id] of ['one', 'other'].entries()) await store(shelf, id, i, 'finished');
    const runs = new RunShelf(shelf, locks());
    for (const id of ['one', 'other'])
      await runs.mark((marks) => withNoteAt(marks, `${id}/0`, { step: 4, text: 'look' }));
    await runs.remove('one');
    expect((await runs.marks()).steps).toEqual({ 'other/0': [{ step: 4, text: 'look' }] });
  });

  it('does not delete what is open, and says so', async () => {
    const shelf = new FakeShelf();
    await store(shelf, 'mine', 1, 'open');
    const { size } = shelf.stored;
    await expect(new RunShelf(shelf, locks(['mine'])).remove('mine')).rejects.toMatchObject({
      kind: 'Busy',
    });
    expect(shelf.stored.size).toBe(size);
  });

  it('makes room by the oldest that have ended, and by what never came to a checkpoint', async () => {
    const shelf = new FakeShelf();
    await store(shelf, 'unfinished', 0, 'open');
    for (let i = 1; i < MOST + 2; i += 1) await store(shelf, `run-${i}`, i, 'finished');
    shelf.stored.set('begun/000001/0/parameters', new Uint8Array(1));
    shelf.stored.set('busy/000001/0/parameters', new Uint8Array(1));
    const held = ['busy', 'run-1'];
    await new RunShelf(shelf, locks(held), { most: MOST }).makeRoom();
    const left = await shelf.folders();
    // One place is for the run that starts.
    expect(left).not.toContain('begun');
    expect(left).not.toContain('run-2');
    for (const id of ['busy', 'run-1', 'unfinished', `run-${MOST + 1}`]) expect(left).toContain(id);
    expect(left.filter((id) => id !== 'busy')).toHaveLength(MOST - 1);
  });

  it('makes no room of what is pinned, nor of anything where it cannot be read what is', async () => {
    const shelf = new FakeShelf();
    for (let i = 1; i < MOST + 2; i += 1) await store(shelf, `run-${i}`, i, 'finished');
    const torn = shelf.copy();
    torn.stored.set('marks.json', new Uint8Array([123]));
    await new RunShelf(torn, locks(), { most: MOST }).makeRoom();
    expect(await torn.folders()).toHaveLength(MOST + 1);

    const runs = new RunShelf(shelf, locks(), { most: MOST });
    await runs.mark((marks) => withMark(marks, 'key', { pinned: ['run-1'] }));
    await runs.makeRoom();
    const left = await shelf.folders();
    expect(left).toContain('run-1');
    expect(left).not.toContain('run-2');
    expect(left).toHaveLength(MOST - 1);
  });

  it('gives the rows of a group without its state', async () => {
    const shelf = new FakeShelf();
    await store(shelf, 'run', 1, 'finished');
    const runs = new RunShelf(shelf, locks());
    const [{ seal }] = await runs.list();
    if (!seal) throw new Error('no seal');
    for (const path of shelf.stored.keys())
      if (/parameters|samples/.test(path)) shelf.stored.delete(path);
    const [record] = await runs.rows('run', seal);
    expect(record.rows).toHaveLength(10);
    expect(record.samples).toEqual([]);
    for (const path of shelf.stored.keys())
      if (path.includes('rows')) shelf.stored.set(path, new Uint8Array(3));
    await expect(runs.rows('run', seal)).rejects.toMatchObject({ field: 'stored run: rows' });
  });
});
