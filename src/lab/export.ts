/** A run's model for the page, read in its turn, between two steps. */
import { toReport } from '../errors.ts';
import type { OrderHost } from './evaluation.ts';
import type { Group } from './group.ts';
import type { ExportedModel } from './protocol.ts';

/** Posts the present model of a run, or why there is none. The run does not depend on it. */
export async function exportModel(
  group: Group,
  { runId, model }: { readonly runId: string; readonly model?: ExportedModel },
  { post, survive }: OrderHost,
): Promise<void> {
  const arm = group.arm(runId);
  if (!arm) return;
  try {
    const bytes = await group.takeTurn(() => survive(group, () => arm.exportModel(model)));
    post({ type: 'model', runId, bytes }, [bytes]);
  } catch (error) {
    post({ type: 'not-exported', runId, error: toReport(error) });
  }
}
