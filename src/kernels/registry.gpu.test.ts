/** Large cases that a software adapter does in a second or two: grids that are folded, because one dimension is too short for them. */
import { expect, it } from 'vitest';
import type { Steps } from '../gpu/kernel.ts';
import { testGpu } from '../gpu/testing/test-gpu.ts';
import { addPlanesCheck } from './reduce/add-planes.check.ts';
import { checkKernel } from './registry.ts';
import { rmsNormCheck } from './rmsnorm/rmsnorm.check.ts';

const gpu = await testGpu();

it.each([
  [addPlanesCheck, 'default', 'add-planes', 0],
  [rmsNormCheck, 'lanes', 'rmsnorm-forward', 1],
] as const)(
  '$0.name is right on more than 65,535 workgroups ($1)',
  async (check, variant, name, place) => {
    const seen: Steps['steps'][number][] = [];
    const forget = gpu.observe(async ({ steps }, replay) => {
      seen.push(...steps);
      await replay();
    });
    const report = await checkKernel(gpu, check, variant, check.large?.slice(place, place + 1));
    forget();
    expect(report.worst).toMatchObject({ passed: true });
    const [x, y] = seen.find(({ kernel }) => kernel.name === name)?.grid ?? [0, 0];
    expect(x * y).toBeGreaterThan(65_535);
    expect(x).toBeLessThanOrEqual(65_535);
  },
);
