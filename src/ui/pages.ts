/**
 * The pages of the app, in the order of the bar. A new page is one entry here: the address (`?page=ID`), the bar, the tab's
 * title and the loading of its code follow from it.
 */
import type { ComponentType } from 'react';
import { FIRST_PAGE } from './store/view.ts';

export interface PageEntry {
  /** In the address, `?page=kernels`; the first page has none. */
  readonly id: string;
  readonly label: string;
  /** Loads the page's component, with its code, when it is first shown. It holds one `h1` and one `main`. */
  readonly load: () => Promise<ComponentType>;
}

export const PAGES = [
  { id: 'lab', label: 'Lab', load: async () => (await import('./lab-page.tsx')).LabPage },
  {
    id: 'microscope',
    label: 'Microscope',
    load: async () => (await import('./microscope/microscope-page.tsx')).MicroscopePage,
  },
  {
    id: 'kernels',
    label: 'Kernels',
    load: async () => (await import('./kernels/kernels-page.tsx')).KernelsPage,
  },
] as const satisfies readonly PageEntry[];

export type PageId = (typeof PAGES)[number]['id'];

/** The page of an address's query; the first where it names none that exists. */
export function pageOf(search: string): PageId {
  const id = new URLSearchParams(search).get('page');
  return PAGES.find((page) => page.id === id)?.id ?? FIRST_PAGE;
}
