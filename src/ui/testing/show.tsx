/** Shows a part of the page in a test, around a fake trainer, and takes it away afterwards. */
import { act, cleanup, render } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { afterEach, vi } from 'vitest';
import { type Marks, NO_MARKS } from '../../lab/run-store/marks.ts';
import type { StoredGroup } from '../../lab/run-store/read-stored.ts';
import type { Listed } from '../../lab/run-store/run-shelf.ts';
import { damaged } from '../../lab/run-store/seal.ts';
import { FakeShelf } from '../../lab/run-store/testing/fake-shelf.ts';
import { createActions } from '../actions.ts';
import { type Page, PageContext } from '../context.ts';
import { FirstRecording } from '../first/first-recording.ts';
import { taskOfModel } from '../microscope/models.ts';
import { openTask } from '../microscope/scope-tasks.ts';
import { OwnPolicies } from '../own-policies/own-policies.ts';
import { QueueRunner } from '../queue/queue-runner.ts';
import { QueueStore } from '../queue/queue-store.ts';
import { Recordings } from '../recording/recording-store.ts';
import { createPreferences } from '../store/preferences.ts';
import { createView } from '../store/view.ts';
import { StoredRuns } from '../stored/stored-runs.ts';
import { SweepStore } from '../sweep/sweep-store.ts';
import { VerifyList } from '../verify/verify-list.ts';
import type { FakeLab, FakeLabOptions } from './fake-lab.ts';
import { fakeModel, fakeReward } from './fake-model.ts';
import { makeLab } from './made-lab.ts';

afterEach(cleanup);

export interface Shown {
  readonly page: Page;
  /** The fake trainer, to send what a real one might. */
  readonly worker: FakeLab;
  readonly user: ReturnType<typeof userEvent.setup>;
  /** Runs what the lab's button would, and does some steps. */
  readonly run: (steps: number) => Promise<void>;
  /** Does some more steps of a run that goes. */
  readonly tick: (steps?: number) => Promise<void>;
  /** Does something to the lab and waits until the page shows it. */
  readonly settle: (change: () => void) => Promise<void>;
}

/**
 * @param part what is shown; it reaches the page by its context, as in the app
 * @param open false leaves the adapter unasked, as on a small touch screen
 * @param listed the stored runs, once the page reads them
 * @param groups what they have recorded, by id
 */
export async function show(
  part: ReactNode,
  { open = true, ...options }: FakeLabOptions & { readonly open?: boolean } = {},
  listed: readonly Listed[] = [],
  groups: ReadonlyMap<string, StoredGroup> = new Map(),
): Promise<Shown> {
  const { lab, worker } = makeLab(options);
  const view = createView();
  const preferences = createPreferences(null);
  const actions = createActions({ lab, view, preferences, systemDark: () => false });
  let marks = NO_MARKS;
  const shelf = {
    ...{ list: async () => listed, remove: async () => undefined },
    read: async (id: string) => {
      const group = groups.get(id);
      if (!group) throw damaged('data', 'is not in this browser any more');
      return group;
    },
    rows: async (id: string) => groups.get(id)?.runs.map(({ record }) => record) ?? [],
    marks: async () => marks,
    mark: async (change: (marks: Marks) => Marks) => {
      marks = change(marks);
      return marks;
    },
  };
  const stored = new StoredRuns({ open: async () => shelf, released: () => new Promise(() => {}) });
  const queue = new QueueStore(null, (work) => work());
  const page: Page = {
    ...{ lab, view, preferences, actions, stored, queue },
    ownPolicies: new OwnPolicies(async () => new FakeShelf()),
    runner: new QueueRunner({
      ...{ lab, queue, stored, right: async () => undefined },
      free: () => new Promise(() => {}),
    }),
    recordings: new Recordings(lab),
    verify: new VerifyList(lab),
    first: new FirstRecording({
      lab,
      read: () => Promise.reject(new Error('none')),
      frames: () => {},
    }),
    sweep: new SweepStore(null),
    openModel: async (ref) => {
      const task = ref.kind === 'own' ? undefined : taskOfModel(ref.folder);
      return fakeModel(ref.key, { task: openTask(task ?? 'countdown'), skill: 0.5 });
    },
    openReward: async ({ key }) => fakeReward(key),
  };
  const user = userEvent.setup();
  /** The lab redraws a few times a second; what is told here is what it knows. */
  const settle = (change: () => void) =>
    act(async () => {
      change();
      await vi.waitFor(() => {
        if (lab.store.getState() !== lab.data) throw new Error('not shown yet');
      });
      await new Promise((resolve) => setTimeout(resolve, 0));
    });
  const tick = (steps = 1) =>
    settle(() => {
      for (let i = 0; i < steps; i += 1) worker.tick();
    });
  render(<PageContext value={page}>{part}</PageContext>);
  if (open) await settle(() => lab.open());
  return {
    ...{ page, worker, user, tick, settle },
    run: async (steps) => {
      await settle(() => lab.run());
      await tick(steps);
    },
  };
}
