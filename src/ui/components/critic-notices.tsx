/** What goes wrong with a critic that compares answers, in words, once for all runs that it happens to. */
import { useShallow } from 'zustand/react/shallow';
import { useLab, usePage } from '../context.ts';
import { showSetting } from '../show-setting.ts';
import { CRITIC_TROUBLES, type CriticTrouble } from '../store/critic-troubles.ts';
import type { LabData } from '../store/lab-data.ts';
import { presentRuns } from '../store/runs.ts';
import { Act, Notice } from './notice.tsx';

/** The troubles of the runs that are shown, each once. */
export function useCriticTroubles(): readonly CriticTrouble[] {
  return useLab(useShallow(troublesOf));
}

function troublesOf(data: LabData): readonly CriticTrouble[] {
  if (data.state === 'idle') return [];
  return [...new Set(presentRuns(data).flatMap(({ criticTroubles }) => criticTroubles))];
}

export function CriticNotice({ told }: { readonly told: CriticTrouble }) {
  const { preferences } = usePage();
  const runs = useLab((data) => runsWith(data, told));
  const { title, why, setting } = CRITIC_TROUBLES[told];
  return (
    <Notice
      tone="warn"
      title={title}
      acts={<Act onClick={() => showSetting(preferences, setting)}>Show settings</Act>}
    >
      <p>
        {why}
        {runs}
      </p>
    </Notice>
  );
}

/** Which of several runs it is; empty where there is one. */
function runsWith(data: LabData, trouble: CriticTrouble): string {
  const runs = presentRuns(data);
  if (runs.length < 2) return '';
  const names = runs.filter(({ criticTroubles }) => criticTroubles.includes(trouble));
  return ` Seen in ${names.map(({ label }) => label).join(', ')}.`;
}
