/** Reports on the test's adapter, cut short: what goes wrong is a row, and what comes after goes on. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { Gpu } from '../../gpu/gpu.ts';
import { nodeGpu } from '../../gpu/node.ts';
import { KERNEL_CHECKS } from '../../kernels/registry.ts';
import { isVariant } from '../../kernels/variants.ts';
import { loadModelFolder } from '../../model/load.ts';
import { kernelRows } from './kernel-rows.ts';
import { FAMILY_NAMES } from './lines.ts';
import { makeReport } from './make.ts';
import { type KernelRow, parseAdapterReport } from './schema.ts';
import { Stage } from './stage.ts';
import { firstStepAgrees } from './summary.ts';
import { trainSteps } from './training.ts';

const models = fileURLToPath(new URL('../../../public/models/', import.meta.url));
const reader = (policy: string) => async (file: string) =>
  new Uint8Array(await readFile(`${models}${policy}/${file}`).catch(() => new Uint8Array()));
const opened: Gpu[] = [];
const open = async (profile?: 'scalar' | 'lanes') => {
  const gpu = await Gpu.open(nodeGpu(), { clock: () => 0, ...(profile && { profile }) });
  opened.push(gpu);
  return gpu;
};

it('is a whole report where there is no adapter', async () => {
  const report = await makeReport({
    ...{ reader, clock: () => 0, browser: 'test', date: '2026-11-29', seconds: 60 },
    open: () => Promise.reject(new Error('no adapter here')),
  });
  expect(report).toMatchObject({ adapter: null, families: [] });
  expect(report.problems).toEqual([
    { part: 'The adapter', message: expect.stringContaining('no adapter here') },
  ]);
  expect(parseAdapterReport(JSON.parse(JSON.stringify(report)), 'x')).toEqual(report);
});

it('ends where it is stopped, and gives every device back', async () => {
  const stop = new AbortController();
  let cases = 0;
  const report = await makeReport({
    ...{ reader, open, browser: 'test', date: '2026-11-29', seconds: 600, signal: stop.signal },
    clock: () => performance.now(),
    tell: ({ families }) => {
      cases = families[0]?.kernels.reduce((sum, { done }) => sum + done, 0) ?? 0;
      if (cases >= 2) stop.abort();
    },
  });
  expect(cases).toBe(2);
  expect(report).toMatchObject({ ended: 'stopped', run: null, tuner: null });
  expect(report.adapter?.name).toBe(opened[0].info.name);
  const listed = report.families[0].kernels.reduce((sum, { of }) => sum + of, 0);
  // Sizes of the family that was never begun count as left out.
  expect(report).toMatchObject({ commit: 'test', limit: 600, sizes: { done: 2 } });
  expect(report.sizes?.of).toBeGreaterThan(listed);
  for (const gpu of opened) await expect(gpu.lost).resolves.toMatchObject({ kind: 'DeviceLost' });
});

it('goes on with another device where a kernel took the first one with it', async () => {
  const before = opened.length;
  const rows = new Map<string, KernelRow>();
  let over = 0;
  const stage = new Stage({ open, clock: () => over });
  stage.until(1);
  await kernelRows(stage, {
    ...{ family: 'scalar', sizes: 'all', single: true },
    tell: (row) => {
      rows.set(`${row.kernel} ${row.variant}`, row);
      // Once the first kernel has passed a case its device goes, and the second fails on it; the third is the last.
      const [first, second, third] = rows.values();
      if (first.done === 1 && second?.done === 0 && second.error === null)
        opened[before].device.destroy();
      if (third?.done === 1) over = 2;
    },
  });
  stage.close();
  const [first, second, third] = rows.values();
  expect([first.passed, second.passed, third.passed]).toEqual([true, false, true]);
  expect(second.error).not.toBeNull();
  expect(opened.length).toBe(before + 2);
  expect(rows.size).toBeGreaterThan(KERNEL_CHECKS.length);
});

/** Milliseconds: a software adapter is slow with the kernels of GPUs, and slower on a busy machine. */
const LONG = 600_000;

it(
  'trains a step in each family, right in the run’s own buffers, and hashes it',
  async () => {
    const model = await loadModelFolder(reader('policies/countdown-nano'));
    for (const family of ['scalar', 'lanes'] as const) {
      const stage = new Stage({ open, clock: () => performance.now() });
      const steps = await trainSteps(stage, model, { family, of: 1, tell: () => undefined });
      stage.close();
      expect(steps).toMatchObject({ done: 1, error: null, hashes: { 1: expect.any(String) } });
      expect(steps.inPlace.map(({ passed }) => passed)).toEqual([true, true]);
    }
  },
  LONG,
);

it(
  'says nothing of the policy after a step that there was no time for',
  async () => {
    const model = await loadModelFolder(reader('policies/countdown-nano'));
    let over = 0;
    const stage = new Stage({ open, clock: () => over });
    stage.until(1);
    const steps = await trainSteps(stage, model, {
      ...{ family: 'scalar', of: 1 },
      // Told once the policy was checked: time is up before the first step.
      tell: () => {
        over = 2;
      },
    });
    stage.close();
    expect(steps).toMatchObject({ done: 0, error: null, hashes: {}, weights: null });
    expect(steps.inPlace).toHaveLength(1);
  },
  LONG,
);

it(
  'has what the tuner chose, the highest speeds, and a run of twenty steps whose first has the hash of the single one',
  async () => {
    // So long that no part ends by itself. The clock is set on where a part is left out.
    const seconds = 1e6;
    let ahead = 0;
    const clock = () => performance.now() + ahead;
    const began = clock();
    const leave = new Map<string, number>([
      [FAMILY_NAMES.scalar, 0.35],
      [FAMILY_NAMES.lanes, 0.55],
      ['Large sizes', 0.75],
      ['One training step (GPUs)', 1],
    ]);
    const report = await makeReport({
      ...{ reader, open, clock, browser: 'test', date: '2026-11-30', seconds },
      tell: (_, doing) => {
        const end = began + 1000 * seconds * (leave.get(doing) ?? 0);
        ahead += Math.max(0, end + 1000 - clock());
      },
    });
    const { adapter, tuner, ceilings, run, problems } = report;
    expect(problems.map(({ part }) => part)).toEqual([...leave.keys()]);
    expect(tuner?.refused).toEqual({});
    for (const [kernel, variant] of Object.entries(tuner?.variants ?? {}))
      expect(isVariant(kernel, variant), `${variant} of ${kernel}`).toBe(true);
    expect(ceilings?.gflops).toBeGreaterThan(0);
    expect(ceilings?.gbs).toBeGreaterThan(0);
    expect(run).toMatchObject({ done: 20, of: 20, error: null });
    expect(run?.variants).toEqual({ default: adapter?.family, ...tuner?.variants });
    expect(Object.keys(run?.hashes ?? {})).toEqual(['1', '5', '10', '20']);
    expect(run?.inPlace.map(({ passed }) => passed)).toEqual([true, true]);
    expect(firstStepAgrees(report)).toBe(true);
    expect(parseAdapterReport(JSON.parse(JSON.stringify(report)), 'x')).toEqual(report);
  },
  LONG,
);
