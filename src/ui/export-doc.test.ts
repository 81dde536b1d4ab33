/** docs/sharing.md gives the unit of every column that runs have written. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { syntheticRow } from './testing/synthetic-run.ts';

const DOCS = new URL('../../docs/', import.meta.url);

/** The columns of all committed runs, of every method. */
function written(): string[] {
  const results = new URL('results/', DOCS);
  const files = readdirSync(results, { recursive: true, encoding: 'utf8' });
  const runs = files.filter((name) => /-s\d+\.json$/.test(name));
  const names = runs.flatMap((name) =>
    Object.keys(JSON.parse(readFileSync(new URL(name, results), 'utf8')).series),
  );
  return [...new Set([...names, ...Object.keys(syntheticRow(1, 1, 1)[0])])];
}

/** The columns of the table, as patterns: T, R and D stand for one part of a name, `*` for the rest. */
function documented(): RegExp[] {
  const text = readFileSync(new URL('sharing.md', DOCS), 'utf8');
  const table = /\| column \| unit \|[^\n]*\n([\s\S]*?)\n\n/.exec(text)?.[1] ?? '';
  const cells = table.split('\n').map((row) => row.split('|')[1]);
  const names = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
  return names.map((name) => {
    const part = name.replace(/\b[TRD]\b/g, '[^/]+').replaceAll('*', '.+');
    return new RegExp(`^${part}$`);
  });
}

test('every column that a run has written has a unit in docs/sharing.md', () => {
  const columns = written();
  const patterns = documented();
  expect(columns.length).toBeGreaterThan(50);
  expect(columns.filter((name) => !patterns.some((pattern) => pattern.test(name)))).toEqual([]);
});
