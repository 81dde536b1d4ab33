import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { VariantStore } from '../kernels/tune.ts';
import { variantFile } from './variant-file.ts';

const root = mkdtempSync(join(tmpdir(), 'baton-variants-'));
afterAll(() => rmSync(root, { recursive: true }));
const path = join(root, '.cache/variants.json');

function fileOf(build: string): VariantStore {
  const store = variantFile(root, build);
  if (!store) throw new Error('there is no store');
  return store;
}

const decided = (sample: string) => ({ variants: { sample }, refused: {} });
const ONE = '0.1.0+0123456789ab';
const key = (build: string) => `${build} node 22|some adapter|lanes`;

it('remembers a choice by its key, and forgets what other builds chose', async () => {
  const one = fileOf(ONE);
  expect(await one.get(key(ONE))).toBeNull();
  await one.set(key(ONE), decided('lanes'));
  await one.set(`${key(ONE)}|subgroups`, decided('scalar'));
  expect(await fileOf(ONE).get(key(ONE))).toEqual(decided('lanes'));
  const other = '0.1.0+ba9876543210';
  await fileOf(other).set(key(other), decided('quads'));
  expect(await fileOf(other).get(key(other))).toEqual(decided('quads'));
  expect(await fileOf(ONE).get(key(ONE))).toBeNull();
  expect(readFileSync(path, 'utf8')).not.toContain(ONE);
});

it('takes a broken file for none', async () => {
  writeFileSync(path, '{"0.1.0+0123456789ab node');
  expect(await fileOf(ONE).get(key(ONE))).toBeNull();
  await fileOf(ONE).set(key(ONE), decided('lanes'));
  expect(await fileOf(ONE).get(key(ONE))).toEqual(decided('lanes'));
});

it('remembers nothing for sources that may change without a new name', () => {
  expect(variantFile(root, '0.1.0+dev')).toBeUndefined();
  expect(variantFile(root, 'test')).toBeUndefined();
});
