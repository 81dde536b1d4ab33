/**
 * The table in fixtures/same-bytes.json: experiments and recipes as they were written when it was made, and the SHA-256 of the files
 * that they leave. The experiments keep their old form, so that reading them proves that old files still mean the same.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeGpu } from '../../gpu/node.ts';
import { root } from './lab.ts';

/** SHA-256 of the files that a run leaves, 64 hex digits each. */
export interface RunBytes {
  readonly metrics: string;
  readonly model: string;
}
/** What a recipe leaves: the loss of its last step, nats, and the SHA-256 of the weights. */
export interface RecipeBytes {
  readonly loss: number;
  readonly model: string;
}
/** The bytes of a row before a change that moved its numbers, and why they moved. */
type Earlier<Bytes> = Bytes & { readonly moved: string };
type Row<Bytes> = Bytes & {
  readonly name: string;
  /** Oldest first. */
  readonly earlier?: readonly Earlier<Bytes>[];
};

export type RunRow = Row<RunBytes> & { readonly experiment: unknown };
export type RecipeRow = Row<RecipeBytes> & { readonly recipe: unknown };

export interface BytesTable {
  /** The adapter that the table was made on, as given by `describeAdapter`. Other adapters round differently. */
  readonly adapter: string;
  readonly runs: readonly RunRow[];
  readonly pretraining: readonly RecipeRow[];
}

const PATH = join(root, 'src/cli/fixtures/same-bytes.json');

/** The table as it is checked in. */
export function readTable(): BytesTable {
  return JSON.parse(readFileSync(PATH, 'utf8'));
}

/** Replaces the table. */
export function writeTable(table: BytesTable): void {
  writeFileSync(PATH, `${JSON.stringify(table, null, 2)}\n`);
}

/**
 * Everything that the adapter says about itself. The name in a manifest is shorter; here two versions of a software driver, or of the
 * compiler in it, must differ.
 */
export async function describeAdapter(): Promise<string> {
  const adapter = await nodeGpu().requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return 'no adapter';
  const { vendor, architecture, device, description } = adapter.info;
  return [vendor, architecture, device, description].filter(Boolean).join(', ');
}

/** SHA-256 of a file, 64 hex digits. */
export function hashOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/**
 * A row with new bytes. Its former bytes are kept beside them with the reason, unless they are equal or there were none.
 * @param moved why the numbers moved
 */
export function withBytes<Bytes extends RunBytes | RecipeBytes, R extends Row<Bytes>>(
  row: R,
  bytes: Bytes,
  moved: string,
): R {
  const had = Object.fromEntries(
    Object.keys(bytes).map((key) => [key, row[key as keyof R]]),
  ) as unknown as Bytes;
  if (had.model === '' || JSON.stringify(had) === JSON.stringify(bytes))
    return { ...row, ...bytes };
  return { ...row, ...bytes, earlier: [...(row.earlier ?? []), { ...had, moved }] };
}
