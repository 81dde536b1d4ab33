/** Reports as data: what is counted as wrong, what differs, and what a page says of it. */
import { expect, it } from 'vitest';
import { compareBits } from './compare-bits.ts';
import { hashesInWords, linesOf } from './lines.ts';
import { reportPage } from './page.ts';
import { type AdapterReport, type KernelRow, parseAdapterReport, type Steps } from './schema.ts';
import { endInWords, firstStepAgrees, summarise } from './summary.ts';

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
const oneStep: Steps = { ...steps, done: 1, of: 1 };
const report: AdapterReport = {
  ...{ version: 1, build: '0.1.0', date: '2026-11-29', browser: 'Chrome', seconds: 9, ended: null },
  adapter: {
    ...{ name: 'a card', words: { vendor: 'v' }, software: false, family: 'lanes', features: [] },
    ...{ subgroups: [8, 32], limits: { maxBufferSize: 1 } },
  },
  families: [
    { family: 'lanes', kernels: [row('lanes', [A, B])], bits: [], step: oneStep },
    { family: 'scalar', kernels: [row('scalar', [A, B])], bits: [], step: oneStep },
  ],
  ...{ tuner: null, ceilings: null, problems: [] },
  run: { policy: 'p', experiment: 'c'.repeat(64), variants: {}, ...steps },
};
const withRows = (...kernels: KernelRow[]): AdapterReport => ({
  ...report,
  families: [
    { ...report.families[0], kernels, bits: compareBits(kernels) },
    { ...report.families[1], kernels: [] },
  ],
});
const line = (of: AdapterReport, part: RegExp) =>
  linesOf(of).find((one) => part.test(one.part))?.says;

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
    ...{ verdict: 'All is right', passed: 2, failed: 0, differ: 0, undone: 0 },
  });
  const bad = withRows(row('lanes', [A]), row('lanes32', [B], { passed: false, error: 'no' }));
  expect(summarise(bad)).toMatchObject({
    ...{ failed: 1, differ: 1, verdict: '1 thing failed, 1 comparison of bits failed' },
  });
  expect(summarise({ ...report, adapter: null }).verdict).toBe('No adapter could be opened');
});

it('begins its verdict with how much was done, where that is not all', () => {
  const verdict = (change: Partial<AdapterReport>) => summarise({ ...report, ...change }).verdict;
  const third = withRows(row('lanes', [A], { of: 3 }));
  const ended = 'out of time';
  expect(summarise({ ...third, ended }).undone).toBe(2);
  expect(summarise({ ...third, ended }).verdict).toBe(
    '33 % of the sizes, nothing wrong among them; time was up',
  );
  const wrong = withRows(row('lanes', [A], { of: 3, passed: false }));
  expect(summarise({ ...wrong, ended }).verdict).toBe(
    '33 % of the sizes, 1 thing failed among them; time was up',
  );
  // Parts that were never begun have no rows, but their sizes count.
  expect(verdict({ sizes: { done: 4, of: 1000 } })).toMatch(/^0 % of the sizes, nothing wrong/);
  expect(verdict({ run: null, ended: 'stopped' })).toBe(
    'All sizes and 2 of 22 training steps, nothing wrong among them; stopped',
  );
  expect(verdict({ problems: [{ part: 'The highest speeds', message: 'no' }] })).toBe(
    'All sizes and training steps, nothing wrong among them; not done: The highest speeds',
  );
  expect(verdict({ families: [], run: null })).toMatch(/^0 % of the sizes and 0 of 22/);
});

it('counts a kernel in one variant once, its large sizes among its sizes', () => {
  const twice = withRows(
    row('lanes', [A, B]),
    row('lanes', [C], { sizes: 'large', of: 2 }),
    row('lanes32', [A, B]),
    row('default', [], { kernel: 'adamw', of: 4 }),
  );
  expect(summarise(twice).passed).toBe(2);
  expect(line(twice, /^Kernels for GPUs/)).toBe(
    '5 of 10 sizes; kernels and variants: 1 right in every size, 1 in the sizes that were done, not begun: adamw',
  );
  const fallen = withRows(
    row('lanes', [A], { passed: false }),
    row('lanes', [], { sizes: 'large', of: 1, passed: false, error: 'lost' }),
  );
  expect(summarise(fallen).failed).toBe(1);
});

