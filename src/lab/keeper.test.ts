import { describe, expect, it, vi } from 'vitest';
import { defaultExperiment } from '../rl/experiment/schema.ts';
import { Keeper } from './keeper.ts';
import { beginKeeping, resumeKeeping } from './keeping.ts';
import type { LabEvent } from './protocol.ts';
import { readStored } from './run-store/read-stored.ts';
import type { RunLocks } from './run-store/run-shelf.ts';
import { SealWriter } from './run-store/seal-writer.ts';
import { FakeShelf } from './run-store/testing/fake-shelf.ts';
import { ABOUT, SmallRun } from './run-store/testing/small-run.ts';

const NOW = () => '2026-11-30T04:00:00.000Z';
const free: RunLocks = {
  held: async () => new Set(),
  take: async () => () => undefined,
  alone: (_, work) => work(),
};
const taken: RunLocks = {
  held: async () => new Set(['run-1']),
  take: async () => null,
  alone: (_, work) => work(),
};

const group = {
  groupId: 'group-1',
  runs: [{ id: 'run', experiment: defaultExperiment() }],
  keep: { id: 'run-1', every: 10, about: ABOUT, runs: [{ label: 'Chain', apart: [] }] },
};

function keeping(shelf: FakeShelf) {
  const run = new SmallRun();
  const events: LabEvent[] = [];
  let released = 0;
  const writer = new SealWriter(shelf, 'run-1', ABOUT, [run], NOW);
  const keeper = new Keeper({
    ...{ group, writer, logs: new Map([['run', run.log]]), clock: () => 0 },
    post: (event) => events.push(event),
    release: () => {
      released += 1;
    },
  });
  const keepAt = (step: number) => {
    run.to(step);
    keeper.keep({ state: 'open', runs: [run.moment] });
  };
  const steps = () => events.flatMap((event) => (event.type === 'kept' ? [event.step] : []));
  return { keeper, events, keepAt, steps, released: () => released };
}

describe('a keeper', () => {
  it('writes one moment at a time, and of those that wait only the newest', async () => {
    const shelf = new FakeShelf();
    let goOn = () => {};
    shelf.hold = new Promise((resolve) => {
      goOn = resolve;
    });
    const { keeper, keepAt, steps } = keeping(shelf);
    for (const step of [1, 2, 3]) keepAt(step);
    expect(steps()).toEqual([]);
    goOn();
    await keeper.end();
    expect(steps()).toEqual([1, 3]);
    expect((await readStored(shelf, 'run-1')).runs[0].record.rows).toHaveLength(3);
  });

  it('says that the disk is full, and keeps the run again once there is room', async () => {
    const shelf = new FakeShelf();
    const { keeper, events, keepAt, steps } = keeping(shelf);
    let full = true;
    const error = new DOMException('no room', 'QuotaExceededError');
    shelf.fault = () => (full ? { kind: 'fails', error } : null);
    keepAt(1);
    await vi.waitFor(() => expect(events).not.toEqual([]));
    expect(events).toMatchObject([{ type: 'not-kept', error: { kind: 'Storage' } }]);
    full = false;
    keepAt(2);
    await keeper.end();
    expect(steps()).toEqual([2]);
  });

  it.each(['fails', 'torn'] as const)(
    'goes on where the quota shrinks in mid-run and a write %s: it says at each checkpoint that the run is not kept, and what was kept stays whole',
    async (kind) => {
      const shelf = new FakeShelf();
      const { keeper, events, keepAt, steps, released } = keeping(shelf);
      const held = () => [...shelf.stored.values()].reduce((sum, { length }) => sum + length, 0);
      const refused = () => events.filter(({ type }) => type === 'not-kept');
      const kept = async () => (await readStored(shelf.copy(), 'run-1')).runs[0];
      let quota = Number.POSITIVE_INFINITY;
      const error = new DOMException('no room', 'QuotaExceededError');
      shelf.fault = () => (held() >= quota ? { kind, error } : null);
      for (const step of [1, 2]) {
        keepAt(step);
        await vi.waitFor(() => expect(steps()).toContain(step));
      }
      quota = held();
      for (const step of [3, 4, 5]) {
        keepAt(step);
        await vi.waitFor(() => expect(refused()).toHaveLength(step - 2));
        expect(await kept()).toMatchObject({ step: 2, record: { rows: { length: 2 } } });
      }
      for (const event of refused())
        expect(event).toMatchObject({
          error: { kind: 'Storage', message: expect.stringContaining('storage is full') },
        });
      // With room again nothing that was done meanwhile is missing.
      quota = Number.POSITIVE_INFINITY;
      keepAt(6);
      await keeper.end();
      expect(steps()).toEqual([1, 2, 6]);
      expect(await kept()).toMatchObject({ step: 6, record: { rows: { length: 6 } } });
      expect(released()).toBe(1);
    },
  );

  it('says that a group rests at a failure, and that it goes on', async () => {
    const shelf = new FakeShelf();
    const { keeper, keepAt } = keeping(shelf);
    const state = async () => (await readStored(shelf, 'run-1')).seal.state;
    keepAt(1);
    keeper.rest();
    await vi.waitFor(async () => expect(await state()).toBe('stopped'));
    keepAt(2);
    await vi.waitFor(async () => expect(await state()).toBe('open'));
    keepAt(3);
    keeper.rest();
    await keeper.end(false);
    const { seal, runs } = await readStored(shelf, 'run-1');
    expect([seal.state, runs[0].step]).toEqual(['stopped', 3]);
  });

  it('marks what it leaves as ended by a person, gives the right back once, and takes nothing more', async () => {
    const shelf = new FakeShelf();
    const { keeper, keepAt, steps, released } = keeping(shelf);
    keepAt(1);
    await keeper.end();
    await keeper.end();
    keepAt(2);
    expect(steps()).toEqual([1]);
    expect(released()).toBe(1);
    expect((await readStored(shelf, 'run-1')).seal.state).toBe('stopped');
  });
});

describe('keeping a group', () => {
  const host = (locks: RunLocks, open: () => Promise<FakeShelf>) => ({
    ...{ store: { open, locks, now: NOW }, clock: () => 0 },
    post: () => undefined,
  });

  it('is refused in words where the browser keeps nothing, and where another tab has the run', async () => {
    const nowhere = host(free, () => Promise.reject(new DOMException('no', 'SecurityError')));
    await expect(beginKeeping(nowhere, group)).rejects.toMatchObject({ kind: 'Storage' });
    await expect(resumeKeeping(nowhere, group)).rejects.toMatchObject({ kind: 'Storage' });
    const elsewhere = host(taken, async () => new FakeShelf());
    await expect(resumeKeeping(elsewhere, group)).rejects.toMatchObject({ kind: 'Busy' });
  });

  it('gives the right back where there is nothing whole to resume', async () => {
    let held = 0;
    const counting: RunLocks = {
      ...free,
      take: async () => {
        held += 1;
        return () => {
          held -= 1;
        };
      },
    };
    const empty = host(counting, async () => new FakeShelf());
    await expect(resumeKeeping(empty, group)).rejects.toMatchObject({ kind: 'BadFile' });
    expect(held).toBe(0);
  });
});
