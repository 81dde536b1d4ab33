import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { compare, equal, failures } from './checking/check.ts';
import { numericsMarkdown } from './numerics-doc.ts';
import { KERNEL_CHECKS } from './registry.ts';
import { TOLERANCES } from './tolerances.ts';

test('docs/numerics.md is what the tables say', async () => {
  await expect(numericsMarkdown()).toMatchFileSnapshot('../../docs/numerics.md');
});

test('every check in this folder is registered, under a name of its own', () => {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const files = readdirSync(here, { recursive: true, encoding: 'utf8' });
  const checks = files.filter((path) => path.endsWith('.check.ts'));
  // Sampling and the start of a decode step share a file.
  expect(KERNEL_CHECKS.length).toBe(checks.length + 1);
  expect(new Set(KERNEL_CHECKS.map(({ name }) => name)).size).toBe(KERNEL_CHECKS.length);
  for (const { cases } of KERNEL_CHECKS) {
    expect(new Set(cases.map(({ label }) => label)).size).toBe(cases.length);
  }
});

test('an error counts in units of its scale, and fails beyond the tolerance', () => {
  const { limit } = TOLERANCES.matmul;
  const near = compare('c', 'matmul', [100, 5], [100 + 50 * limit, 5], [100, 1]);
  expect(near.passed).toBe(true);
  expect(near.error).toBeCloseTo(limit / 2, 12);
  const far = compare('c', 'matmul', [100, 5], [100, 5 + 2 * limit], [100, 1]);
  expect(far.passed).toBe(false);
  expect(far.worst).toMatch(/^\[1\] is 5/);
});

test.each([
  ['a NaN', [Number.NaN], [1], 1],
  ['an infinity', [Number.POSITIVE_INFINITY], [Number.POSITIVE_INFINITY - 1], 1],
  ['a missing number', [1], [1, 2], 1],
  ['any difference where no term is', [1e-30], [0], 0],
])('%s never passes', (_name, actual, expected, scale) => {
  const result = compare('c', 'matmul', actual, expected, scale);
  expect(result.passed).toBe(false);
  expect(result.error).toBe(Number.POSITIVE_INFINITY);
});

test('integers have to be equal, and a run that misbehaved fails', () => {
  expect(equal('ids', [1, 2], [1, 2]).passed).toBe(true);
  expect(equal('ids', [1, 2], [1, 3]).passed).toBe(false);
  expect(failures(['c: written past its end']).map(({ passed }) => passed)).toEqual([false]);
});
