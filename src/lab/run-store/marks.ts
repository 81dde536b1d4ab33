/**
 * What a person has said of stored runs: names, notes and pins of settings, and what is about to be deleted. One file beside the runs'
 * folders, written as a whole.
 */
import * as z from 'zod';
import { badFile } from '../../errors.ts';
import { isShallow } from '../../untrusted.ts';
import type { Shelf } from './shelf.ts';

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

/** Changes what stands. What could not be read is set aside, never written over. @returns what stands then */
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
  if (next !== marks) await shelf.write(FILE, new TextEncoder().encode(JSON.stringify(next)));
  return next;
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

/** Folders that a person has pinned. */
export function protectedIds({ groups }: Marks): ReadonlySet<string> {
  return new Set(Object.values(groups).flatMap(({ pinned = [] }) => pinned));
}
