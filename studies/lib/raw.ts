/**
 * The raw data of a part as they are committed: one small JSON file a run, from which alone the report is made. Numbers have
 * six significant digits; times are a summary, everything else is what the run's own files say.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Part } from './design.ts';

/** How answers of one dialect did. */
export interface RawDialect {
  /** Of all answers. */
  readonly share: number;
  /** Of the dialect's own answers; null where there is none. */
  readonly accuracy: number | null;
}

/** What `lab eval` answered about one model on one split. */
export interface RawEvaluation {
  readonly split: string;
  readonly prompts: number;
  readonly samples: number;
  readonly seed: number;
  readonly temperature: number;
  readonly max_completion_length: number;
  /** Absent where nobody can judge. */
  readonly accuracy?: number;
  readonly mean_length: number;
  readonly truncated: number;
  /** Place k - 1 is for k answers; empty where nobody can judge. */
  readonly maj_at_k: readonly number[];
  readonly pass_at_k: readonly number[];
  /** Of right answers alone; absent where there is none. */
  readonly mean_length_right?: number;
  /** How receivers take its answers over, where any was asked. */
  readonly transfer?: RawTransfer;
  /** By dialect, of tasks that tell them apart; `other` are answers in none of them. */
  readonly dialects?: Readonly<Record<string, RawDialect>>;
  /** Share of the tokens that are chatter, of tasks that tell it. */
  readonly chatter?: number;
  /** What a judge says that training never sees, of tasks that have one: shares of the answers. */
  readonly hidden?: RawHidden;
  /** How often the winner is right, by the number of answers, where the model is a critic too. */
  readonly tournament?: readonly RawTournament[];
}

export interface RawHidden {
  /** Better than the expert's, ties counted as half. */
  readonly win_rate: number;
  /** Answers that pass each of the judge's questions. */
  readonly passed: Readonly<Record<string, number>>;
}

/** Shares of questions; all choose among the same answers. */
export interface RawTournament {
  /** Answers that play. */
  readonly n: number;
  readonly winner: number;
  readonly one_sample: number;
  readonly majority: number;
  readonly best_of: number;
}

export interface RawTransfer {
  /** Share of prefixes that are a right answer already. */
  readonly leakage: number;
  readonly receivers: readonly {
    readonly receiver: string;
    /** Share of right finishes, by the tenth in which the answer was cut. */
    readonly success: readonly number[];
    readonly transferability: number;
    /** The same without any prefix. */
    readonly scratch: number;
    /** Right finishes of the answers in each dialect, null where there is none; absent where none are told apart. */
    readonly by_dialect?: Readonly<Record<string, number | null>>;
  }[];
}

/** A metric over training: `steps[i]` is where `values[i]` stands; null where it was not finite. */
export interface RawSeries {
  readonly steps: readonly number[];
  readonly values: readonly (number | null)[];
}

export interface RawTiming {
  /** Median seconds of a step without its evaluation, the first step left out. */
  readonly step: number;
  /** Mean seconds of a step by phase. */
  readonly phases: Readonly<Record<string, number>>;
}

export interface RawRun {
  readonly version: 1;
  readonly arm: string;
  readonly seed: number;
  readonly steps: number;
  readonly policy: string;
  /** `askedMark` of the part's own words for it. */
  readonly asked: string;
  readonly experiment_hash: string;
  readonly build: string;
  readonly adapter: string;
  readonly policy_hash: string;
  readonly model_hash: string;
  /** Chained hash over all rows of metrics.jsonl. */
  readonly metrics_hash: string;
  readonly timing: RawTiming;
  readonly series: Readonly<Record<string, RawSeries>>;
  /** The trained model on each split. */
  readonly evaluations: readonly RawEvaluation[];
}

/** The model that the runs started from. */
export interface RawStart {
  readonly version: 1;
  readonly policy: string;
  readonly policy_hash: string;
  readonly build: string;
  readonly evaluations: readonly RawEvaluation[];
}

export interface RawData {
  readonly runs: readonly RawRun[];
  readonly starts: readonly RawStart[];
  /** What the part's probe found. */
  readonly probe?: unknown;
}

/** Where a part's raw data stand. @param folder the study's own, such as docs/results/rltr */
export function partFolder(folder: string, { id, folder: own = id }: Part): string {
  return join(folder, 'raw', own);
}

/** A number with six significant digits; null where it is none. */
export function short(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? Number(value.toPrecision(6)) : null;
}

/** One line a key of the first two levels: small, and readable in a diff. */
function toText(value: object): string {
  const lines = Object.entries(value).map(([key, item]) => {
    if (key !== 'series') return ` ${JSON.stringify(key)}: ${JSON.stringify(item)}`;
    const inner = Object.entries(item as object).map(
      ([name, series]) => `  ${JSON.stringify(name)}: ${JSON.stringify(series)}`,
    );
    return ` "series": {\n${inner.join(',\n')}\n }`;
  });
  return `{\n${lines.join(',\n')}\n}\n`;
}

function write(path: string, value: object): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, toText(value));
}

export function writeRun(folder: string, id: string, run: RawRun): void {
  write(join(folder, `${id}.json`), run);
}

export function writeStart(folder: string, start: RawStart): void {
  write(join(folder, `start-${start.policy.replace('policies/', '')}.json`), start);
}

/** @returns where a part's probe leaves what it found */
export function probePath(folder: string, name: string): string {
  return join(folder, `probe-${name}.json`);
}

export function writeProbe(folder: string, name: string, found: object): void {
  write(probePath(folder, name), found);
}

/** The raw file of a run; undefined where there is none. */
export function readRun(folder: string, id: string): RawRun | undefined {
  const path = join(folder, `${id}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as RawRun) : undefined;
}

/** Everything in a part's folder of raw data, folders in it left out; nothing where there is none. */
export function readRaw(folder: string): RawData {
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const files = names.filter((name) => name.endsWith('.json'));
  const probe = files.find((name) => name.startsWith('probe-'));
  const isRun = (name: string) => !name.startsWith('start-') && name !== probe;
  return {
    runs: files.filter(isRun).map((name) => read(name) as RawRun),
    ...(probe && { probe: read(probe) }),
    starts: files.filter((name) => name.startsWith('start-')).map((name) => read(name) as RawStart),
  };
}
