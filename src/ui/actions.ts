/**
 * Every command of the page once: its name, its key, when it can be given and what it does. The buttons, the keyboard and
 * the help dialog read this table, so they cannot disagree.
 */
import type { StoreApi } from 'zustand/vanilla';
import { isBusy } from '../lab/state-machine.ts';
import { scrub, useCursor } from './charts/cursor-store.ts';
import type { Lab } from './lab.ts';
import { cutKeys } from './microscope/cut-keys.ts';
import { phaseKeys } from './microscope/phases/phase-keys.ts';
import type { CutMove } from './microscope/transfer/cuts.ts';
import { beginNote, canNote } from './notes/note-draft.ts';
import type { PageId } from './pages.ts';
import { type SampleKeysTarget, sampleKeys } from './samples/sample-keys.ts';
import { showQuestion } from './samples/sample-view.ts';
import { secondsLeft } from './store/pace.ts';
import { nextTheme, type Preferences } from './store/preferences.ts';
import { groupStep, groupSteps, secondsAfter } from './store/runs.ts';
import type { View } from './store/view.ts';
import { RUN_KEYS, type RunKey, runKeys } from './stored/run-keys.ts';

/** A key as `KeyboardEvent.key` names it, with or without Shift or Alt. `?` and the like need Shift by themselves. */
export interface Shortcut {
  readonly key: string;
  readonly shift?: boolean;
  readonly alt?: boolean;
}

export type ActionId =
  | 'toggle'
  | 'step'
  | 'reset'
  | 'earlier'
  | 'later'
  | 'ten-earlier'
  | 'ten-later'
  | 'first'
  | 'last'
  | 'follow'
  | 'note'
  | 'question-before'
  | 'question-after'
  | 'follow-question'
  | 'compare-steps'
  | 'find-samples'
  | 'next-filter'
  | 'next-fit'
  | 'fit-before'
  | 'cut-left'
  | 'cut-right'
  | 'cut-step-left'
  | 'cut-step-right'
  | 'cut-first'
  | 'cut-last'
  | 'phase'
  | RunKey
  | 'theme'
  | 'help'
  | 'close';

export interface Action {
  readonly id: ActionId;
  readonly label: string;
  readonly where: 'lab' | 'charts and samples' | 'microscope' | 'one step' | 'runs' | 'everywhere';
  readonly shortcut: Shortcut;
  /** Acts also where single keys are switched off. */
  readonly always?: boolean;
  /** Goes on while the key is held down. */
  readonly repeats?: boolean;
  readonly enabled: () => boolean;
  readonly run: () => void;
}

export interface ActionTargets {
  readonly lab: Lab;
  readonly view: StoreApi<View>;
  readonly preferences: StoreApi<Preferences>;
  readonly systemDark: () => boolean;
}

const PAGE_OF: Readonly<Record<Exclude<Action['where'], 'everywhere'>, PageId>> = {
  lab: 'lab',
  'charts and samples': 'lab',
  microscope: 'microscope',
  'one step': 'microscope',
  runs: 'runs',
};

/** Whether an action can be given while a page shows. */
export function actsOn({ where }: Action, page: PageId): boolean {
  return where === 'everywhere' || PAGE_OF[where] === page;
}

/** A reset asks first where at least this much work would be lost. */
export const ASK_ABOVE_SECONDS = 60;

/** Seconds of training that a reset would throw away. */
export function secondsDone(lab: Lab): number {
  return secondsAfter(lab.data, -1);
}

/** Seconds of training that are in no checkpoint: closing the tab would throw them away. */
export function secondsAtStake(lab: Lab): number {
  return secondsAfter(lab.data, lab.data.keeping.step ?? -1);
}

/** Whether the run is at its end: nothing goes on from there, and a step more would be the first of another run. */
export function hasEnded(lab: Lab): boolean {
  return lab.data.state === 'finished' || lab.data.state === 'failed';
}

