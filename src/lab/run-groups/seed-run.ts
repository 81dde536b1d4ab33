/** One stored run in numbers: what lists and comparisons of many runs need, without its state and samples. */
import { sha256Hex } from '../../model/load.ts';
import { canonicalJson, identityText } from '../../rl/experiment/canonical.ts';
import { type Experiment, parseExperiment } from '../../rl/experiment/schema.ts';
import type { Manifest, MetricsRow } from '../../rl/records.ts';
import type { RunRecord } from '../run-store/run-record.ts';
import type { Listed } from '../run-store/run-shelf.ts';
import type { Seal } from '../run-store/seal.ts';

/** `open` is held by a lab, `unfinished` may be gone on with, `stopped` was ended before its last step. */
export type SeedState = 'done' | 'open' | 'unfinished' | 'stopped';

export interface SeedRun {
  /** Its folder and its place in it. */
  readonly id: string;
  readonly stored: string;
  /** Its place in the folder, from 0. */
  readonly place: number;
  /** Equal for runs that differ in the seed alone: settings, live changes, adapter and changed kernels are the same. */
  readonly key: string;
  /** What it was called when it began. */
  readonly name: string;
  readonly preset: string;
  /** ISO 8601. */
  readonly created: string;
  readonly saved: string;
  /** As it began. */
  readonly experiment: Experiment;
  readonly seed: number;
  readonly adapter: string;
  readonly build: string;
  /** Of what it ran; empty where its manifest has none. */
  readonly experimentHash: string;
  /** Hash of its rows. */
  readonly hash: string;
  readonly step: number;
  readonly state: SeedState;
  readonly changes: RunRecord['changes'];
  readonly metrics: readonly MetricsRow[];
  /** Of its folder, which holds the runs beside it too. */
  readonly bytes: number;
  /** Median over its steps; null where none was timed. */
  readonly secondsPerStep: number | null;
}

/** The runs of a stored group, those whose settings this build can read. */
export async function seedRuns(
  { id, seal, held, bytes }: Pick<Listed, 'id' | 'held' | 'bytes'> & { readonly seal: Seal },
  records: readonly RunRecord[],
): Promise<readonly SeedRun[]> {
  const runs: SeedRun[] = [];
  for (const [i, sealed] of seal.runs.entries()) {
    const parsed = parseExperiment(sealed.experiment);
    if (!parsed.ok) continue;
    const { experiment } = parsed;
    const { rows = [], changes = [] } = records[i] ?? {};
    const { adapter = '', build = '', changed_kernels = [] } = sealed.manifest as Partial<Manifest>;
    const { experiment_hash: experimentHash = '' } = sealed.manifest as Partial<Manifest>;
    const { step, hash } = sealed;
    const kernels = changed_kernels.map(({ file, sha256, from_step }) => [file, sha256, from_step]);
    runs.push({
      ...{
        id: `${id}/${i}`,
        stored: id,
        place: i,
        key: await keyOf(experiment, [adapter, kernels, changes]),
      },
      ...{ name: nameOf(seal, i), preset: seal.about.preset },
      ...{ created: seal.about.created, saved: seal.saved, experiment, seed: experiment.seed },
      ...{
        adapter,
        build,
        hash,
        step,
        state: stateOf(seal, held, step, experiment.steps),
        changes,
      },
      ...{ bytes, experimentHash },
      metrics: rows.map(({ metrics }) => metrics),
      secondsPerStep: median(
        rows.flatMap(({ timings }) => (timings.step > 0 ? timings.step_time : [])),
      ),
    });
  }
  return runs;
}

/** @param beside what tells runs apart beside their settings */
export async function keyOf(experiment: Experiment, beside: unknown): Promise<string> {
  const text = canonicalJson({ experiment: identityText({ ...experiment, seed: 0 }), beside });
  return (await sha256Hex(new TextEncoder().encode(text))).slice(0, 16);
}

/** Runs that went side by side have names of their own; one that is called by its seed has the group's. */
function nameOf({ about, runs }: Seal, i: number): string {
  const { label } = runs[i];
  return runs.length === 1 || label === '' || /^Seed \d+/.test(label) ? about.title : label;
}

function stateOf({ state }: Seal, held: boolean, step: number, steps: number): SeedState {
  if (step >= steps && state !== 'open') return 'done';
  if (held) return 'open';
  return state === 'open' ? 'unfinished' : 'stopped';
}

function median(values: readonly number[]): number | null {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  return sorted.length === 0 ? null : sorted[Math.floor(sorted.length / 2)];
}
