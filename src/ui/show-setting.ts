/** Leads the eye and the focus to a setting's control, opening the folds it stands in. */
import type { StoreApi } from 'zustand/vanilla';
import { experimentSchema } from '../rl/experiment/schema.ts';
import { describeSettings } from '../rl/experiment/settings.ts';
import { foldOf } from './components/panel-layout.ts';
import type { Preferences } from './store/preferences.ts';

/** Opens what holds the setting, then focuses its control once it is drawn. Unknown paths do nothing. */
export function showSetting(preferences: StoreApi<Preferences>, path: string): void {
  const setting = describeSettings(experimentSchema).find((known) => known.path === path);
  const fold = setting && foldOf(setting);
  if (fold) {
    const opened = { [fold.id]: true, [`${fold.id}.more`]: !fold.paths.includes(path) };
    preferences.setState(({ folds }) => ({ folds: { ...folds, ...opened } }));
  }
  requestAnimationFrame(() => {
    const rows = document.querySelectorAll<HTMLElement>('[data-path]');
    const row = [...rows].find(({ dataset }) => {
      const own = dataset.path ?? '';
      return own === path || own.startsWith(`${path}.`);
    });
    row?.scrollIntoView({ block: 'center' });
    row?.querySelector<HTMLElement>('input, select')?.focus();
  });
}
