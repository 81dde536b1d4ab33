/** The app: the bar, the page that the address names, and what works on every page. */
import { useEffect } from 'react';
import { actionFor } from './actions.ts';
import { AppBar } from './components/app-bar.tsx';
import { Dialogs } from './components/dialogs.tsx';
import { LiveRegion } from './components/live-region.tsx';
import { type Page, PageContext, usePage, usePreference } from './context.ts';
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
      if (event.defaultPrevented || event.repeat || document.querySelector('dialog[open]')) return;
      const action = actionFor(actions, event, preferences.getState().shortcuts);
      if (!action?.enabled() || takesKey(event.target, event.key)) return;
      if (action.where !== 'everywhere' && view.getState().page !== 'lab') return;
      event.preventDefault();
      action.run();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [actions, preferences, view]);
  return null;
}

/** Whether what has the focus uses the key itself: text fields all of them, buttons Space, sliders the arrows. */
export function takesKey(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest('textarea, select, [contenteditable]')) return true;
  const input = target.closest('input');
  if (input) {
    const slider = input.type === 'range' || input.type === 'radio';
    const box = input.type === 'checkbox';
    if (box) return key === ' ';
    return slider
      ? key === ' ' || key.startsWith('Arrow') || key === 'Home' || key === 'End'
      : key !== 'Escape';
  }
  if (key === ' ') return target.closest('button, summary, a, [role="button"]') !== null;
  // A region that scrolls sideways needs its arrows.
  return key.startsWith('Arrow') && target.closest('pre, [data-arrow-keys]') !== null;
}
