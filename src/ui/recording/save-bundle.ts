/** Runs as bundles: the same file that `lab bundle` makes of a folder. */
import { badConfig } from '../../errors.ts';
import { makeBundle } from '../../lab/bundle/bundle.ts';
import { evaluationLines } from '../../lab/bundle/evaluations.ts';
import type { StoredRun } from '../../lab/run-store/read-stored.ts';
import type { Evaluated } from '../../lab/run-store/run-record.ts';
import type { Manifest, MetricsRow, SampleGroup, TimingsRow } from '../../rl/records.ts';
import { jsonLines } from '../export.ts';
import type { Lab } from '../lab.ts';
import type { RunData } from '../store/runs.ts';

/** What a run leaves, wherever it is kept. */
interface Left {
  readonly manifest: Manifest | null;
  readonly rows: readonly MetricsRow[];
  readonly timings: readonly TimingsRow[];
  readonly samples: readonly SampleGroup[];
  /** Settings that were moved while it went on. */
  readonly changes: readonly { readonly step: number; readonly path: string }[];
  /** Those that a person ordered. */
  readonly evaluations: readonly Evaluated[];
}

/** @throws BatonError BadConfig, whose field is the setting, where one was changed while the run went: nobody could run it again */
function filesOf(left: Left): Map<string, Uint8Array> {
  const { manifest, rows, timings, samples, changes, evaluations } = left;
  const [changed] = changes;
  if (changed) {
    throw badConfig(
      changed.path,
      `${changed.path} was changed at step ${changed.step} of this run, so no experiment gives its rows again`,
      'Export its metrics and samples by themselves. A run whose settings stay can be bundled.',
    );
  }
  const text = (content: string) => new TextEncoder().encode(content);
  return new Map([
    ['manifest.json', text(`${JSON.stringify(manifest, null, 2)}\n`)],
    ['metrics.jsonl', text(jsonLines(rows))],
    ['timings.jsonl', text(timings.map((row) => `${JSON.stringify(row)}\n`).join(''))],
    ['samples.jsonl', text(jsonLines(samples))],
    ...(evaluations.length > 0
      ? [['evaluations.jsonl', text(evaluationLines(evaluations))] as const]
      : []),
  ]);
}

/**
 * The page's run: its manifest, rows, times, the samples that are kept, what was evaluated, and its model as it is now where that can be read.
 * @throws BatonError BadConfig where a setting was changed while it went
 */
export async function runBundle(lab: Lab, run: RunData): Promise<Uint8Array> {
  const { manifest, record, changes } = run;
  const { rows, timings, samples } = record;
  const groups = samples.steps().flatMap((step) => samples.at(step));
  const evaluations = run.evaluations.results;
  const files = filesOf({ manifest, rows, timings, samples: groups, changes, evaluations });
  // A run that was reset or lost its device has no model to read any more.
  const model = await lab.exportModel(run.id).catch(() => null);
  if (model) files.set('model/model.safetensors', new Uint8Array(model));
  return makeBundle(files);
}

/** A run that is kept in the browser, up to its last checkpoint; without its model. @throws as `runBundle` */
export function storedBundle({
  manifest,
  record,
}: Pick<StoredRun, 'manifest' | 'record'>): Promise<Uint8Array> {
  const { rows, samples, changes, evaluations } = record;
  return makeBundle(
    filesOf({
      ...{ manifest, changes, evaluations, samples: samples.flat() },
      rows: rows.map(({ metrics }) => metrics),
      timings: rows.map(({ timings }) => timings),
    }),
  );
}
