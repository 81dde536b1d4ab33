/** A group of runs as the storage names it, and back. */
import type { Keep } from '../lab/protocol.ts';
import { damaged, type Seal } from '../lab/run-store/seal.ts';
import { placeOf } from '../lab/run-store/step-notes.ts';
import { parseExperiment } from '../rl/experiment/schema.ts';
import type { Plan, PlannedRun } from './plan.ts';
import { runName } from './presets.ts';

/** A stored group that can be gone on with. */
export interface Resumable {
  readonly id: string;
  readonly seal: Seal;
}

/** How a group that starts now is kept. @param every steps between checkpoints */
export function keepOf({ preset, title, note, runs }: Plan, every: number): Keep {
  const created = new Date().toISOString();
  // The time first, so that names are in the order of the runs.
  const id = `${created.slice(0, 19).replace(/\D/g, '')}-${crypto.randomUUID().slice(0, 8)}`;
  return {
    ...{ id, every },
    about: {
      ...{ title: title ?? runName(preset), preset, created },
      ...(note !== undefined && { note }),
    },
    runs: runs.map(({ label, apart }) => ({ label, apart })),
  };
}

/** The places of a kept group's runs in the store; none where it is not kept. */
export function placesOf(keep: Keep | null): readonly string[] {
  return keep?.runs.map((_, i) => placeOf(keep.id, i)) ?? [];
}

/** What was started, as it began. @throws BatonError BadFile where this build cannot read an experiment of it */
export function planOfStored({ about: { preset, note }, runs }: Seal): Plan {
  const [first, ...others] = runs.map(({ label, apart, experiment }): PlannedRun => {
    const parsed = parseExperiment(experiment);
    if (parsed.ok) return { label, apart, experiment: parsed.experiment };
    throw damaged('experiment', `is not one of this build: ${parsed.problems[0]?.message}`);
  });
  return { preset, ...(note !== undefined && { note }), runs: [first, ...others] };
}
