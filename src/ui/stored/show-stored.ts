/** Stored runs in the lab, to look at: one group as it was, or several beside each other. */
import { toReport } from '../../errors.ts';
import type { StoredGroup } from '../../lab/run-store/read-stored.ts';
import { placeOf } from '../../lab/run-store/step-notes.ts';
import type { Page } from '../context.ts';
import { planOfStored } from '../keep.ts';
import { MOST_RUNS, type Plan, planOf } from '../plan.ts';
import type { Recorded } from '../store/restored.ts';
import { showLabPage } from './resume.ts';

/** How groups are called beside each other: by the settings in which their runs differ; one group keeps its own names. */
export function planOfGroups(groups: readonly StoredGroup[]): Plan {
  const [first] = groups;
  if (groups.length === 1) return planOfStored(first.seal);
  const plan = planOf(groups.flatMap(({ seal }) => seal.runs.map(({ experiment }) => experiment)));
  return { ...plan, note: 'Stored runs beside each other, called by what differs between them.' };
}

/** Shows stored groups in the lab; what cannot be read is told, and nothing is changed. */
export async function showStored(page: Page, ids: readonly string[]): Promise<void> {
  const groups = await page.stored.read(ids);
  if (!groups) return;
  try {
    const plan = planOfGroups(groups);
    const recorded = groups.flatMap(({ runs }) =>
      runs.map(({ step, hash, manifest, record }): Recorded => ({ step, hash, manifest, record })),
    );
    showLabPage(page);
    const places = groups.flatMap(({ runs }, i) => runs.map((_, n) => placeOf(ids[i], n)));
    page.lab.showRecorded(plan, 'this browser', recorded, places);
  } catch (error) {
    page.stored.store.setState({ problem: toReport(error) });
  }
}

/** Whether so many groups fit beside each other. */
export function fitTogether(
  groups: readonly { readonly seal: StoredGroup['seal'] | null }[],
): boolean {
  const runs = groups.reduce((sum, { seal }) => sum + (seal?.runs.length ?? 0), 0);
  return runs > 0 && runs <= MOST_RUNS;
}