export function createActions(targets: ActionTargets): readonly Action[] {
  const { lab, view, preferences, systemDark } = targets;
  const steps = () => lab.series.steps();
  const hasSteps = () => steps().length > 0;
  const move = (id: ActionId, label: string, shortcut: Shortcut, delta: number): Action => ({
    id,
    label,
    where: 'charts and samples',
    shortcut,
    enabled: hasSteps,
    run: () => scrub(steps(), delta),
  });
  const sample = (
    id: ActionId,
    label: string,
    shortcut: Shortcut,
    act: (held: SampleKeysTarget) => void,
  ): Action => ({
    id,
    label,
    where: 'charts and samples',
    shortcut,
    enabled: hasSteps,
    run: () => sampleKeys.press(act),
  });
  const cut = (
    id: ActionId,
    label: string,
    shortcut: Shortcut,
    direction: -1 | 1,
    by: CutMove,
  ): Action => ({
    id,
    label,
    where: 'microscope',
    shortcut,
    repeats: true,
    enabled: cutKeys.ready,
    run: () => cutKeys.move(direction, by),
  });
  return [
    {
      id: 'toggle',
      label: 'Run or pause',
      where: 'lab',
      shortcut: { key: ' ' },
      // A key that pauses must not, a moment after the end, throw the run away and start another: that takes the button.
      enabled: () =>
        (!lab.data.halting || lab.data.standing !== null) &&
        lab.data.noGpu === null &&
        !hasEnded(lab),
      run: () => (isBusy(lab.data.state) && lab.data.standing === null ? lab.pause() : lab.run()),
    },
    {
      id: 'step',
      label: 'One step, pauses first',
      where: 'lab',
      shortcut: { key: '.' },
      enabled: () => lab.data.noGpu === null && !hasEnded(lab),
      run: () => lab.step(),
    },
    {
      id: 'reset',
      label: 'Reset, same seed',
      where: 'lab',
      shortcut: { key: 'r' },
      enabled: () => lab.data.state !== 'idle',
      run: () => {
        if (secondsDone(lab) > ASK_ABOVE_SECONDS) view.setState({ dialog: 'reset' });
        else resetAll(lab);
      },
    },
    move('earlier', 'Pinned step back', { key: 'ArrowLeft' }, -1),
    move('later', 'Pinned step on', { key: 'ArrowRight' }, 1),
    move('ten-earlier', 'Ten steps back', { key: 'ArrowLeft', shift: true }, -10),
    move('ten-later', 'Ten steps on', { key: 'ArrowRight', shift: true }, 10),
    move('first', 'First step', { key: 'Home' }, Number.NEGATIVE_INFINITY),
    move('last', 'Last step', { key: 'End' }, Number.POSITIVE_INFINITY),
    {
      id: 'follow',
      label: 'Follow live',
      where: 'charts and samples',
      shortcut: { key: 'l' },
      enabled: () => true,
      run: () => useCursor.getState().unpin(),
    },
    {
      id: 'note',
      label: 'Note at the step shown',
      where: 'charts and samples',
      shortcut: { key: 'a' },
      enabled: () => canNote(lab),
      run: () => beginNote(lab),
    },
    {
      id: 'question-before',
      label: 'Previous question',
      where: 'charts and samples',
      shortcut: { key: '[' },
      enabled: hasSteps,
      run: () => showQuestion(lab.samples, -1, useCursor.getState().pinnedStep),
    },
    {
      id: 'question-after',
      label: 'Next question',
      where: 'charts and samples',
      shortcut: { key: ']' },
      enabled: hasSteps,
      run: () => showQuestion(lab.samples, 1, useCursor.getState().pinnedStep),
    },
    sample('follow-question', 'Follow this question', { key: 'p' }, (held) => held.follow()),
    sample('compare-steps', 'Compare two steps', { key: 'd' }, (held) => held.compare()),
    sample('find-samples', 'Find in samples', { key: '/' }, (held) => held.find()),
    sample('next-filter', 'Next filter', { key: 'f' }, (held) => held.nextFilter()),
    sample('next-fit', 'Next step that fits', { key: 'n' }, (held) => held.nextFit(1)),
    sample('fit-before', 'Step before that fits', { key: 'n', shift: true }, (held) =>
      held.nextFit(-1),
    ),
    cut('cut-left', 'Cut one token to the left', { key: 'ArrowLeft' }, -1, 'token'),
    cut('cut-right', 'Cut one token to the right', { key: 'ArrowRight' }, 1, 'token'),
    cut('cut-step-left', 'To the step before', { key: 'ArrowLeft', shift: true }, -1, 'step'),
    cut('cut-step-right', 'To the next step', { key: 'ArrowRight', shift: true }, 1, 'step'),
    cut('cut-first', 'Before the answer', { key: 'Home' }, -1, 'end'),
    cut('cut-last', 'After the answer', { key: 'End' }, 1, 'end'),
    {
      id: 'phase',
      label: 'Next phase of the step',
      where: 'one step',
      shortcut: { key: '.', shift: true },
      enabled: phaseKeys.ready,
      run: phaseKeys.next,
    },
    ...RUN_KEYS.map(({ id, label, shortcut }): Action => {
      const { key } = shortcut;
      return {
        ...{ id, label, where: 'runs', shortcut },
        // These are no letters, and all but the search act on the row that has the focus.
        always: key.length > 1,
        repeats: key === 'ArrowUp' || key === 'ArrowDown',
        enabled: () => runKeys.actOf(id) !== undefined,
        run: () => runKeys.actOf(id)?.(),
      };
    }),
    {
      id: 'theme',
      label: 'Theme: light, dark, system',
      where: 'everywhere',
      shortcut: { key: 't' },
      enabled: () => true,
      run: () => preferences.setState(({ theme }) => ({ theme: nextTheme(theme, systemDark()) })),
    },
    {
      id: 'help',
      label: 'Keyboard and help',
      where: 'everywhere',
      shortcut: { key: '?' },
      enabled: () => true,
      run: () => view.setState({ dialog: 'help' }),
    },
    {
      id: 'close',
      label: 'Close what floats, or unpin',
      where: 'everywhere',
      shortcut: { key: 'Escape' },
      always: true,
      enabled: () => true,
      run: () => {
        if (view.getState().toast) view.setState({ toast: null });
        else if (view.getState().message) view.setState({ message: null });
        else useCursor.getState().unpin();
      },
    },
  ];
}

