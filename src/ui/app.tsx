/** The app: the bar, the page that the address names, and what works on every page. */
import { useEffect } from 'react';
import { AppBar } from './components/app-bar.tsx';
import { Dialogs } from './components/dialogs.tsx';
import { Keyboard } from './components/keyboard.tsx';
import { LiveRegion } from './components/live-region.tsx';
import { type Page, PageContext, usePreference } from './context.ts';
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
