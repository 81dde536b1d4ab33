import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { missingEntries } from './complete-lockfile.mjs';

const text = readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8');

describe('package-lock.json', () => {
  test('has an entry for every optional dependency, so that npm ci accepts it on every system', () => {
    expect(missingEntries(JSON.parse(text).packages)).toEqual([]);
  });

  test('says of every package what its bytes are', () => {
    const { packages } = JSON.parse(text) as { packages: Record<string, { integrity?: string }> };
    const without = Object.entries(packages).filter(([path, { integrity }]) => path && !integrity);
    expect(without.map(([path]) => path)).toEqual([]);
  });

  test('names no download address, so that any registry serves it', () => {
    expect(text).not.toMatch(/"resolved": "https?:/);
  });

  test('an optional dependency that is nested below its parent counts as present', () => {
    const packages = {
      'node_modules/a': { optionalDependencies: { b: '1.0.0', c: '2.0.0' } },
      'node_modules/a/node_modules/b': {},
    };
    expect(missingEntries(packages)).toEqual([{ name: 'c', range: '2.0.0', dev: false }]);
  });
});
