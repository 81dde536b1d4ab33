/** The address follows the draft: a copied address is the experiment that is shown, and a reload brings it back. */
import { writeLink } from '../rl/experiment/link.ts';
import { findPreset } from '../rl/experiment/presets/index.ts';
import type { Experiment } from '../rl/experiment/schema.ts';
import type { Lab } from './lab.ts';

/** Milliseconds that a draft rests before the address changes: browsers refuse too many changes. */
const SETTLE = 300;

/** Watches the lab for as long as the page lives. A draft that nobody has chosen stands in no address. */
export function followDraft(lab: Lab): void {
  let written: Experiment | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  lab.store.subscribe(({ draft, chosen }) => {
    if (!chosen || draft === written) return;
    written = draft;
    clearTimeout(timer);
    timer = setTimeout(() => {
      const preset = findPreset(lab.data.preset);
      if (!preset) return;
      const { pathname, search } = location;
      history.replaceState(null, '', `${pathname}${search}#${writeLink(lab.data.draft, preset)}`);
    }, SETTLE);
  });
}
