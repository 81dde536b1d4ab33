/** The app: the bar, the page that the address names, and what works on every page. */
import { useEffect } from 'react';
import { actionFor, actsOn } from './actions.ts';
import { AppBar } from './components/app-bar.tsx';
import { Dialogs } from './components/dialogs.tsx';
import { LiveRegion } from './components/live-region.tsx';
import { type Page, PageContext, usePage, usePreference } from './context.ts';
import { takesKey } from './keys.ts';
import { Pages } from './page-frame.tsx';

export function App({ page }: { page: Page }) {
  return (
    <PageContext value={page}>
      <Theme />
      <Keyboard />
      <div className="shell">
        <AppBar />
        <Pages />
      </div>
      <LiveRegion />
      <Dialogs />
    </PageContext>
  );
}

/** The chosen theme on the root element; without a choice the system's own applies. */
function Theme() {
  const theme = usePreference((preferences) => preferences.theme);
  useEffect(() => {
    const root = document.documentElement;
    if (theme === 'system') delete root.dataset.theme;
    else root.dataset.theme = theme;
  }, [theme]);
  return null;
}

/** Single keys, as the table of actions binds them; those of the lab rest while another page shows. */
function Keyboard() {
  const { actions, preferences, view } = usePage();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      // Asked of the document: a dialog of a chart counts too, and one that was closed a moment ago no longer does.
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
      const here = actions.filter((known) => actsOn(known, view.getState().page));
      const action = actionFor(here, event, preferences.getState().shortcuts);
      if (!action?.enabled() || takesKey(event.target, event.key)) return;
      // Held down, only the cut goes on moving.
      if (event.repeat && action.where !== 'microscope') return;
      event.preventDefault();
      action.run();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [actions, preferences, view]);
  return null;
}