/** A reset of the run and of where the reader looked. */
export function resetAll(lab: Lab): void {
  lab.resetToStart();
  useCursor.getState().release();
}

/** What a reset would throw away, in seconds done, and what it would take to the end. */
export function resetStakes(lab: Lab): { readonly done: number; readonly left: number | null } {
  const { pace } = lab.data;
  const left = () => pace && secondsLeft(pace, groupStep(lab.data), groupSteps(lab.data));
  return { done: secondsDone(lab), left: hasEnded(lab) ? null : left() };
}

/** The part of a key press that decides what it does. */
export interface KeyPress {
  readonly key: string;
  /** Where the key is on the keyboard. */
  readonly code?: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** The action a key press asks for. */
export function actionFor(
  actions: readonly Action[],
  press: KeyPress,
  shortcuts: boolean,
): Action | undefined {
  if (press.ctrlKey || press.metaKey) return undefined;
  const stop = isShiftedStop(press);
  const key = stop ? '.' : press.key.length === 1 ? press.key.toLowerCase() : press.key;
  // Whether a sign needs Shift is the layout's own.
  const shifted = key.length === 1 && !/[a-z ]/i.test(key) ? stop : press.shiftKey;
  return actions.find(
    (action) =>
      action.shortcut.key === key &&
      (action.shortcut.shift ?? false) === shifted &&
      (action.shortcut.alt ?? false) === press.altKey &&
      (shortcuts || action.always === true),
  );
}

/** Shift and the full stop write `>` on some keyboards and `:` on others. Where the stop itself needs Shift, it is no more than that. */
function isShiftedStop({ key, code, shiftKey }: KeyPress): boolean {
  return shiftKey && code === 'Period' && (key === '>' || key === ':');
}

const KEY_NAMES: Readonly<Record<string, string>> = {
  ' ': 'Space',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  Escape: 'Esc',
};

/** The keys of a shortcut as they stand on a keyboard. */
export function keyNames({ key, shift, alt }: Shortcut): readonly string[] {
  return [...(alt ? ['Alt'] : []), ...(shift ? ['Shift'] : []), KEY_NAMES[key] ?? key];
}
