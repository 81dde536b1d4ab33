/** Which page shows, what floats over it and which pane a phone shows: only the page, in the address, survives a reload. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { FIRST_PAGE, type PageId } from '../pages.ts';

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
  readonly page: PageId;
  /** Pages shown so far, this one included: they keep their state while another shows. */
  readonly visited: readonly PageId[];
  readonly dialog: DialogName | null;
  readonly pane: Pane;
  readonly toast: { readonly text: string; readonly count: number } | null;
  readonly message: Message | null;
  /** The kernel that the Kernels page has been asked to open, with the file to show of it. */
  readonly kernel: { readonly id: string; readonly file: string } | null;
  /** The microscope that somebody has chosen, by id; null as the address says. */
  readonly scope: string | null;
}

export function createView(page: PageId = FIRST_PAGE): StoreApi<View> {
  return createStore<View>(() => ({
    page,
    visited: [page],
    dialog: null,
    pane: 'charts',
    toast: null,
    message: null,
    kernel: null,
    scope: null,
  }));
}

/** Shows a short text at the foot of the page; the same text again counts as new. */
export function showToast(view: StoreApi<View>, text: string): void {
  view.setState(({ toast }) => ({ toast: { text, count: (toast?.count ?? 0) + 1 } }));
}

/** Shows a page. Dialogs and toasts belong to the page before and close. */
export function showPage(view: StoreApi<View>, page: PageId): void {
  if (view.getState().page === page) return;
  view.setState(({ visited }) => ({
    page,
    visited: visited.includes(page) ? visited : [...visited, page],
    dialog: null,
    toast: null,
  }));
}
