import { beforeEach, describe, expect, test } from 'vitest';
import {
  actionFor,
  actsOn,
  createActions,
  type KeyPress,
  keyNames,
  resetStakes,
} from './actions.ts';
import { useCursor } from './charts/cursor-store.ts';
import { Lab } from './lab.ts';
import { PAGES, type PageId } from './pages.ts';
import {
  createPreferences,
  DEFAULT_PREFERENCES,
  nextTheme,
  parsePreferences,
} from './store/preferences.ts';
import { createView } from './store/view.ts';
import { FakeLab } from './testing/fake-lab.ts';

function make() {
  const worker = new FakeLab();
  const lab = new Lab({ spawn: () => worker });
  const view = createView();
  const preferences = createPreferences(null);
  const actions = createActions({ lab, view, preferences, systemDark: () => false });
  return { lab, worker, view, preferences, actions };
}

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more,
});

/** Shift and the full stop, on an English keyboard. */
const SHIFTED_STOP = press('>', { shiftKey: true, code: 'Period' });

beforeEach(() => useCursor.getState().release());

describe('the table of actions', () => {
  test('no two actions of a page share a key', () => {
    for (const { id } of PAGES) {
      const here = make().actions.filter((action) => actsOn(action, id));
      const keys = here.map(({ shortcut }) => keyNames(shortcut).join('+'));
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  test('every action is found by its own key on some page, and those of everywhere on each', () => {
    const { actions } = make();
    for (const action of actions) {
      const { key, shift = false, alt = false } = action.shortcut;
      const pages = PAGES.filter(({ id }) => actsOn(action, id));
      expect(pages.length).toBe(action.where === 'everywhere' ? PAGES.length : 1);
      for (const { id } of pages) {
        const here = actions.filter((known) => actsOn(known, id));
        const pressed =
          action.id === 'phase' ? SHIFTED_STOP : press(key, { shiftKey: shift, altKey: alt });
        expect(actionFor(here, pressed, true)).toBe(action);
      }
    }
  });

  test('? needs Shift on most keyboards and is found with it', () => {
    const { actions } = make();
    expect(actionFor(actions, press('?', { shiftKey: true }), true)?.id).toBe('help');
  });

  test('Shift and the full stop is the next phase on the keyboards that write > or : there, and no other sign is', () => {
    const found = (more: Partial<KeyPress> & { readonly key: string }, page: PageId) => {
      const { actions } = make();
      return actionFor(
        actions.filter((one) => actsOn(one, page)),
        press(more.key, more),
        true,
      )?.id;
    };
    const shifted = { shiftKey: true, code: 'Period' };
    expect(found({ key: '>', ...shifted }, 'microscope')).toBe('phase');
    expect(found({ key: ':', ...shifted }, 'microscope')).toBe('phase');
    expect(found({ key: '.', code: 'Period' }, 'microscope')).toBeUndefined();
    expect(found({ key: '>', ...shifted }, 'lab')).toBeUndefined();
    // A French keyboard has the stop itself above Shift, and a stroke on the place of the English stop.
    expect(found({ key: '.', shiftKey: true, code: 'Comma' }, 'lab')).toBe('step');
    expect(found({ key: '/', ...shifted }, 'lab')).toBe('find-samples');
  });

  test('keys of the browser are left alone', () => {
    const { actions } = make();
    expect(actionFor(actions, press('r', { ctrlKey: true }), true)).toBeUndefined();
    expect(actionFor(actions, press('t', { metaKey: true }), true)).toBeUndefined();
    expect(actionFor(actions, press('ArrowLeft', { altKey: true }), true)).toBeUndefined();
  });

  test('with single keys off Esc acts and, on Runs, what is no sign; the row in focus says on what', () => {
    const { actions } = make();
    const left = (page: PageId) => {
      const here = actions.filter((action) => actsOn(action, page));
      const acts = here.filter(({ shortcut: { key, shift = false, alt = false } }) =>
        actionFor(here, press(key, { shiftKey: shift, altKey: alt }), false),
      );
      return acts.map(({ shortcut }) => keyNames(shortcut).join('+'));
    };
    const rows = ['Down', 'Up', 'Right', 'Left', 'Enter', 'F2', 'Delete', 'Alt+Up', 'Alt+Down'];
    for (const { id } of PAGES) {
      expect(left(id)).toEqual([...(id === 'runs' ? rows : []), 'Esc']);
    }
  });

  test('a reset asks only where more than a minute would be lost', async () => {
    const { lab, worker, view, actions } = make();
    const reset = actions.find(({ id }) => id === 'reset');
    expect(reset?.enabled()).toBe(false);
    lab.run();
    await new Promise((resolve) => setTimeout(resolve, 0));
    worker.tick();
    reset?.run();
    expect(lab.data.state).toBe('idle');
    lab.run();
    await new Promise((resolve) => setTimeout(resolve, 0));
    for (let i = 0; i < 90; i += 1) worker.tick();
    reset?.run();
    expect(view.getState().dialog).toBe('reset');
    expect(lab.rows).toHaveLength(90);
  });

  test('a finished run is lost by no single key: run and step rest, a reset of it asks', async () => {
    const { lab, worker, view, actions } = make();
    const enabled = (id: string) => actions.find((action) => action.id === id)?.enabled();
    lab.run();
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect([enabled('toggle'), enabled('step')]).toEqual([true, true]);
    while (lab.data.state === 'running') worker.tick();
    expect(lab.data.state).toBe('finished');
    expect([enabled('toggle'), enabled('step')]).toEqual([false, false]);
    const { length } = lab.rows;
    actions.find(({ id }) => id === 'reset')?.run();
    expect(view.getState().dialog).toBe('reset');
    expect(resetStakes(lab).left).toBeNull();
    expect(lab.rows).toHaveLength(length);
  });
});

describe('preferences', () => {
  test('whatever stands in the storage, the preferences are whole', () => {
    for (const text of [
      null,
      '',
      'null',
      '[]',
      '{"theme":"pink","folds":5}',
      '{"shortcuts":"no"}',
    ]) {
      expect(parsePreferences(text)).toEqual(DEFAULT_PREFERENCES);
    }
    expect(parsePreferences('{"theme":"dark","folds":{"a":true,"b":1},"keepEvery":7}')).toEqual({
      theme: 'dark',
      shortcuts: true,
      folds: { a: true },
      keepEvery: DEFAULT_PREFERENCES.keepEvery,
      recording: DEFAULT_PREFERENCES.recording,
    });
    expect(parsePreferences('{"keepEvery":null}').keepEvery).toBeNull();
  });

  test('three presses of the theme button lead back to the system', () => {
    for (const systemDark of [true, false]) {
      const first = nextTheme('system', systemDark);
      expect(first).toBe(systemDark ? 'light' : 'dark');
      const second = nextTheme(first, systemDark);
      expect(second).not.toBe(first);
      expect(nextTheme(second, systemDark)).toBe('system');
    }
  });

  test('a storage that refuses does not stop the page', () => {
    const refusing = {
      getItem: () => {
        throw new Error('refused');
      },
      setItem: () => {
        throw new Error('refused');
      },
    };
    const store = createPreferences(refusing);
    store.setState({ theme: 'dark' });
    expect(store.getState().theme).toBe('dark');
  });
});
