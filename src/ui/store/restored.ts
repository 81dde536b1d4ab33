/** What a stored run had recorded, as the page's own. */
import type { LabEvent } from '../../lab/protocol.ts';
import { alertsOf } from '../alerts/alerts.ts';
import { settingAt, withSetting } from '../settings.ts';
import type { Change } from './changes.ts';

import { NO_EVALUATIONS } from './evaluations.ts';
import type { RunRecord } from './run-record.ts';
import type { RunData } from './runs.ts';

type Restored = Extract<LabEvent, { type: 'restored' }>;

/** What a run left, whoever did it. */
export type Recorded = Omit<Restored, 'type' | 'runId'>;

/** Gives a run's record what was stored of it. */
export function restoreRecord(into: RunRecord, { record }: Restored): void {
  const samples = new Map(record.samples.map((groups) => [groups[0].step, groups]));
  for (const { metrics, timings } of record.rows)
    into.push({ metrics, timings, samples: samples.get(metrics.step) ?? [] });
}

/** What the event changes of its run, whose record has what was stored. */
export function restoredRun(
  run: RunData,
  { step, hash, manifest, record: { changes, evaluations } }: Restored,
): Partial<RunData> {
  const { rows } = run.record;
  let { experiment } = run;
  const moved = changes.map((change): Change => {
    const { path, value } = change;
    const was = settingAt(experiment, path)?.value;
    experiment = withSetting(experiment, path, value);
    return { ...change, was };
  });
  return {
    ...{ step, hash, manifest, changes: moved, experiment },
    alerts: alertsOf(rows, experiment),
    // Numbers below those of the page's own orders.
    evaluations: {
      ...NO_EVALUATIONS,
      results: evaluations.map((one, i) => ({ ...one, id: i - evaluations.length })),
    },
  };
}
