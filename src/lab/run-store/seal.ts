/**
 * A seal: the one file that makes a stored group of runs whole. It names every file of one moment with its length and SHA-256, and
 * carries its own hash. Named files are never written again, and a seal is written after them. So a write that is interrupted leaves
 * the seal before it, with all that it names.
 */
import * as z from 'zod';
import { type BatonError, badFile } from '../../errors.ts';
import { sha256Hex } from '../../model/load.ts';
import { canonicalJson } from '../../rl/experiment/canonical.ts';
import { isShallow } from '../../untrusted.ts';

const VERSION = 1;
/** Most bytes of a seal; real ones have some kilobytes for each run. */
const MAX_BYTES = 2 ** 23;

const text = z.string().max(2000);
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const path = z.string().regex(/^[a-z0-9][a-z0-9._-]*(\/[a-z0-9][a-z0-9._-]*){0,3}$/);

/** A file below the group's folder. */
const sealedFile = z.strictObject({ path, bytes: z.int().nonnegative(), sha256: hash });

const sealedRun = z.strictObject({
  /** What the page calls it. */
  label: text,
  /** Paths of the settings that tell it from the first run of its group. */
  apart: z.array(text).max(1000),
  /** As the run began, without the live changes since. */
  experiment: z.unknown(),
  manifest: z.looseObject({}),
  /** Steps done. */
  step: z.int().nonnegative(),
  /** Hash of all metrics rows up to it; empty before the first. */
  hash: z.union([hash, z.literal('')]),
  /** The head of the checkpoint (lab/checkpoint.ts). */
  head: sealedFile,
  /** The parts of the checkpoint. The head has their hashes. */
  parts: z.array(sealedFile.omit({ sha256: true })).max(1000),
  /** Lines of run-log.ts, in order. */
  rows: z.array(sealedFile).max(100_000),
  samples: z.array(sealedFile.extend({ ordinal: z.int().nonnegative() })).max(100_000),
});

const about = z.strictObject({
  /** What the page calls the group. */
  title: text,
  /** Id of the preset that the first run was made from. */
  preset: text,
  /** What tells the runs apart, in a sentence. */
  note: text.optional(),
  /** When Run was pressed; ISO 8601. */
  created: z.iso.datetime(),
});

const schema = z.strictObject({
  version: z.literal(VERSION),
  /** Grows from seal to seal. */
  number: z.int().positive(),
  /** When it was made; ISO 8601. */
  saved: z.iso.datetime(),
  /** `open` may be gone on with, `finished` has done all its steps, `stopped` was ended by a person or a failure. */
  state: z.enum(['open', 'finished', 'stopped']),
  about,
  runs: z.array(sealedRun).min(1).max(64),
});

export type Seal = z.infer<typeof schema>;
export type SealedRun = Seal['runs'][number];
export type SealedFile = z.infer<typeof sealedFile>;
/** What the page says of a group of runs when it starts it. */
export type About = Readonly<z.infer<typeof about>>;

const NAME = /^seal-(\d{6,})\.json$/;

export const sealName = (number: number) => `seal-${String(number).padStart(6, '0')}.json`;

/** The number in the name of a seal; null for any other file. */
export function sealNumber(name: string): number | null {
  const digits = NAME.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** Every file that a seal needs, itself included, by path. */
export function filesOf(seal: Seal): ReadonlySet<string> {
  return new Set([
    sealName(seal.number),
    ...seal.runs.flatMap(({ head, parts, rows, samples }) =>
      [head, ...parts, ...rows, ...samples].map((file) => file.path),
    ),
  ]);
}

export async function writeSeal(seal: Omit<Seal, 'version'>): Promise<Uint8Array> {
  const whole = { version: VERSION, ...seal };
  const sha256 = await hashOf(whole);
  return new TextEncoder().encode(JSON.stringify({ ...whole, sha256 }));
}

const hashOf = (seal: unknown) => sha256Hex(new TextEncoder().encode(canonicalJson(seal)));

const REMEDY = 'Nothing was loaded. An earlier checkpoint of the run is used where there is one.';

/** An error about stored data. @param part what is at fault, as a person may name it */
export function damaged(part: string, why: string): BatonError {
  return badFile(`stored run: ${part}`, `The stored run’s ${part} ${why}`, REMEDY);
}

/** @throws BatonError BadFile for a seal that is cut short, altered or of another version */
export async function readSeal(bytes: Uint8Array): Promise<Seal> {
  if (bytes.length > MAX_BYTES) throw damaged('seal', `has ${bytes.length} bytes`);
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw damaged('seal', 'is cut short or not JSON');
  }
  if (typeof json !== 'object' || json === null || !isShallow(json))
    throw damaged('seal', 'does not have the form of one');
  const { sha256, ...rest } = json as Readonly<Record<string, unknown>>;
  if (rest.version !== VERSION)
    throw damaged('seal', `is of version ${JSON.stringify(rest.version)?.slice(0, 20)}`);
  if (sha256 !== (await hashOf(rest))) throw damaged('seal', 'was altered');
  const parsed = schema.safeParse(rest);
  if (!parsed.success) throw damaged('seal', 'does not have the form of one');
  return parsed.data;
}
