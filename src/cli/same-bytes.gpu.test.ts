/**
 * Proof that nothing moved: every row of fixtures/same-bytes.json is run again, and has to leave the bytes that it left when the table
 * was made. A change of structure passes untouched. A change that moves numbers records the table again, with its reason:
 *
 *   BATON_RECORD_BYTES='Adam divides before it adds epsilon' npm test -- src/cli/same-bytes
 *
 * Then a row that moved keeps the hashes that it had, beside the reason. `-t NAME` of vitest records some rows only.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type BytesTable,
  describeAdapter,
  hashOf,
  type RecipeBytes,
  type RecipeRow,
  type RunBytes,
  type RunRow,
  readTable,
  withBytes,
  writeTable,
} from './testing/bytes-table.ts';
import { type LabRun, labHere, scratchFolder } from './testing/lab.ts';

const table = readTable();
const here = await describeAdapter();
const reason = process.env.BATON_RECORD_BYTES;
if (reason !== undefined && process.env.CI) {
  throw new Error('BATON_RECORD_BYTES is for people: a table that CI writes proves nothing');
}
const known = here === table.adapter;
if (!known && reason === undefined) {
  console.warn(`same-bytes is skipped: its table was made on ${table.adapter}, this is ${here}`);
}

const folder = scratchFolder();
let files = 0;

/** Milliseconds for one row; idle it takes about three seconds, on a busy machine many times that. */
const TIMEOUT = 600_000;

/** Runs a command on a JSON file of its own. @returns the folder that it wrote */
async function leave(command: string, option: string, json: unknown) {
  const name = `${command}-${++files}`;
  writeFileSync(join(folder, `${name}.json`), JSON.stringify(json));
  const args = [command, `--${option}`, join(folder, `${name}.json`), '--out', join(folder, name)];
  const run: LabRun = await labHere(args);
  expect(run.status, run.log).toBe(0);
  return { out: join(folder, name), result: run.result };
}

async function runBytes({ experiment }: RunRow): Promise<RunBytes> {
  const { out } = await leave('train', 'experiment', experiment);
  return {
    metrics: hashOf(join(out, 'metrics.jsonl')),
    model: hashOf(join(out, 'model/model.safetensors')),
  };
}

async function recipeBytes({ recipe }: RecipeRow): Promise<RecipeBytes> {
  const { out, result } = await leave('pretrain', 'recipe', recipe);
  return { loss: result.loss, model: hashOf(join(out, 'model.safetensors')) };
}

function expectSame<Bytes extends RunBytes | RecipeBytes>(
  row: Bytes & { name: string },
  got: Bytes,
) {
  const was = Object.fromEntries(Object.keys(got).map((key) => [key, row[key as keyof Bytes]]));
  const message = `"${row.name}" leaves other bytes than before. If its numbers were not meant to move, find the change that moved them. A commit that moves a number says why, and keeps both hashes in the table: see the head of this file`;
  expect(got, message).toEqual(was);
}

/** Puts rows in the place of those with their names. */
function record(rows: Omit<BytesTable, 'adapter'>): void {
  const { runs, pretraining } = readTable();
  const replaced = <R extends { name: string }>(old: readonly R[], fresh: readonly R[]) =>
    old.map((row) => fresh.find(({ name }) => name === row.name) ?? row);
  writeTable({
    adapter: here,
    runs: replaced(runs, rows.runs),
    pretraining: replaced(pretraining, rows.pretraining),
  });
}

const named = <R extends { name: string }>(rows: readonly R[]) =>
  rows.map((row) => [row.name, row] as const);

describe.skipIf(!known && reason === undefined)(`on ${table.adapter}`, () => {
  it.each(named(table.runs))(
    'train leaves the same bytes: %s',
    async (_, row) => {
      const bytes = await runBytes(row);
      if (reason === undefined) expectSame<RunBytes>(row, bytes);
      else record({ runs: [withBytes(row, bytes, reason)], pretraining: [] });
    },
    TIMEOUT,
  );

  it.each(named(table.pretraining))(
    'pretrain leaves the same bytes: %s',
    async (_, row) => {
      const bytes = await recipeBytes(row);
      if (reason === undefined) expectSame<RecipeBytes>(row, bytes);
      else record({ runs: [], pretraining: [withBytes(row, bytes, reason)] });
    },
    TIMEOUT,
  );
});
