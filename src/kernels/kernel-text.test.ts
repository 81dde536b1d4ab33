import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Kernel } from '../gpu/kernel.ts';
import { allKernels } from './testing/all-kernels.ts';

/** What WebGPU promises on every device. */
const STORAGE_BUFFERS = 8;
const WORKGROUP_BYTES = 16_384;
const INVOCATIONS = 256;

const kernels = allKernels().map(
  (kernel, i) => [`${kernel.name} (${kernel.variant}) ${i}`, kernel] as const,
);

function declared({ source }: Kernel): [number, string][] {
  const found = source.matchAll(/@group\(0\)\s*@binding\((\d+)\)\s*var<([^>]+)>/g);
  return [...found].map(([, binding, kind]) => [Number(binding), kind.replaceAll(' ', '')]);
}

function invocationsOf({ source }: Kernel): number {
  const size = /@workgroup_size\(([^)]*)\)/.exec(source)?.[1] ?? '';
  return size.split(',').reduce((product, n) => product * Number(n), 1);
}

/** Calls in which an invocation waits for the others of its group. */
const WAITS = /\b(workgroupBarrier|workgroupUniformLoad|tree_sum|tree_max)\(/;

describe('the text of every kernel', () => {
  it.each(kernels)('declares the bindings of its table, in order: %s', (_name, kernel) => {
    const table = kernel.bindings.map((access) =>
      access === 'read' ? 'storage,read' : 'storage,read_write',
    );
    expect(declared(kernel)).toEqual(['uniform', ...table].map((kind, i) => [i, kind]));
  });

  it.each(kernels)('stays within the limits that every device has: %s', (_name, kernel) => {
    expect(kernel.bindings.length).toBeLessThanOrEqual(STORAGE_BUFFERS);
    const invocations = invocationsOf(kernel);
    expect(invocations).toBeGreaterThan(0);
    expect(invocations).toBeLessThanOrEqual(INVOCATIONS);
    const shared = [
      ...kernel.source.matchAll(
        /var<workgroup>\s*\w+\s*:\s*array<(f32|u32|vec2f|vec4f),\s*(\d+)>/g,
      ),
    ];
    expect(shared.length).toBe(kernel.source.split('var<workgroup>').length - 1);
    const bytes = shared.reduce(
      (sum, [, type, count]) => sum + 4 * Number(count) * Number(/^vec(\d)/.exec(type)?.[1] ?? 1),
      0,
    );
    expect(bytes).toBeLessThanOrEqual(WORKGROUP_BYTES);
  });

  const waiting = kernels.filter(([, { source }]) => WAITS.test(source));

  // An Apple compiler drops the barriers of groups of 32 of which some leave early (MoltenVK #2711).
  it.each(waiting)(
    'waits in groups of more than 32, which nobody has left: %s',
    (_name, kernel) => {
      expect(invocationsOf(kernel)).toBeGreaterThan(32);
      const main = kernel.source.slice(kernel.source.indexOf('fn main('));
      const last = [...main.matchAll(new RegExp(WAITS, 'g'))].at(-1)?.index ?? 0;
      expect(main.slice(0, last)).not.toMatch(/\breturn\b/);
    },
  );

  it('is made of every shader file in this folder', () => {
    const here = fileURLToPath(new URL('.', import.meta.url));
    const shaders = readdirSync(here, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.wgsl'),
    );
    expect(shaders.length).toBeGreaterThan(15);
    const unused = shaders.filter((path) => {
      // The first comment up to what a template puts in.
      const first = readFileSync(here + path, 'utf8').split(/\n|\$\{/)[0];
      expect(first.length).toBeGreaterThan(10);
      return !kernels.some(([, kernel]) => kernel.source.includes(first));
    });
    expect(unused).toEqual([]);
  });
});
