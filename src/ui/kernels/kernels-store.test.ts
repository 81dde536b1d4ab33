/** What the page shows once the device is open. */
import { expect, it } from 'vitest';
import { BatonError } from '../../errors.ts';
import type { AdapterReport } from '../../lab/adapter-report/schema.ts';
import type { KernelLabClient } from '../../lab/kernel-lab/client.ts';
import type { Advance, Catalogue, Machine, Talk } from '../../lab/kernel-lab/protocol.ts';
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

it('keeps the report so far where the check of an adapter is ended', async () => {
  const report = { seconds: 3, ended: null } as unknown as AdapterReport;
  let end: (error: unknown) => void = () => undefined;
  const growing = {
    ask: (_: unknown, __: number, onAdvance: (advance: Advance) => void) => {
      onAdvance({ done: 1, total: 2, report, doing: 'The tuner' });
      return new Promise((_resolve, reject) => {
        end = reject;
      });
    },
  } as unknown as KernelLabClient;
  const kernels = createKernels(growing);
  kernels.checkAdapter();
  await settled();
  expect(kernels.store.getState()).toMatchObject({ report, reporting: 'The tuner' });
  end(new BatonError({ kind: 'DeviceLost', message: 'The GPU is gone', remedy: '' }));
  await settled();
  expect(kernels.store.getState()).toMatchObject({
    ...{ report: { ...report, ended: 'The GPU is gone' }, reporting: null, busy: null },
    error: { kind: 'DeviceLost' },
  });
});
