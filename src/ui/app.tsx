/** The page: the lab where there is a GPU, what is missing where there is none. */
import { useEffect } from 'react';
import { actionFor } from './actions.ts';
import { AppBar } from './components/app-bar.tsx';
import { ChartsPane } from './components/charts-pane.tsx';
import { Dialogs } from './components/dialogs.tsx';
import { LiveRegion } from './components/live-region.tsx';
import { NoWebGpu } from './components/no-webgpu.tsx';
import { RunBar } from './components/run-bar.tsx';
import { SamplesPane } from './components/samples-pane.tsx';
import { SetupPanel } from './components/setup-panel.tsx';
import { type Page, PageContext, useLab, usePage, usePreference, useView } from './context.ts';
import type { Pane } from './store/view.ts';

export function App({ page }: { page: Page }) {
  return (
    <PageContext value={page}>
      <Theme />
      <Keyboard />
      <Body />
      <LiveRegion />
      <Dialogs />
    </PageContext>
  );
}

function Body() {
  const noGpu = useLab((data) => data.noGpu);
  const pane = useView((view) => view.pane);
  if (noGpu) {
    return (
      <div className="shell">
        <AppBar />
        <NoWebGpu error={noGpu} />
      </div>
    );
  }
  return (
    <div className="lab" data-pane={pane}>
      <AppBar />
      <RunBar />
      <SetupPanel />
      <ChartsPane />
      <SamplesPane />
      <Panes />
    </div>
  );
}

const PANES: readonly (readonly [Pane, string])[] = [
  ['setup', 'Setup'],
  ['charts', 'Charts'],
  ['samples', 'Samples'],
];

/** One pane at a time on small screens: the bar at the foot. */
function Panes() {
  const { view } = usePage();
  const pane = useView((state) => state.pane);
  return (
    <nav className="panes" aria-label="Panes">
      {PANES.map(([id, label]) => (
        <button
          key={id}
          type="button"
          aria-pressed={pane === id}
          onClick={() => view.setState({ pane: id })}
        >
          {label}
        </button>
      ))}
    </nav>
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

/** Single keys, as the table of actions binds them. */
function Keyboard() {
  const { actions, preferences } = usePage();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      // Asked of the document: a dialog of a chart counts too, and one that was closed a moment ago no longer does.
      if (event.defaultPrevented || event.repeat || document.querySelector('dialog[open]')) return;
      const action = actionFor(actions, event, preferences.getState().shortcuts);
      if (!action?.enabled() || takesKey(event.target, event.key)) return;
      event.preventDefault();
      action.run();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [actions, preferences]);
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
