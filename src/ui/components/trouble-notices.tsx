/** What goes wrong with a run's critic or discriminator, in words, once for all runs that it happens to. */
import { useShallow } from 'zustand/react/shallow';
import { useLab, usePage } from '../context.ts';
import { settingAt } from '../settings.ts';
import { showSetting } from '../show-setting.ts';
import { type LabData, shownExperiment } from '../store/lab-data.ts';
import { presentRuns } from '../store/runs.ts';
import { TROUBLES, type Trouble } from '../store/troubles.ts';
import { Act, Notice } from './notice.tsx';
import { WronglyPaidList } from './wrongly-paid.tsx';

/** The troubles of the runs that are shown, each once. */
export function useTroubles(): readonly Trouble[] {
  return useLab(useShallow(troublesOf));
}

function troublesOf(data: LabData): readonly Trouble[] {
  if (data.state === 'idle') return [];
  return [...new Set(presentRuns(data).flatMap(({ troubles }) => troubles))];
}

export function TroubleNotice({ told }: { readonly told: Trouble }) {
  const { preferences } = usePage();
  const runs = useLab((data) => runsWith(data, told));
  const { title, why, setting } = TROUBLES[told];
  // A reward that was learned elsewhere has no setting of how it learns.
  const known = useLab((data) => settingAt(shownExperiment(data), setting) !== undefined);
  return (
    <Notice
      tone="warn"
      title={title}
      acts={
        known ? (
          <Act onClick={() => showSetting(preferences, setting)}>Show settings</Act>
        ) : undefined
      }
    >
      <p>
        {why}
        {runs}
      </p>
      {told === 'hacked' ? <WronglyPaidList trouble={told} /> : null}
    </Notice>
  );
}

/** Which of several runs it is; empty where there is one. */
function runsWith(data: LabData, trouble: Trouble): string {
  const runs = presentRuns(data);
  if (runs.length < 2) return '';
  const names = runs.filter(({ troubles }) => troubles.includes(trouble));
  return ` Seen in ${names.map(({ label }) => label).join(', ')}.`;
}
