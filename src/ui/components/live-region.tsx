/** Says milestones to screen readers (started, paused, every tenth, finished, problems) and keeps the tab's title. */
import { useEffect } from 'react';
import type { LabState } from '../../lab/protocol.ts';
import { isBusy } from '../../lab/state-machine.ts';
import { useLab, useView } from '../context.ts';
import { PAGES } from '../pages.ts';
import { runName } from '../presets.ts';
import { shownPreset } from '../store/lab-data.ts';
import { groupStep, groupSteps } from '../store/runs.ts';

export function LiveRegion() {
  const announcement = useLab((data) => data.announcement);
  const page = useView((view) => view.page);
  const run = useLab((data) =>
    tabTitle(
      data.state,
      groupStep(data),
      data.present === null ? data.draft.steps : groupSteps(data),
      runName(shownPreset(data)),
    ),
  );
  const busy = useLab((data) => isBusy(data.state));
  const label = PAGES.find(({ id }) => id === page)?.label ?? '';
  // A run that goes on stays in sight from every page.
  const title = page === 'lab' ? run : busy ? `${run} · ${label}` : `${label} · Baton`;
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <p className="sr" role="status" aria-live="polite" data-testid="announcement">
      {announcement}
    </p>
  );
}

/** `84/150 Preset` while it runs; the state once it does not. */
export function tabTitle(state: LabState, step: number, total: number, name: string): string {
  switch (state) {
    case 'idle':
      return `${name} · Baton`;
    case 'preparing':
      return `Preparing ${name}`;
    case 'running':
      return `${step}/${total} ${name}`;
    case 'paused':
      return `Paused ${step}/${total} ${name}`;
    case 'finished':
      return `Done ${name}`;
    case 'failed':
      return `Failed ${step}/${total} ${name}`;
  }
}
