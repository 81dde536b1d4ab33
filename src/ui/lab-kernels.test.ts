import { describe, expect, test } from 'vitest';
import { lead } from './store/runs.ts';
import { FakeLab } from './testing/fake-lab.ts';
import { labAround, running, settled } from './testing/made-lab.ts';

describe('changed kernels', () => {
  const kernel = (file: string, sha256 = 'aa') => ({
    ...{ file, original: 'a', text: 'b', sha256, kernels: ['rope'], forms: [''] },
  });

  test('go to the trainer, one text for a file, and stay through a reset and a trainer that died', async () => {
    const workers: FakeLab[] = [];
    const lab = labAround(() => {
      const worker = new FakeLab();
      workers.push(worker);
      return worker;
    });
    lab.open();
    lab.changeKernel(kernel('rope/rope.wgsl'));
    lab.changeKernel(kernel('rope/rope.wgsl', 'bb'));
    lab.changeKernel(kernel('rows/gather-rows.wgsl'));
    expect(lab.data.kernels.used).toEqual([]);
    await settled();
    const both = [kernel('rope/rope.wgsl', 'bb'), kernel('rows/gather-rows.wgsl')];
    expect(lab.data.kernels.used).toEqual(both);
    lab.reset();
    expect(lab.data.kernels.used).toEqual(both);
    workers[0].onerror?.({ message: 'dead', preventDefault: () => undefined } as ErrorEvent);
    lab.run();
    expect(workers[1].commands[0]).toEqual({ type: 'kernels', kernels: both });
    expect(workers[1].commands[1]).toMatchObject({ type: 'run' });
    lab.restoreKernels('rope/rope.wgsl');
    await settled();
    expect(lab.data.kernels.used).toEqual([kernel('rows/gather-rows.wgsl')]);
  });

  test('that are refused leave what was in use, and say why', async () => {
    const { lab, worker } = await running(2);
    const error = { kind: 'ShaderError', message: 'no', remedy: '' } as const;
    lab.changeKernel(kernel('rope/rope.wgsl'));
    worker.emit({ type: 'kernels', kernels: [], error });
    expect(lab.data.kernels).toEqual({ used: [], asked: [], error });
    expect(lab.data.state).toBe('running');
  });

  test('stand among the changes of a run, and in no link or experiment', async () => {
    const { lab } = await running(2);
    const draft = lab.data.draft;
    lab.changeKernel(kernel('rope/rope.wgsl'));
    await settled();
    const [change] = lead(lab.data)?.changes ?? [];
    expect(change).toEqual({ step: 3, path: 'kernels', value: 'Changed kernel rope' });
    expect(lab.data.draft).toBe(draft);
    lab.restoreKernels();
    await settled();
    expect(lead(lab.data)?.changes[1]).toMatchObject({ value: 'Original kernels' });
  });

  test('of a run that failed are restored, and it goes on; without any there is nothing to recover', async () => {
    const bare = await running(3, { failAt: 3 });
    expect(bare.lab.data.state).toBe('failed');
    expect(bare.lab.canRecover).toBe(false);
    bare.lab.recover();
    expect(bare.lab.data.state).toBe('failed');
    bare.lab.close();

    const { lab, worker } = await running(1, { failAt: 3 });
    const manifest = { version: 1, ...{ experiment: {}, experiment_hash: '', build: '' } } as const;
    const device = { adapter: '', features: [], variants: {}, policy_hash: '', plan: {} };
    worker.emit({
      type: 'manifest',
      runId: lead(lab.data)?.id ?? '',
      manifest: { ...manifest, ...device },
    });
    lab.changeKernel(kernel('rope/rope.wgsl'));
    await settled();
    worker.tick();
    worker.tick();
    expect(lab.data.state).toBe('failed');
    expect(lab.canRecover).toBe(true);
    lab.recover();
    await settled();
    expect(lab.data.state).toBe('running');
    expect(lab.data.failure).toBeNull();
    expect(worker.commands.slice(-2)).toMatchObject([
      { type: 'kernels', kernels: [] },
      { type: 'resume' },
    ]);
  });
});
