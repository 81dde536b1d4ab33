/** Says before Run that prompts and completions do not fit the policy, and sets what would. */
import { useMemo } from 'react';
import { useLab, usePage } from '../context.ts';
import { misfitOfDraft } from '../plan.ts';
import { settingAt } from '../settings.ts';
import { showSetting } from '../show-setting.ts';
import { Act, Notice } from './notice.tsx';

export function FitNotice() {
  const { lab, preferences } = usePage();
  const draft = useLab((data) => data.draft);
  const preset = useLab((data) => data.preset);
  const misfit = useMemo(() => misfitOfDraft({ draft, preset }), [draft, preset]);
  if (!misfit?.field) return null;
  const { field, message, remedy } = misfit;
  const label = settingAt(draft, field)?.setting.label;
  const most = Number(/^At most (\d+) fit/.exec(remedy)?.[1] ?? Number.NaN);
  return (
    <Notice
      tone="warn"
      title="This does not fit the policy"
      acts={
        <>
          {label !== undefined && most > 0 && (
            <Act
              primary
              onClick={() => {
                lab.dismissFailure();
                lab.setSetting(field, most);
              }}
            >
              {label} {most}
            </Act>
          )}
          <Act onClick={() => showSetting(preferences, field)}>Show settings</Act>
        </>
      }
    >
      <p>
        {message}. {remedy}
      </p>
    </Notice>
  );
}
