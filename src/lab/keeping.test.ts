/** What is kept where a group stands still at a failure: of each run its own last good step. */
import { expect, it, vi } from 'vitest';
import type { Gpu } from '../gpu/gpu.ts';
import type { Arm } from './arm.ts';
import { Group } from './group.ts';
import { Keeping } from './keeping.ts';
import type { LabEvent } from './protocol.ts';
import { readStored } from './run-store/read-stored.ts';
import { FakeShelf } from './run-store/testing/fake-shelf.ts';
import { ABOUT, experiment, SmallRun, stateAt, stepEvent } from './run-store/testing/small-run.ts';

/** A run that stands at a step, and has posted rows up to another. */
class FakeArm {
  readonly id: string;
  readonly step: number;
  reported: number;
  finished = false;
  #copied = 0;

  constructor(id: string, step: number, reported: number) {
    this.id = id;
    this.step = step;
    this.reported = reported;
  }

  get settled(): boolean {
    return this.step === this.reported;
  }

  get copied(): boolean {
    return this.#copied === this.step;
  }

  get copy() {
    const step = this.#copied;
    return { step, experiment, state: stateAt(step), hash: 'a'.repeat(64) };
  }

  async keep(): Promise<void> {
    this.#copied = this.step;
  }

  async goBack(): Promise<void> {
    if (this.step < this.reported) await this.keep();
    this.reported = Math.min(this.reported, this.step);
  }
}

it('the run that failed is kept where it went back to, and the others where they stand', async () => {
  const shelf = new FakeShelf();
  const locks = {
    held: async () => new Set<string>(),
    take: async () => () => undefined,
    alone: <T>(_: string, work: () => Promise<T>) => work(),
  };
  const events: LabEvent[] = [];
  const keeping = new Keeping({
    store: { open: async () => shelf, locks, now: () => '2026-11-30T03:00:00.000Z' },
    post: (event) => events.push(event),
    clock: () => 0,
    survive: (_, work) => work(),
  });
  const ids = ['whole', 'failed'];
  const keep = {
    ...{ id: 'folder', every: 25, about: ABOUT },
    runs: ids.map((label) => ({ label, apart: [] })),
  };
  await keeping.begin(
    { groupId: 'pair', runs: ids.map((id) => ({ id, experiment })), keep },
    false,
  );
  const { manifest } = new SmallRun().moment;
  for (const runId of ids) {
    keeping.note({ type: 'manifest', runId, manifest });
    for (let step = 1; step <= 12; step += 1)
      keeping.note({ ...stepEvent(step), runId } as LabEvent);
  }

  const arms = [new FakeArm('whole', 12, 12), new FakeArm('failed', 10, 12)];
  const group = new Group('pair', arms as unknown as Arm[], {} as Gpu);
  await keeping.rest(group);
  await vi.waitFor(async () => {
    const { seal } = await readStored(shelf, 'folder');
    expect(seal.state).toBe('stopped');
  });

  const { runs } = await readStored(shelf, 'folder');
  expect(runs.map(({ step }) => step)).toEqual([12, 10]);
  expect(runs.map(({ record }) => record.rows.length)).toEqual([12, 10]);
  expect(events.filter(({ type }) => type === 'not-kept')).toEqual([]);
  // The one that is behind is next, so the other waits for it.
  expect(group.next?.id).toBe('failed');
});
