/** Puts a page together around a trainer: the stores, the link in the address, the commands, and the tree. */
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { openOpfsShelf } from '../lab/run-store/opfs-shelf.ts';
import { canonicalJson } from '../rl/experiment/canonical.ts';
import { readLink } from '../rl/experiment/link.ts';
import { defaultPreset, presetExperiment } from '../rl/experiment/presets/index.ts';
import { createActions } from './actions.ts';
import { App } from './app.tsx';
import type { Page } from './context.ts';
import { problemLine, takeDrops } from './files.ts';
import { firstRecording, greet } from './first/read-first.ts';
import { followDraft } from './follow-draft.ts';
import { plural } from './format.ts';
import { holdWhileRunning } from './hold.ts';
import { Lab } from './lab.ts';
import type { WorkerLike } from './lab-client.ts';
import { keepOffline } from './offline/offline.ts';
import { whenStill } from './offline/when-still.ts';
import { OwnPolicies } from './own-policies/own-policies.ts';
import { FIRST_PAGE, pageOf } from './pages.ts';
import { openQueue } from './queue/open-queue.ts';
import { Recordings } from './recording/recording-store.ts';
import { createPreferences, type TextStorage } from './store/preferences.ts';
import { createView } from './store/view.ts';
import { keepRuns, storedRuns } from './stored/keep-runs.ts';
import { SweepStore } from './sweep/sweep-store.ts';
import { VerifyList } from './verify/verify-list.ts';
import { createBaton } from './window-baton.ts';

/** A page, and what takes its tree out of the document again: what React still has to do then is dropped. */
interface Shown {
  readonly page: Page;
  readonly unmount: () => void;
}

/** Shows the page in `root`. Nothing is trained before a person or a script asks. */
export function start(
  root: HTMLElement,
  spawn: () => WorkerLike,
  models: Pick<Page, 'openModel' | 'openReward'>,
): Shown {
  const preferences = createPreferences(storage());
  const lab = new Lab({ spawn, keepEvery: () => preferences.getState().keepEvery });
  const view = createView(pageOf(location.search));
  const stored = storedRuns();
  const ownPolicies = new OwnPolicies(() => openOpfsShelf('policies'));
  const systemDark = () => matchMedia('(prefers-color-scheme: dark)').matches;
  const actions = createActions({ lab, view, preferences, systemDark });
  const recordings = new Recordings(lab);
  const verify = new VerifyList(lab);
  const queued = openQueue(lab, stored, storage());
  const first = firstRecording(lab);
  const sweep = new SweepStore(storage());
  const page: Page = {
    lab,
    view,
    preferences,
    actions,
    stored,
    ownPolicies,
    recordings,
    verify,
    first,
    sweep,
    ...models,
    ...queued,
  };
  const asked = takeLink(page);
  addEventListener('hashchange', () => {
    if (takeLink(page)) first.close();
  });
  window.baton = createBaton(lab);
  const tree = createRoot(root);
  tree.render(
    <StrictMode>
      <App page={page} />
    </StrictMode>,
  );
  holdWhileRunning(lab);
  followDraft(lab);
  // What was wrong with a link is read by then.
  lab.store.subscribe(({ state }, before) => {
    if (state === 'preparing' && before.state !== state) forgetWarning(page);
  });
  keepRuns(lab);
  void stored.refresh();
  void ownPolicies.refresh();
  takeDrops(page);
  if (!leavesGpuAlone()) lab.open();
  // `?ahead=off` compiles and shows nothing before it is asked for: for scripts that open the page and train nothing.
  const ahead = new URLSearchParams(location.search).get('ahead') !== 'off';
  const showLab = () => ahead && view.getState().page === FIRST_PAGE && lab.show();
  showLab();
  view.subscribe(showLab);
  void greet(page, asked || !ahead);
  void keepOffline(whenStill(lab), () => sayNewer(page));
  return { page, unmount: () => tree.unmount() };
}

/** On a small touch screen the GPU is not even opened before a person runs something. Without WebGPU there is nothing to open, and the page says so. */
function leavesGpuAlone(): boolean {
  return 'gpu' in navigator && matchMedia('(pointer: coarse) and (max-width: 60rem)').matches;
}

/** What is said already stays: a newer version can wait. */
function sayNewer({ view }: Page): void {
  view.setState(({ message }) => ({
    message: message ?? {
      tone: 'info',
      title: 'A newer version of Baton is ready',
      lines: [{ text: 'It comes when you reload this page. Until then everything here goes on.' }],
    },
  }));
}

/**
 * The experiment of the address becomes the draft; a bad one is named in a notice and changes nothing.
 * @returns whether the address asks for anything but the preset of the recording, as it is
 */
function takeLink({ lab, view }: Page): boolean {
  const link = readLink(location.hash);
  if (link === undefined) return false;
  if (link.ok) {
    view.setState({ message: null });
    lab.setDraft(link.experiment, link.preset.id);
    const recorded = presetExperiment(defaultPreset(true));
    return canonicalJson(link.experiment) !== canonicalJson(recorded);
  }
  view.setState({
    message: {
      tone: 'warn',
      title: `This link was not taken: ${plural(link.problems.length, 'problem')}`,
      lines: [...link.problems.map(problemLine), { text: 'Nothing was changed and nothing runs.' }],
    },
  });
  return true;
}

/** Takes a warning away; errors stay until they are closed. */
function forgetWarning({ view }: Page): void {
  if (view.getState().message?.tone === 'warn') view.setState({ message: null });
}

/** Where the browser allows it; private windows and strict settings may not. */
function storage(): TextStorage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