it('says in how many sizes bits were compared', () => {
  const compared = withRows(row('lanes', [A], { of: 9 }), row('lanes32', [A], { of: 9 }));
  expect(line(compared, /^Bits/)).toBe('the same in 1 of 9 sizes of one kernel');
});

it('does not call a step right that was never done', () => {
  const never = { ...oneStep, done: 0, hashes: {} };
  const { families } = report;
  const without = { ...report, families: [{ ...families[0], step: never }, families[1]] };
  expect(line(without, /^One training step \(GPUs/)).toBe(
    'not done; the policy before it right in the run’s own buffers',
  );
  expect(reportPage(without)).toContain('<li>Not done</li>');
  expect(summarise(without).verdict).toMatch(/^All sizes and 21 of 22 training steps, /);
  expect(line(report, /^One training step \(GPUs/)).toMatch(/^1 of 1 in .*; right in/);
});

it('tells the limit that it ended at, where the file knows it', () => {
  expect(endInWords(report)).toBeNull();
  expect(endInWords({ ...report, ended: 'stopped', limit: 9 })).toBe('ended early: stopped');
  const late = { ...report, ended: 'out of time' };
  expect(endInWords({ ...late, limit: 660 })).toBe('ended at its limit of 660 s');
  expect(endInWords(late)).toBe('ended at its limit, which the file does not tell');
  expect(reportPage({ ...late, limit: 660, commit: '2c545be6' })).toMatch(
    /commit 2c545be6[\s\S]*limit of 660 s/,
  );
});

it('says of the tuner whether its choice was timed', () => {
  const tuner = { variants: { sample: 'subgroups' }, refused: {}, times: {} };
  expect(line({ ...report, tuner }, /^Tuner/)).toMatch(/; nothing was timed$/);
  const timed = { ...tuner, times: { sample: { lanes: 1 } } };
  expect(line({ ...report, tuner: timed }, /^Tuner/)).toMatch(/; by the clock$/);
});

it('calls the speeds of a software adapter a lower bound', () => {
  const ceilings = { gflops: 0.84, gbs: 0.69, matmul: 'm', copy: 'c' };
  expect(line({ ...report, ceilings }, /speeds/)).toBe('0.8 GFLOP/s, 0.7 GB/s');
  const adapter = report.adapter && { ...report.adapter, software: true };
  expect(line({ ...report, ceilings, adapter }, /speeds/)).toMatch(/GB\/s; a lower bound/);
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
});

it('gives the hash of step 1 in every report, and of the longest run beside it', () => {
  expect(hashesInWords(steps)).toBe(
    `hash ${'a'.repeat(12)} at step 1, ${'b'.repeat(12)} at step 20`,
  );
  expect(hashesInWords({ ...steps, hashes: { 1: steps.hashes[1] } })).toBe(
    `hash ${'a'.repeat(12)} at step 1`,
  );
  expect(hashesInWords({ ...steps, hashes: {} })).toBeNull();
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
  const told = { ...report, commit: '2c545be6', limit: 660, sizes: { done: 4, of: 4 } };
  expect(parseAdapterReport(JSON.parse(JSON.stringify(told)), 'x.json')).toEqual(told);
  const wrong = { ...report, families: [{ ...report.families[0], family: 'other' }] };
  expect(() => parseAdapterReport(wrong, 'x.json')).toThrow(
    expect.objectContaining({ kind: 'BadFile', field: 'families.0.family' }),
  );
  expect(() => parseAdapterReport([], 'x.json')).toThrow(
    expect.objectContaining({ field: 'x.json' }),
  );
});
