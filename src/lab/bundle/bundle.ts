/**
 * A run as one file: what its folder holds, in a gzip-compressed tar, with `bundle.json` first, which lists the length and SHA-256 of every other file. A
 * bundle is read whole and checked whole before anything of it is used.
 */
import * as z from 'zod/mini';
import { sha256Hex } from '../../model/load.ts';
import { experimentHash } from '../../rl/experiment/canonical.ts';
import { type Experiment, parseExperiment } from '../../rl/experiment/schema.ts';
import type { Manifest, MetricsRow, SampleGroup, TimingsRow } from '../../rl/records.ts';
import { chainHash } from '../../rl/step-metrics.ts';
import { isShallow } from '../../untrusted.ts';
import type { Evaluated } from '../run-store/run-record.ts';
import { MOST_EVALUATIONS, readEvaluation } from './evaluations.ts';
import { badBundle, pack, unpack } from './packed-files.ts';
import { rowSchema, samplesSchema, timingsSchema } from './records.ts';

const VERSION = 1;
const HEAD = 'bundle.json';
/** Of a run, by name; timings and samples are there where they were kept, evaluations where a person ordered some. */
export const RECORDS = [
  'manifest.json',
  'metrics.jsonl',
  'timings.jsonl',
  'samples.jsonl',
  'evaluations.jsonl',
] as const;
type RecordName = (typeof RECORDS)[number];
const NEEDED: readonly RecordName[] = ['manifest.json', 'metrics.jsonl'];
const MODEL = 'model/';

const hex64 = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const headSchema = z.object({
  format: z.literal('baton-run'),
  version: z.literal(VERSION),
  files: z.record(z.string(), z.object({ bytes: z.number(), sha256: hex64 })),
  /** Of all metrics rows, as `lab train` prints it. */
  hash: hex64,
});
const manifestSchema = z.looseObject({
  version: z.literal(1),
  experiment_hash: hex64,
  build: z.string(),
  adapter: z.string(),
  features: z.array(z.string()),
  variants: z.record(z.string(), z.string()),
  policy_hash: hex64,
  plan: z.record(z.string(), z.number()),
});

export interface Bundle {
  readonly manifest: Manifest;
  readonly experiment: Experiment;
  readonly metrics: readonly MetricsRow[];
  /** Empty where they were not kept. */
  readonly timings: readonly TimingsRow[];
  readonly samples: readonly SampleGroup[];
  /** Those that a person ordered, in the order in which they came; empty where nobody did. */
  readonly evaluations: readonly Evaluated[];
  /** The files of the trained model, by name; null where the bundle has none. */
  readonly model: ReadonlyMap<string, Uint8Array> | null;
  /** Of all metrics rows. */
  readonly hash: string;
}

/**
 * Packs a run.
 * @param files of its folder: manifest.json and metrics.jsonl, and what else is to go along, such as model/model.safetensors
 * @throws BatonError as `openBundle`: what cannot be opened is not made
 */
export async function makeBundle(files: ReadonlyMap<string, Uint8Array>): Promise<Uint8Array> {
  const listed: Record<string, { bytes: number; sha256: string }> = {};
  for (const [name, bytes] of files) {
    listed[name] = { bytes: bytes.length, sha256: await sha256Hex(bytes) };
  }
  const { hash } = await readRun(files);
  const head = { format: 'baton-run', version: VERSION, files: listed, hash };
  const text = `${JSON.stringify(head, null, 2)}\n`;
  return pack(new Map([[HEAD, new TextEncoder().encode(text)], ...files]));
}

/** @throws BatonError BadFile that says what is wrong: cut short, altered, too large, of another version, or no bundle at all */
export async function openBundle(bytes: Uint8Array): Promise<Bundle> {
  const files = await unpack(bytes);
  const head = readHead(files);
  for (const [name, known] of Object.entries(head.files)) {
    const file = files.get(name);
    if (!file) throw badBundle(`lacks ${name}`, name);
    if (file.length !== known.bytes || (await sha256Hex(file)) !== known.sha256)
      throw badBundle(`was altered: ${name} is not the file that it was made with`, name);
  }
  for (const name of files.keys()) {
    if (name !== HEAD && !Object.hasOwn(head.files, name))
      throw badBundle(`holds ${name}, which its list does not name`, name);
  }
  files.delete(HEAD);
  const run = await readRun(files);
  if (run.hash !== head.hash) throw badBundle('was altered: its rows have another hash', HEAD);
  return run;
}

