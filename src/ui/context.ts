/** How components reach the lab: one context, and selectors that re-render only for what they select. */
import { createContext, use } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import type { Action, ActionId } from './actions.ts';
import type { FirstRecording } from './first/first-recording.ts';
import type { Lab } from './lab.ts';
import type { OpenModel, OpenReward } from './microscope/model-session.ts';
import type { OwnPolicies } from './own-policies/own-policies.ts';
import type { QueueRunner } from './queue/queue-runner.ts';
import type { QueueStore } from './queue/queue-store.ts';
import type { Recordings } from './recording/recording-store.ts';
import type { LabData } from './store/lab-data.ts';
import type { Preferences } from './store/preferences.ts';
import type { View } from './store/view.ts';
import type { StoredRuns } from './stored/stored-runs.ts';
import type { SweepStore } from './sweep/sweep-store.ts';
import type { VerifyList } from './verify/verify-list.ts';

export interface Page {
  readonly lab: Lab;
  readonly view: StoreApi<View>;
  readonly preferences: StoreApi<Preferences>;
  readonly actions: readonly Action[];
  readonly stored: StoredRuns;
  readonly ownPolicies: OwnPolicies;
  readonly queue: QueueStore;
  readonly runner: QueueRunner;
  readonly sweep: SweepStore;
  readonly recordings: Recordings;
  readonly verify: VerifyList;
  /** The recorded run of a page on which nothing has run. */
  readonly first: FirstRecording;
  /** Opens a model outside the lab, in a worker of its own. */
  readonly openModel: OpenModel;
  /** Opens a reward model likewise. */
  readonly openReward: OpenReward;
}

export const PageContext = createContext<Page | null>(null);

export function usePage(): Page {
  const page = use(PageContext);
  if (page === null) throw new Error('A component of the lab stands outside its page');
  return page;
}

/** One value of the lab's data. */
export function useLab<T>(select: (data: LabData) => T): T {
  return useStore(usePage().lab.store, select);
}

export function useView<T>(select: (view: View) => T): T {
  return useStore(usePage().view, select);
}

export function usePreference<T>(select: (preferences: Preferences) => T): T {
  return useStore(usePage().preferences, select);
}

/** The registered action with this id. */
export function useAction(id: ActionId): Action {
  const { actions } = usePage();
  const action = actions.find((known) => known.id === id);
  if (action === undefined) throw new Error(`No action is registered as ${id}`);
  return action;
}
