/** What the page shows once the device is open. */
import { expect, it } from 'vitest';
import type { KernelLabClient } from '../../lab/kernel-lab/client.ts';
import type { Catalogue, Machine, Talk } from '../../lab/kernel-lab/protocol.ts';
import { createKernels, variantIn } from './kernels-store.ts';

const catalogue: Catalogue = {
  kernels: [
    {
      ...{
        id: 'matmul-nt',
        group: '',
        what: '',
        formula: '',
        kernels: ['matmul-nt'],
        cases: ['a'],
      },
      variants: [
        { name: 'scalar', files: ['scalar.wgsl'], bindings: ['read', 'write'] },
        { name: 'quads', files: ['quads.wgsl'], bindings: ['read', 'write'] },
      ],
    },
  ],
  files: { 'scalar.wgsl': 'one', 'quads.wgsl': 'two' },
  loopLimit: 1,
};
const machine: Machine = {
  ...{ name: 'an adapter', software: true, profile: 'scalar', timestamps: false },
  running: { 'matmul-nt': 'quads' },
};
const answers: Partial<Record<keyof Talk, unknown>> = {
  ...{ catalogue, open: machine, check: [], variants: [] },
  ceilings: { gflops: 1, gbs: 1, matmul: '', copy: '' },
};
const client = {
  ask: async ({ type }: { readonly type: keyof Talk }) => answers[type],
} as unknown as KernelLabClient;

async function opened(act: (kernels: ReturnType<typeof createKernels>) => void) {
  const kernels = createKernels(client);
  kernels.load();
  await settled();
  expect(kernels.store.getState().file).toBe('scalar.wgsl');
  act(kernels);
  await settled();
  expect(kernels.store.getState()).toMatchObject({ machine, busy: null, error: null });
  return kernels.store.getState();
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

it('shows the text of the variant that runs here as soon as that is known', async () => {
  const state = await opened((kernels) => kernels.time());
  expect([variantIn(state)?.name, state.file]).toEqual(['quads', 'quads.wgsl']);
});

it('stays with the variant whose text a reader has begun to change', async () => {
  const state = await opened((kernels) => {
    kernels.edit('one, changed');
    kernels.time();
  });
  expect([variantIn(state)?.name, state.file]).toEqual(['scalar', 'scalar.wgsl']);
  expect(state.edits).toEqual({ 'scalar.wgsl': 'one, changed' });
});
