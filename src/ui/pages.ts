/**
 * The pages of the app by name, in the order of the bar. The address (`?page=ID`), the bar and the tab's title follow from this
 * list; page-frame.tsx says what each of them shows.
 */

/** The first page is the one without a name in the address. */
export const PAGES = [
  { id: 'lab', label: 'Lab' },
  { id: 'microscope', label: 'Microscope' },
  { id: 'kernels', label: 'Kernels' },
  { id: 'runs', label: 'Runs' },
  { id: 'glossary', label: 'Glossary' },
] as const satisfies readonly { readonly id: string; readonly label: string }[];

export type PageId = (typeof PAGES)[number]['id'];

/** Where the app opens without a page in the address. */
export const FIRST_PAGE: PageId = PAGES[0].id;

/** The page of an address's query; the first where it names none that exists. */
export function pageOf(search: string): PageId {
  const id = new URLSearchParams(search).get('page');
  return PAGES.find((page) => page.id === id)?.id ?? FIRST_PAGE;
}

/** The address of a page, relative to the one given: another query, and the experiment of the hash untouched. */
export function pageAddress(page: PageId, hash: string): string {
  return `${page === FIRST_PAGE ? './' : `?page=${page}`}${hash}`;
}
