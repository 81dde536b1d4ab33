/**
 * What a person has said of stored runs: names, notes and pins of settings, notes at steps of runs, and what is about to be deleted. One
 * file beside the runs' folders, written as a whole.
 */
import * as z from 'zod';
import { BatonError, badFile } from '../../errors.ts';
import { isShallow } from '../../untrusted.ts';
import type { Shelf } from './shelf.ts';
import { type StepNote, stepNotesSchema, withoutFolder, withStepNote } from './step-notes.ts';

const FILE = 'marks.json';
/** Where a file goes that cannot be read, before another takes its place. */
const REFUSED = 'marks-refused.json';
const MAX_BYTES = 2 ** 21;

const id = z.string().max(200);
export const MOST_NAME = 120;
export const MOST_NOTE = 4000;

const mark = z.strictObject({
  name: z.string().max(MOST_NAME).optional(),
  note: z.string().max(MOST_NOTE).optional(),
  /** Folders of the pinned runs: room is never made of them. */
  pinned: z.array(id).max(1000).optional(),
});

const schema = z.strictObject({
  version: z.literal(1),
  /** By the key of a group (run-groups/seed-run.ts). */
  groups: z.record(z.string().max(80), mark),
  /** Absent in a file of a build that had none. */
  steps: stepNotesSchema.optional(),
  /** Folders to delete, each from a time on, in milliseconds since 1970. Until then a person may change their mind. */
  going: z.array(z.strictObject({ id, from: z.number() })).max(1000),
});

export type Mark = Readonly<z.infer<typeof mark>>;
export type Marks = Readonly<z.infer<typeof schema>>;

export const NO_MARKS: Marks = { version: 1, groups: {}, going: [] };

/** @throws BatonError BadFile for what is no such file, naming the field; what the shelf throws */
export async function readMarks(shelf: Pick<Shelf, 'read'>): Promise<Marks> {
  const bytes = await shelf.read(FILE);
  return bytes === null ? NO_MARKS : parseMarks(bytes);
}

/**
 * Changes what stands. What could not be read is set aside, never written over.
 * @returns what stands then
 * @throws BatonError Storage where it would be more than is read back; what the shelf throws
 */
export async function writeMarks(
  shelf: Pick<Shelf, 'read' | 'write'>,
  change: (marks: Marks) => Marks,
): Promise<Marks> {
  const bytes = await shelf.read(FILE);
  let marks = NO_MARKS;
  try {
    if (bytes) marks = parseMarks(bytes);
  } catch {
    if (bytes) await shelf.write(REFUSED, bytes);
  }
  const next = change(marks);
  if (next !== marks) await shelf.write(FILE, written(next));
  return next;
}

function written(marks: Marks): Uint8Array {
  const bytes = new TextEncoder().encode(JSON.stringify(marks));
  if (bytes.length <= MAX_BYTES) return bytes;
  throw new BatonError({
    kind: 'Storage',
    message: 'The names and notes of the stored runs are too many to be kept',
    remedy: 'Nothing was changed. Shorten or delete notes, or delete runs, and try again.',
  });
}

function parseMarks(bytes: Uint8Array): Marks {
  const refuse = (field: string) =>
    badFile(
      `marks.${field}`,
      'The names, notes and pins of the stored runs cannot be read',
      'The runs are all there, under their first names. The file is set aside once you name, note or pin anything.',
    );
  let json: unknown;
  try {
    if (bytes.length <= MAX_BYTES) json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {}
  if (typeof json !== 'object' || json === null || !isShallow(json)) throw refuse('file');
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw refuse(parsed.error.issues[0]?.path.join('.') || 'file');
}

/** With one group's mark changed; what is empty then is left out. */
export function withMark(marks: Marks, key: string, change: Mark): Marks {
  const { [key]: before, ...others } = marks.groups;
  const said = Object.entries({ ...before, ...change }).filter(
    ([, value]) => value !== undefined && value !== '',
  );
  return {
    ...marks,
    groups: said.length === 0 ? others : { ...others, [key]: Object.fromEntries(said) },
  };
}

/** With a note at a step of a run. @throws as `withStepNote` */
export function withNoteAt(marks: Marks, run: string, note: StepNote): Marks {
  return { ...marks, steps: withStepNote(marks.steps ?? {}, run, note) };
}

/** Without what was said at steps of a folder's runs; the same object where nothing was. */
export function withoutRuns(marks: Marks, folder: string): Marks {
  const { steps = {} } = marks;
  const kept = withoutFolder(steps, folder);
  return kept === steps ? marks : { ...marks, steps: kept };
}

/** Folders that a person has pinned. */
export function protectedIds({ groups }: Marks): ReadonlySet<string> {
  return new Set(Object.values(groups).flatMap(({ pinned = [] }) => pinned));
}
