/**
 * What stays between visits: the theme, single-key shortcuts, which folds are open, how often a run is kept. Never a setting of an
 * experiment.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { KEEP_CHOICES, KEEP_EVERY } from './keeping.ts';

export type Theme = 'system' | 'light' | 'dark';

export interface Preferences {
  readonly theme: Theme;
  /** Single keys act (Space, r, ...). Off leaves Esc and what the browser binds. */
  readonly shortcuts: boolean;
  /** Folds of the setup panel, by id. */
  readonly folds: Readonly<Record<string, boolean>>;
  /** Steps between checkpoints of a run in the browser's storage; null keeps nothing. It changes no bit of a run. */
  readonly keepEvery: number | null;
  /** Whether a page on which nothing has run shows a recorded run. */
  readonly recording: boolean;
}

export const DEFAULT_PREFERENCES: Preferences = {
  theme: 'system',
  shortcuts: true,
  folds: {},
  keepEvery: KEEP_EVERY,
  recording: true,
};

const KEY = 'baton.preferences';
const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

/** Reads stored preferences; whatever is missing or malformed takes its default. */
export function parsePreferences(text: string | null): Preferences {
  let raw: unknown;
  try {
    raw = JSON.parse(text ?? '{}');
  } catch {
    return DEFAULT_PREFERENCES;
  }
  if (typeof raw !== 'object' || raw === null) return DEFAULT_PREFERENCES;
  const { theme, shortcuts, folds, keepEvery, recording } = raw as Record<string, unknown>;
  const every = KEEP_CHOICES.find((known) => known === keepEvery);
  const open = typeof folds === 'object' && folds !== null ? Object.entries(folds) : [];
  return {
    theme: THEMES.find((known) => known === theme) ?? DEFAULT_PREFERENCES.theme,
    shortcuts: typeof shortcuts === 'boolean' ? shortcuts : DEFAULT_PREFERENCES.shortcuts,
    folds: Object.fromEntries(open.filter((entry) => typeof entry[1] === 'boolean')),
    keepEvery: every === undefined ? DEFAULT_PREFERENCES.keepEvery : every,
    recording: typeof recording === 'boolean' ? recording : DEFAULT_PREFERENCES.recording,
  };
}

/** A storage that may be refused, as in private windows. */
export interface TextStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** The preferences as a store that writes each change back; a storage that refuses costs only the memory. */
export function createPreferences(storage: TextStorage | null): StoreApi<Preferences> {
  const store = createStore<Preferences>(() => parsePreferences(read(storage)));
  store.subscribe((preferences) => {
    try {
      storage?.setItem(KEY, JSON.stringify(preferences));
    } catch {
      // A full or refused storage must not stop the page; the choice holds until it is closed.
    }
  });
  return store;
}

function read(storage: TextStorage | null): string | null {
  try {
    return storage?.getItem(KEY) ?? null;
  } catch {
    return null;
  }
}

/** The theme after `theme` when the button is pressed: the other one first, then back to the system's. */
export function nextTheme(theme: Theme, systemDark: boolean): Theme {
  if (theme === 'system') return systemDark ? 'light' : 'dark';
  const other = systemDark ? 'light' : 'dark';
  return theme === other ? (systemDark ? 'dark' : 'light') : 'system';
}
