/** What the glossary calls normal has a source: our own runs, whose numbers are asked here, or it says that none is known. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type KeptRun, WATCHED } from '../alerts/fired-on-runs.ts';
import { type MeasuredRange, rangeText } from './entry.ts';
import { CHARTS } from './glossary.ts';

const RESULTS = new URL('../../../docs/results/', import.meta.url);

/** Runs in which nothing goes wrong on purpose, and that are no controls. */
const HEALTHY: readonly KeptRun[] = WATCHED.filter(({ wrong }) => wrong.length === 0).flatMap(
  ({ folder, arms }) =>
    readdirSync(new URL(folder, RESULTS))
      .filter((name) => /-s\d+\.json$/.test(name))
      .map((name) => JSON.parse(readFileSync(new URL(`${folder}/${name}`, RESULTS), 'utf8')))
      .filter(({ arm }: KeptRun) => arms.includes(arm) && arm !== 'permuted'),
);

const measured = Object.entries(CHARTS).flatMap(([id, { range }]) =>
  typeof range === 'object' ? [[id, range] as const] : [],
);

describe('a measured range', () => {
  test.each(measured)(
    'of %s has nine in ten values of the healthy runs',
    (_, range: MeasuredRange) => {
      const values = HEALTHY.flatMap(({ series }) => series[range.column]?.values ?? []).filter(
        (value) => value !== null,
      );
      expect(values.length).toBeGreaterThan(100);
      const within = values.filter((value) => value >= range.low && value <= range.high);
      expect(within.length / values.length).toBeGreaterThanOrEqual(0.9);
    },
  );

  test('is said with its numbers, and one that nobody gives is said to be that', () => {
    const entry = CHARTS['critic/order_bias'];
    expect(rangeText(entry)).toContain('between −0.1 and 0.1');
    expect(rangeText({ ...entry, range: 'unknown' })).toMatch(/^No paper or library/);
    expect(rangeText({ ...entry, range: undefined })).toBeUndefined();
  });
});

test('what is normal names no size without saying where it is from, but what follows from the definition', () => {
  /** One half is chance or parity there, and ln 2 what a guess costs; rounding of floats is what docs/numerics.md says. */
  const defined = ['win-rate', 'critic/accuracy', 'discriminator/loss', 'reliability', 'sampler'];
  const bare = Object.entries(CHARTS).filter(
    ([id, { normal, range }]) =>
      range === undefined &&
      !defined.includes(id) &&
      /\d\.\d|half|tenth|hundred|third|quarter|million|tens/.test(normal),
  );
  expect(bare.map(([id, { normal }]) => `${id}: ${normal}`)).toEqual([]);
});
