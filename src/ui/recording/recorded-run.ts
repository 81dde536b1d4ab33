/** What a bundle's run left, as a stored run leaves it: so a recording fills the same charts, samples and notices. */
import type { Bundle } from '../../lab/bundle/bundle.ts';
import type { SampleGroup } from '../../rl/records.ts';
import type { Recorded } from '../store/restored.ts';

export function recordedRun(bundle: Bundle): Recorded {
  const { metrics, timings, samples, evaluations, manifest, hash } = bundle;
  const times = new Map(timings.map((row) => [row.step, row]));
  const groups = new Map<number, SampleGroup[]>();
  for (const group of samples) groups.set(group.step, [...(groups.get(group.step) ?? []), group]);
  const untimed = { step_time: 0, phases: {}, tokens_per_second: {} };
  return {
    ...{ hash, manifest },
    step: metrics.at(-1)?.step ?? 0,
    record: {
      rows: metrics.map((row) => ({
        metrics: row,
        timings: times.get(row.step) ?? { step: row.step, ...untimed },
      })),
      samples: [...groups.values()],
      changes: [],
      evaluations,
    },
  };
}
