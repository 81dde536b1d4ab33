/** The keys of the page, as the table of actions binds them; those of a page rest while another shows. */
import { useEffect } from 'react';
import { actionFor, actsOn } from '../actions.ts';
import { usePage } from '../context.ts';
import { takesKey } from '../keys.ts';

export function Keyboard() {
  const { actions, preferences, view } = usePage();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      // Asked of the document: a dialog of a chart counts too, and one that was closed a moment ago no longer does.
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
      const here = actions.filter((known) => actsOn(known, view.getState().page));
      const action = actionFor(here, event, preferences.getState().shortcuts);
      if (!action?.enabled() || takesKey(event.target, event.key)) return;
      if (event.repeat && !action.repeats) return;
      event.preventDefault();
      action.run();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [actions, preferences, view]);
  return null;
}
