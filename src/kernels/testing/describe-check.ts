/**
 * Makes a vitest suite of a kernel's check: one test per variant and case. Large cases run on GPUs, and on software adapters where
 * BATON_LARGE is set.
 */
import { describe, expect, it } from 'vitest';
import type { Gpu } from '../../gpu/gpu.ts';
import { type KernelCheck, runCase } from '../checking/check.ts';
import { supportsVariant } from '../variants.ts';

export function describeCheck(gpu: Gpu, check: KernelCheck): void {
  const variants = check.variants.filter((v) => supportsVariant(gpu.info, v));
  const large = gpu.info.software && !process.env.BATON_LARGE ? [] : (check.large ?? []);
  const cases = [...check.cases, ...large];
  describe.each(variants)(`${check.name} (%s)`, (variant) => {
    it.each(cases.map((which) => [which.label, which] as const))(
      'equals its reference, stays in its buffers and repeats its bits: %s',
      async (_label, which) => {
        const outputs = await runCase(gpu, check, variant, which);
        expect(outputs.length).toBeGreaterThan(0);
        expect(outputs.filter((output) => !output.passed)).toEqual([]);
      },
    );
  });
}
