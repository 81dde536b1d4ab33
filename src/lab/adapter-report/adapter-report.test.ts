/** Reports as data: what is counted as wrong, what differs, and what a page says of it. */
import { expect, it } from 'vitest';
import { compareBits } from './compare-bits.ts';
import { linesOf } from './lines.ts';
import { reportPage } from './page.ts';
import { type AdapterReport, type KernelRow, parseAdapterReport, type Steps } from './schema.ts';
import { firstStepAgrees, lastHash, summarise } from './summary.ts';

const [A, B, C] = ['a', 'b', 'c'].map((digit) => digit.repeat(16));
const row = (variant: string, bits: string[], more: Partial<KernelRow> = {}): KernelRow => ({
  ...{ kernel: 'rope', variant, sizes: 'all', done: bits.length, of: bits.length, passed: true },
  ...{ ms: 1, worst: null, bits, error: null },
  ...more,
});
const within = { error: 1e-6, limit: 2e-5, at: 'token 3' };
const steps: Steps = {
  ...{ done: 20, of: 20, seconds: 3, weights: null, reward: 0.5, error: null },
  hashes: { 1: 'a'.repeat(64), 20: 'b'.repeat(64) },
  inPlace: [{ passed: true, logprobs: within, gradients: within }],
};
const report: AdapterReport = {
  ...{ version: 1, build: '0.1.0', date: '2026-11-29', browser: 'Chrome', seconds: 9, ended: null },
  adapter: {
    ...{ name: 'a card', words: { vendor: 'v' }, software: false, family: 'lanes', features: [] },
    ...{ subgroups: [8, 32], limits: { maxBufferSize: 1 } },
  },
  families: [
    {
      family: 'lanes',
      kernels: [row('lanes', [A, B])],
      bits: [],
      step: { ...steps, done: 1, of: 1 },
    },
  ],
  ...{ tuner: null, ceilings: null, problems: [] },
  run: { policy: 'p', experiment: 'c'.repeat(64), variants: {}, ...steps },
};
const withRows = (...kernels: KernelRow[]): AdapterReport => ({
  ...report,
  families: [{ ...report.families[0], kernels, bits: compareBits(kernels) }],
});

it('compares variants within their family, on the cases that both have done', () => {
  expect(
    compareBits([
      row('lanes', [A, B, C]),
      row('lanes32', [A, C]),
      row('subgroups', [A]),
      row('scalar', [C]),
      row('lanes', [A], { sizes: 'large' }),
    ]),
  ).toEqual([
    {
      ...{ kernel: 'rope', sizes: 'all', variants: ['lanes', 'lanes32', 'subgroups'], cases: 1 },
      differ: [{ variant: 'lanes32', cases: 1 }],
    },
  ]);
});

it('says that all is right only where everything was checked and nothing failed', () => {
  expect(summarise(report)).toEqual({
    ...{ verdict: 'All is right', passed: 1, failed: 0, differ: 0, undone: 0 },
  });
  const short = withRows(row('lanes', [A], { of: 3 }));
  expect(summarise(short)).toMatchObject({
    undone: 2,
    verdict: expect.stringMatching(/some was not/),
  });
  const bad = withRows(row('lanes', [A]), row('lanes32', [B], { passed: false, error: 'no' }));
  expect(summarise(bad)).toMatchObject({
    ...{ failed: 1, differ: 1, verdict: '1 thing failed, 1 comparison of bits failed' },
  });
  expect(summarise({ ...report, adapter: null }).verdict).toBe('No adapter could be opened');
});

it.each([
  ['an error in training', { ...steps, error: 'lost' }],
  [
    'other numbers in the run’s own buffers',
    { ...steps, inPlace: [{ ...steps.inPlace[0], passed: false }] },
  ],
])('counts %s as failed', (_what, wrong) => {
  const run = report.run && { ...report.run, ...wrong };
  expect(summarise({ ...report, run }).failed).toBe(1);
  expect(linesOf({ ...report, run }).filter((line) => line.wrong)).toHaveLength(1);
});

it('notices a first step that has other bits with the chosen kernels than with the plain ones', () => {
  expect(firstStepAgrees(report)).toBe(true);
  const other = report.run && { ...report.run, hashes: { 1: 'c'.repeat(64) } };
  expect(firstStepAgrees({ ...report, run: other })).toBe(false);
  expect(summarise({ ...report, run: other }).differ).toBe(1);
  expect(firstStepAgrees({ ...report, run: null })).toBeNull();
  expect(lastHash(steps)).toEqual({ step: 20, hash: 'b'.repeat(64) });
});

it('writes a page in which no text of the report is a tag', () => {
  const evil = '<img src=x onerror=alert(1)>';
  const page = reportPage({
    ...withRows(row('lanes', [A], { passed: false, error: evil, kernel: evil })),
    ...{ browser: evil, problems: [{ part: evil, message: evil }] },
  });
  expect(page).not.toContain('<img');
  expect(page.match(/&lt;img src=x/g)?.length).toBeGreaterThanOrEqual(5);
});

it('reads what it writes, and refuses what is no report by its field', () => {
  expect(parseAdapterReport(JSON.parse(JSON.stringify(report)), 'x.json')).toEqual(report);
  const wrong = { ...report, families: [{ ...report.families[0], family: 'other' }] };
  expect(() => parseAdapterReport(wrong, 'x.json')).toThrow(
    expect.objectContaining({ kind: 'BadFile', field: 'families.0.family' }),
  );
  expect(() => parseAdapterReport([], 'x.json')).toThrow(
    expect.objectContaining({ field: 'x.json' }),
  );
});