function readHead(files: ReadonlyMap<string, Uint8Array>) {
  const head = jsonOf(files, HEAD);
  const { version } = (head ?? {}) as { version?: unknown };
  if (typeof version === 'number' && version !== VERSION)
    throw badBundle(`is of version ${version}; this build reads version ${VERSION}`, HEAD);
  const parsed = headSchema.safeParse(head);
  if (!parsed.success) throw badBundle(`has a list of files that cannot be read`, HEAD);
  return parsed.data;
}

async function readRun(files: ReadonlyMap<string, Uint8Array>): Promise<Bundle> {
  for (const name of NEEDED) if (!files.has(name)) throw badBundle(`lacks ${name}`, name);
  for (const name of files.keys()) {
    if (!name.startsWith(MODEL) && !RECORDS.some((known) => known === name))
      throw badBundle(`holds ${name}, which no run has`, name);
  }
  const { manifest, experiment } = await readManifest(files);
  const metrics = readRows(files, experiment.steps);
  const model = [...files].filter(([name]) => name.startsWith(MODEL));
  let hash = '';
  for (const row of metrics) hash = await chainHash(hash, row);
  return {
    ...{ manifest, experiment, metrics, hash },
    timings: checkedLines<TimingsRow>(files, 'timings.jsonl', timingsSchema),
    samples: checkedLines<SampleGroup>(files, 'samples.jsonl', samplesSchema),
    evaluations: readEvaluations(files, experiment.steps),
    model:
      model.length === 0
        ? null
        : new Map(model.map(([name, bytes]) => [name.slice(MODEL.length), bytes])),
  };
}

async function readManifest(files: ReadonlyMap<string, Uint8Array>) {
  const json = jsonOf(files, 'manifest.json');
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success) {
    const at = parsed.error.issues[0]?.path.join('.');
    throw badBundle(`has a manifest that cannot be read${at ? `: ${at}` : ''}`, 'manifest.json');
  }
  const manifest = parsed.data as unknown as Manifest;
  const checked = parseExperiment(manifest.experiment);
  if (!checked.ok) {
    const why = checked.problems.map(({ message }) => message).join('; ');
    throw badBundle(`has an experiment that this build cannot run: ${why}`, 'manifest.json');
  }
  if ((await experimentHash(checked.experiment)) !== manifest.experiment_hash)
    throw badBundle('has a manifest whose hash is not that of its experiment', 'manifest.json');
  return { manifest, experiment: checked.experiment };
}

/** @param steps of the experiment; a row that is beyond them is none of its run */
function readRows(files: ReadonlyMap<string, Uint8Array>, steps: number): MetricsRow[] {
  const name = 'metrics.jsonl';
  let last = -1;
  const rows = checkedLines<MetricsRow>(files, name, rowSchema);
  for (const [i, row] of rows.entries()) {
    if (row.step <= last || row.step > steps)
      throw badBundle(`has metrics rows out of order, in line ${i + 1}`, name);
    last = row.step;
  }
  return rows;
}

/** @param steps of the experiment; nothing is evaluated beyond them */
function readEvaluations(files: ReadonlyMap<string, Uint8Array>, steps: number): Evaluated[] {
  const name = 'evaluations.jsonl';
  const lines = linesOf(files, name);
  if (lines.length > MOST_EVALUATIONS)
    throw badBundle(`has more than ${MOST_EVALUATIONS} evaluations`, name);
  return lines.map((line, i) => {
    const evaluated = readEvaluation(line);
    if (!evaluated || evaluated.step > steps)
      throw badBundle(
        `has a line in ${name} that is no evaluation of its run: line ${i + 1}`,
        name,
      );
    return evaluated;
  });
}

/** Lines of one form. */
function checkedLines<T>(
  files: ReadonlyMap<string, Uint8Array>,
  name: RecordName,
  schema: z.ZodMiniType,
): T[] {
  return linesOf(files, name).map((line, i) => {
    if (schema.safeParse(line).success) return line as T;
    throw badBundle(`has a line in ${name} that is no record of a run: line ${i + 1}`, name);
  });
}

function textOf(files: ReadonlyMap<string, Uint8Array>, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(files.get(name) ?? new Uint8Array());
  } catch {
    throw badBundle(`has a ${name} that is not text in UTF-8`, name);
  }
}

function parsed(text: string, name: string, where: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badBundle(`has a ${name} that is not JSON${where}`, name);
  }
  if (!isShallow(value)) throw badBundle(`has a ${name} that nests too deep${where}`, name);
  return value;
}

function jsonOf(files: ReadonlyMap<string, Uint8Array>, name: string): unknown {
  return files.has(name) ? parsed(textOf(files, name), name, '') : undefined;
}

function linesOf(files: ReadonlyMap<string, Uint8Array>, name: string): unknown[] {
  const lines = textOf(files, name).split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line, i) => parsed(line, name, `, in line ${i + 1}`));
}
