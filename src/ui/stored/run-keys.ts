/** The keys of the Runs page, and what they act on: the row that has the focus, in the table or in the queue, and the search field. */

/** What each key does, and its key. */
export const RUN_KEYS = [
  { id: 'run-below', label: 'Row below', shortcut: { key: 'ArrowDown' } },
  { id: 'run-above', label: 'Row above', shortcut: { key: 'ArrowUp' } },
  { id: 'show-seeds', label: 'Show its seeds', shortcut: { key: 'ArrowRight' } },
  { id: 'hide-seeds', label: 'Hide its seeds', shortcut: { key: 'ArrowLeft' } },
  { id: 'open-run', label: 'Open in the lab', shortcut: { key: 'Enter' } },
  { id: 'compare-run', label: 'Compare, or no longer', shortcut: { key: 'x' } },
  { id: 'pin-run', label: 'Pin, or unpin', shortcut: { key: 'p' } },
  { id: 'rename-run', label: 'Rename', shortcut: { key: 'F2' } },
  { id: 'remove-run', label: 'Delete, or take from the queue', shortcut: { key: 'Delete' } },
  { id: 'run-sooner', label: 'Earlier in the queue', shortcut: { key: 'ArrowUp', alt: true } },
  { id: 'run-later', label: 'Later in the queue', shortcut: { key: 'ArrowDown', alt: true } },
  { id: 'find-runs', label: 'Find a run', shortcut: { key: '/' } },
] as const;

export type RunKey = (typeof RUN_KEYS)[number]['id'];

/** What a key does now; undefined where it does nothing, as while the focus is elsewhere. */
type ActOf = (key: RunKey) => (() => void) | undefined;

const holders = new Set<ActOf>();

export const runKeys = {
  /** Gives the keys to a part of the page; returns how to take them away again. */
  hold(holder: ActOf): () => void {
    holders.add(holder);
    return () => holders.delete(holder);
  },
  actOf(key: RunKey): (() => void) | undefined {
    for (const holder of holders) {
      const act = holder(key);
      if (act) return act;
    }
    return undefined;
  },
};
