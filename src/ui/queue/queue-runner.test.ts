/** The queue carried out by a lab whose trainer trains nothing. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { NO_MARKS } from '../../lab/run-store/marks.ts';
import type { Listed } from '../../lab/run-store/run-shelf.ts';
import { defaultExperiment } from '../../rl/experiment/schema.ts';
import type { TextStorage } from '../store/preferences.ts';
import { StoredRuns } from '../stored/stored-runs.ts';
import type { FakeLabOptions } from '../testing/fake-lab.ts';
import { makeLab } from '../testing/made-lab.ts';
import type { Job } from './queue.ts';
import { QueueRunner } from './queue-runner.ts';
import { QUEUE_KEY, QueueStore } from './queue-store.ts';

const STEPS = 3;
const job = (seed: number, more: Partial<Job> = {}): Job => ({
  ...{ id: `job-${seed}`, name: 'Chain', preset: 'chain-minute', stored: null },
  experiment: { ...defaultExperiment(), seed, steps: STEPS },
  ...more,
});

function memory(): TextStorage & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
  };
}

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

async function visit(
  storage: TextStorage,
  options: FakeLabOptions = {},
  list: () => readonly Listed[] = () => [],
) {
  const { lab, worker } = makeLab(options);
  open.push(() => lab.close());
  const shelf = {
    ...{ list: async () => list(), remove: async () => undefined, rows: async () => [] },
    read: () => Promise.reject(new RangeError('not asked')),
    ...{ marks: async () => NO_MARKS, mark: async () => NO_MARKS },
  };
  const stored = new StoredRuns({ open: async () => shelf, released: () => new Promise(() => {}) });
  await stored.refresh();
  const queue = new QueueStore(storage, (work) => work());
  let free = () => {};
  const freed = new Promise<void>((resolve) => {
    free = resolve;
  });
  const runner = new QueueRunner({
    ...{ lab, queue, stored, right: async () => undefined },
    free: () => freed,
  });
  lab.open();
  await runner.begin();
  const started = () =>
    worker.commands.flatMap((command) =>
      command.type === 'run' ? [command.runs[0].experiment.seed] : [],
    );
  const runs = (seed: number) =>
    vi.waitFor(() => {
      expect(lab.data.state).toBe('running');
      expect(queue.queue.jobs[0].experiment.seed).toBe(seed);
      expect(queue.queue.running).not.toBeNull();
    });
  return { lab, worker, queue, runner, started, runs, free: () => free() };
}

describe('queued runs', () => {
  test('take turns, and each is kept in a folder of its own', async () => {
    const { worker, queue, runs, started } = await visit(memory());
    await queue.change({ type: 'add', jobs: [job(1), job(2)] });
    await runs(1);
    const first = queue.queue.jobs[0].stored;
    expect(first).toMatch(/^\d{14}-/);
    for (let i = 0; i < STEPS; i += 1) worker.tick();
    await runs(2);
    expect(queue.queue.jobs[0].stored).not.toBe(first);
    for (let i = 0; i < STEPS; i += 1) worker.tick();
    await vi.waitFor(() => expect(queue.queue.jobs).toEqual([]));
    expect(started()).toEqual([1, 2]);
    expect(queue.queue.failed).toEqual([]);
  });

  test('do not block the next by failing', async () => {
    const { worker, queue, runs } = await visit(memory(), { failAt: 2 });
    await queue.change({ type: 'add', jobs: [job(1), job(2)] });
    await runs(1);
    worker.tick();
    worker.tick();
    await runs(2);
    expect(queue.queue.failed).toMatchObject([{ name: 'Chain', seed: 1 }]);
  });

  test('halt with the queue and go on with it', async () => {
    const { lab, queue, runs } = await visit(memory());
    await queue.change({ type: 'add', jobs: [job(1)] });
    await runs(1);
    await queue.change({ type: 'pause', on: true });
    await vi.waitFor(() => expect(lab.data.state).toBe('paused'));
    await queue.change({ type: 'pause', on: false });
    await vi.waitFor(() => expect(lab.data.state).toBe('running'));
  });

  test('give way to a run of a person, and go on when that is over', async () => {
    const { lab, worker, queue, runs, started } = await visit(memory());
    await queue.change({ type: 'add', jobs: [job(5)] });
    await runs(5);
    lab.setSetting('steps', STEPS);
    lab.restart();
    await vi.waitFor(() => expect(queue.queue.running).toBeNull());
    expect(queue.queue.jobs).toHaveLength(1);
    await vi.waitFor(() => expect(lab.data.state).toBe('running'));
    for (let i = 0; i < STEPS; i += 1) worker.tick();
    await runs(5);
    expect(started()).toHaveLength(3);
  });

  test('stay in the queue, paused, where a person resets them', async () => {
    const { lab, queue, runs } = await visit(memory());
    await queue.change({ type: 'add', jobs: [job(1)] });
    await runs(1);
    lab.reset();
    await vi.waitFor(() => expect(queue.queue).toMatchObject({ running: null, paused: true }));
    expect(queue.queue.jobs).toHaveLength(1);
  });

  test('wait for another tab that trains, and are not failed by it', async () => {
    const { lab, worker, queue, runs, runner, free } = await visit(memory());
    await queue.change({ type: 'add', jobs: [job(1)] });
    await runs(1);
    const error = { kind: 'Busy', message: 'Another tab is training', remedy: 'r' } as const;
    worker.emit({ type: 'failed', groupId: lab.data.present ?? '', runId: null, step: 0, error });
    await vi.waitFor(() => expect(runner.store.getState().elsewhere).toBe(true));
    expect(queue.queue).toMatchObject({ running: null, failed: [] });
    free();
    await runs(1);
  });

  test('are stopped by a person one at a time', async () => {
    const { queue, runner, runs } = await visit(memory());
    await queue.change({ type: 'add', jobs: [job(1), job(2)] });
    await runs(1);
    await runner.stop();
    await runs(2);
  });
});

describe('after a reload', () => {
  const seal = (state: 'open' | 'finished') => ({
    ...{ version: 1, number: 1, saved: '2026-11-30T04:00:00Z', state },
    about: { title: 'Chain', preset: 'chain-minute', created: '2026-11-30T03:00:00Z' },
    runs: [
      {
        ...{ label: 'Chain', apart: [], experiment: job(1).experiment, manifest: {}, step: 1 },
        ...{ hash: 'b'.repeat(64), head: { path: 'a', bytes: 1, sha256: 'a'.repeat(64) } },
        ...{ parts: [], rows: [], samples: [] },
      },
    ],
  });
  const kept = (state: 'open' | 'finished'): Listed[] => [
    { id: 'folder', bytes: 1, held: false, problem: null, seal: seal(state) } as unknown as Listed,
  ];
  const left = async (storage: TextStorage) => {
    const queue = new QueueStore(storage, (work) => work());
    await queue.change({ type: 'add', jobs: [job(1), job(2)] });
    await queue.change({ type: 'begin', id: 'job-1', stored: 'folder' });
  };

  test('a run that was under way goes on from its checkpoint', async () => {
    const storage = memory();
    await left(storage);
    const { worker, queue } = await visit(storage, {}, () => kept('open'));
    await vi.waitFor(() =>
      expect(worker.commands).toContainEqual(
        expect.objectContaining({
          type: 'restore',
          keep: expect.objectContaining({ id: 'folder' }),
        }),
      ),
    );
    expect(queue.queue.running).toBe('job-1');
  });

  test('a run that another tab began after the list was read goes on from its checkpoint', async () => {
    const storage = memory();
    await left(storage);
    const lists = [[], kept('open')];
    const { worker, started } = await visit(storage, {}, () => lists.shift() ?? kept('open'));
    await vi.waitFor(() =>
      expect(worker.commands).toContainEqual(expect.objectContaining({ type: 'restore' })),
    );
    expect(started()).toEqual([]);
  });

  test('a run that had ended is not run again', async () => {
    const storage = memory();
    await left(storage);
    const { started, runs } = await visit(storage, {}, () => kept('finished'));
    await runs(2);
    expect(started()).toEqual([2]);
  });

  test('a run that never came to a checkpoint begins again', async () => {
    const storage = memory();
    await left(storage);
    const { started, runs } = await visit(storage);
    await runs(1);
    expect(started()).toEqual([1]);
  });

  test('a queue that cannot be read is set aside and named', async () => {
    const storage = memory();
    storage.setItem(QUEUE_KEY, '{"version":9}');
    const { queue } = await visit(storage);
    expect(queue.store.getState().problem).toMatchObject({ kind: 'BadFile' });
    expect(queue.queue.jobs).toEqual([]);
    expect(storage.kept.get('baton.queue.refused')).toBe('{"version":9}');
  });
});
