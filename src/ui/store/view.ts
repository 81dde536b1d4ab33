/** What floats over the lab and which pane a phone shows: nothing of it survives a reload. */
import { createStore, type StoreApi } from 'zustand/vanilla';

export type Pane = 'setup' | 'charts' | 'samples';
export type DialogName = 'help' | 'reset';

/** A notice above the panes that a person dismisses: a bad link, a bad file. */
export interface Message {
  readonly tone: 'info' | 'warn' | 'error';
  readonly title: string;
  /** One line each; a leading dotted path is set in code. */
  readonly lines: readonly { readonly field?: string; readonly text: string }[];
  /** Where Show settings would lead, as a setting's path. */
  readonly field?: string;
}

export interface View {
  readonly dialog: DialogName | null;
  readonly pane: Pane;
  readonly toast: { readonly text: string; readonly count: number } | null;
  readonly message: Message | null;
}

export function createView(): StoreApi<View> {
  return createStore<View>(() => ({
    dialog: null,
    pane: 'charts',
    toast: null,
    message: null,
  }));
}

/** Shows a short text at the foot of the page; the same text again counts as new. */
export function showToast(view: StoreApi<View>, text: string): void {
  view.setState(({ toast }) => ({ toast: { text, count: (toast?.count ?? 0) + 1 } }));
}
