import { afterEach, describe, expect, test, vi } from 'vitest';
import { diffExperiments } from '../rl/experiment/change.ts';
import { defaultExperiment } from '../rl/experiment/schema.ts';
import { Lab } from './lab.ts';
import { draftChanges } from './settings.ts';
import { FakeLab, type FakeLabOptions } from './testing/fake-lab.ts';
import { createBaton } from './window-baton.ts';

let open: Lab | undefined;
afterEach(() => open?.close());

function makeLab(options: FakeLabOptions = {}) {
  const worker = new FakeLab(options);
  const lab = new Lab({ spawn: () => worker });
  open = lab;
  return { lab, worker };
}

const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

/** A lab whose run has done some steps. */
async function running(steps: number, options?: FakeLabOptions) {
  const made = makeLab(options);
  made.lab.open();
  made.lab.run();
  await settled();
  for (let i = 0; i < steps; i += 1) made.worker.tick();
  return made;
}

describe('two runs side by side', () => {
  async function pair(steps: number, options?: FakeLabOptions) {
    const made = makeLab(options);
    made.lab.open();
    made.lab.choosePreset('rltr-against-rlvr');
    made.lab.run();
    await settled();
    for (let i = 0; i < steps; i += 1) made.worker.tick();
    return made;
  }

  test('the second differs in what the preset says, and in nothing else that was changed since', async () => {
    const { lab, worker } = makeLab();
    lab.choosePreset('rltr-against-rlvr');
    lab.setSetting('seed', 77);
    lab.run();
    await settled();
    const run = worker.commands.find((command) => command.type === 'run');
    expect(run?.experiment).toEqual(lab.data.draft);
    expect(run?.against?.seed).toBe(77);
    expect(run?.against && diffExperiments(run.experiment, run.against)).toMatchObject([
      { path: 'rewards.2.weight', from: 0.25, to: 0 },
    ]);
  });

  test('each keeps its own rows, hash and samples, and one state', async () => {
    const { lab } = await pair(3);
    expect(lab.data.state).toBe('running');
    expect(lab.data).toMatchObject({ step: 3, beside: { step: 3 } });
    expect(lab.rows.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(lab.beside.rows.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(lab.beside.rows).not.toEqual(lab.rows);
    expect(lab.beside.samples.steps()).toEqual([1, 2, 3]);
    expect(lab.data.beside?.hash).not.toBe(lab.data.hash);
    const { against, metrics, hash } = createBaton(lab);
    expect(against()).toMatchObject({ labels: ['RLTR', 'RLVR'], hash: lab.data.beside?.hash });
    expect(metrics()).toEqual(lab.rows);
    expect(hash()).toBe(lab.data.hash);
    lab.reset();
    expect(lab.data.beside).toBeNull();
    expect(lab.beside.rows).toEqual([]);
    expect(against()).toBeNull();
  });

  test('a live setting goes to both, what tells them apart to the first alone', async () => {
    const { lab, worker } = await pair(1);
    lab.setSetting('objective.learning_rate', 1e-4);
    lab.setSetting('rewards.2.weight', 0.25);
    await settled();
    worker.tick();
    const { running, beside } = lab.data;
    expect(running?.objective.learning_rate).toBe(1e-4);
    expect(beside?.running.objective.learning_rate).toBe(1e-4);
    expect(running?.rewards[2].weight).toBe(0.25);
    expect(beside?.running.rewards[2].weight).toBe(0);
  });

  test('a step takes as long as both of its halves', async () => {
    const { lab } = await pair(8);
    const alone = lab.timings.slice(1).reduce((sum, row) => sum + row.step_time, 0) / 7;
    expect(lab.data.pace?.secondsPerStep).toBeGreaterThan(1.8 * alone);
  });

  test('the failure of one names it and stops both', async () => {
    const { lab } = await pair(4, { againstFailsAt: 3 });
    expect(lab.data.state).toBe('failed');
    expect(lab.data.failure).toMatchObject({ which: 'against', step: 2 });
    expect(lab.data.failure?.report.message).toMatch(/^RLVR: /);
    expect(lab.data.failure?.report.remedy).toMatch(/RLTR has stopped with it/);
  });

  test('another preset, or a weight that makes both equal, runs one', async () => {
    const { lab, worker } = makeLab();
    lab.choosePreset('rltr-against-rlvr');
    lab.setSetting('rewards.2.weight', 0);
    lab.run();
    lab.restart();
    lab.choosePreset('chain-minute');
    lab.restart();
    await settled();
    const runs = worker.commands.filter((command) => command.type === 'run');
    expect(runs).toHaveLength(3);
    for (const run of runs) expect(run).not.toHaveProperty('against');
  });
});

describe('a receiver that fails', () => {
  test('pauses the run, says what failed, and lets it go on', async () => {
    const { lab, worker } = await running(3);
    const run = worker.commands.find((command) => command.type === 'run');
    const ended = createBaton(lab).run();
    const error = {
      kind: 'Internal',
      message: 'The receiver failed',
      remedy: 'Try again.',
    } as const;
    worker.emit({ type: 'failed', runId: run?.runId ?? '', step: 3, error, paused: true });
    expect(await ended).toBe('paused');
    expect(lab.data.failure).toMatchObject({ report: error, step: 3, paused: true });
    expect(lab.rows).toHaveLength(3);
    lab.run();
    await settled();
    expect(lab.data.failure).toBeNull();
    expect(worker.commands.at(-1)).toMatchObject({ type: 'resume' });
    worker.tick();
    expect(lab.rows.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
  });
});

describe('a decoder of one’s own', () => {
  const files = [new File(['onnx'], 'My model.onnx'), new File(['{}'], 'tokenizer.json')];

  test('is known by its id once the worker has opened it', async () => {
    const { lab, worker } = makeLab();
    expect(await lab.bring(files)).toBe('own/my-model');
    await lab.bring(files);
    expect(lab.data.own).toEqual(['own/my-model']);
    expect(worker.commands[0]).toMatchObject({ type: 'bring', id: 'own/my-model' });
  });

  test('is refused where its tokenizer is missing, before the worker hears of it', async () => {
    const { lab, worker } = makeLab();
    await expect(lab.bring(files.slice(0, 1))).rejects.toMatchObject({ field: 'tokenizer.json' });
    expect(worker.commands).toEqual([]);
    expect(lab.data.own).toEqual([]);
  });
});

describe('changed kernels', () => {
  const kernel = (file: string, sha256 = 'aa') => ({
    ...{ file, original: 'a', text: 'b', sha256, kernels: ['rope'], forms: [''] },
  });

  test('go to the trainer, one text for a file, and stay through a reset and a trainer that died', async () => {
    const workers: FakeLab[] = [];
    const lab = new Lab({
      spawn: () => {
        const worker = new FakeLab();
        workers.push(worker);
        return worker;
      },
    });
    open = lab;
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
    const [change] = lab.data.changes;
    expect(change).toEqual({ step: 3, path: 'kernels', value: 'Changed kernel rope' });
    expect(lab.data.draft).toBe(draft);
    lab.restoreKernels();
    await settled();
    expect(lab.data.changes[1]).toMatchObject({ value: 'Original kernels' });
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
    worker.emit({ type: 'manifest', runId: 'run-1', manifest: { ...manifest, ...device } });
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

describe('the lab', () => {
  test('nothing is trained before somebody asks', async () => {
    const { lab, worker } = makeLab();
    lab.open();
    await settled();
    const others = worker.commands.filter(({ type }) => type !== 'warm-up');
    expect(others.map(({ type }) => type)).toEqual(['open']);
    expect(lab.data.state).toBe('idle');
  });

  test('a first visit takes the preset that fits the adapter, a choice is kept', async () => {
    const { lab } = makeLab({ software: false });
    const before = lab.data.preset;
    lab.open();
    await settled();
    expect(lab.data.preset).not.toBe(before);

    const other = makeLab({ software: false }).lab;
    other.choosePreset('chain-minute');
    other.open();
    await settled();
    expect(other.data.preset).toBe('chain-minute');
  });

  test('a reset and a second run with the same seed give the same rows', async () => {
    const { lab, worker } = await running(5);
    const first = structuredClone(lab.rows);
    expect(first).toHaveLength(5);
    lab.reset();
    expect(lab.rows).toHaveLength(0);
    expect(lab.series.length).toBe(0);
    lab.run();
    await settled();
    for (let i = 0; i < 5; i += 1) worker.tick();
    expect(lab.rows).toEqual(first);
  });

  test('a step while running pauses first and then does exactly one more', async () => {
    const { lab, worker } = await running(3);
    lab.step();
    await settled();
    expect(lab.data.state).toBe('running');
    worker.tick();
    worker.tick();
    expect(lab.rows).toHaveLength(4);
    expect(lab.data.state).toBe('paused');
    expect(lab.data.halting).toBe(false);
  });

  test('a live setting is sent to the run and lands in what runs; others wait in the draft', async () => {
    const { lab, worker } = await running(1);
    expect(lab.setSetting('objective.learning_rate', 5e-5)).toEqual([]);
    expect(lab.setSetting('objective.num_generations', 4)).toEqual([]);
    await settled();
    worker.tick();
    const { running: run, draft, changes } = lab.data;
    expect(run?.objective.learning_rate).toBe(5e-5);
    expect(run?.objective.num_generations).not.toBe(4);
    expect(draft.objective.num_generations).toBe(4);
    expect(changes).toEqual([{ step: 2, path: 'objective.learning_rate', value: 5e-5 }]);
    expect(worker.commands.filter(({ type }) => type === 'set')).toHaveLength(1);
    if (run) {
      expect(draftChanges(run, draft, lab.data.underWay).map(({ path }) => path)).toEqual([
        'objective.num_generations',
      ]);
    }
    lab.discardDraft();
    expect(lab.data.draft).toBe(lab.data.running);
  });

  test('another preset changes only the draft: the run keeps its live settings too', async () => {
    const { lab, worker } = await running(1);
    const before = lab.data.running;
    lab.choosePreset('chain-minute');
    await settled();
    worker.tick();
    expect(worker.commands.filter(({ type }) => type === 'set')).toEqual([]);
    expect(lab.data.running).toBe(before);
    expect(lab.data.draft).not.toEqual(before);
  });

  test('a weight goes to the run only where the same term stands at its place', async () => {
    const { lab, worker } = await running(1);
    const [, ...others] = lab.data.draft.rewards;
    expect(others.length).toBeGreaterThan(0);
    expect(lab.setRewards(others)).toEqual([]);
    lab.setSetting('rewards.0.weight', 0.7);
    await settled();
    worker.tick();
    expect(worker.commands.filter(({ type }) => type === 'set')).toEqual([]);
    lab.discardDraft();
    lab.setSetting('rewards.0.weight', 0.7);
    expect(lab.data.underWay).toEqual(['rewards.0.weight']);
    await settled();
    worker.tick();
    expect(lab.data.running?.rewards[0].weight).toBe(0.7);
    expect(lab.data.underWay).toEqual([]);
  });

  test('a value that is not allowed changes nothing and is named', async () => {
    const { lab } = makeLab();
    const before = lab.data.draft;
    const problems = lab.setSetting('objective.epsilon', 9);
    expect(problems.map(({ field }) => field)).toEqual(['objective.epsilon']);
    expect(lab.setSetting('objective.__proto__', 1)).toHaveLength(1);
    expect(lab.setSetting('nothing.here', 1)).toHaveLength(1);
    expect(lab.data.draft).toBe(before);
  });

  test('restarting with the draft runs the draft from its first step', async () => {
    const { lab, worker } = await running(2);
    lab.setSetting('seed', 99);
    lab.restart();
    await settled();
    worker.tick();
    expect(lab.rows).toHaveLength(1);
    expect(lab.data.running?.seed).toBe(99);
  });

  test('a run that fails keeps what it recorded and can be started again', async () => {
    const { lab } = await running(4, { failAt: 4 });
    expect(lab.data.state).toBe('failed');
    expect(lab.data.failure?.report.kind).toBe('NonFinite');
    expect(lab.data.failure?.step).toBe(3); // the last good one, as the trainer reports it
    expect(lab.rows).toHaveLength(3);
    lab.run();
    await settled();
    expect(lab.data.failure).toBeNull();
    expect(lab.rows).toHaveLength(0);
  });

  test('a GPU that is lost in the middle and refused afterwards is called lost, not missing', async () => {
    const { lab, worker } = await running(2);
    const error = {
      kind: 'NoWebGpu',
      message: 'It found no adapter',
      remedy: 'Turn it on.',
    } as const;
    const command = worker.commands.findLast((one) => 'runId' in one);
    const runId = command && 'runId' in command ? command.runId : '';
    worker.emit({ type: 'failed', runId, error, step: 2 });
    expect(lab.data.state).toBe('failed');
    expect(lab.data.noGpu).toBeNull();
    expect(lab.data.failure?.report.kind).toBe('DeviceLost');
    expect(lab.data.announcement).toContain('lost after step 2');
    expect(lab.rows).toHaveLength(2);
  });

  test('what may be run next is made ready: the draft once the lab is open and shown, and whatever takes its place', async () => {
    const { lab, worker } = makeLab();
    const warmed = () =>
      worker.commands.flatMap((c) => (c.type === 'warm-up' ? [c.experiment] : []));
    lab.choosePreset('chain-minute');
    expect(warmed()).toEqual([]);
    lab.open();
    await settled();
    expect(warmed()).toEqual([]);
    lab.show();
    lab.show();
    expect(warmed()).toEqual([lab.data.draft]);
    lab.choosePreset('countdown-grpo');
    lab.setSetting('seed', 3);
    expect(warmed().map(({ policy }) => policy)).toEqual([
      'policies/chain-nano',
      'policies/countdown-nano',
    ]);
    lab.run();
    await settled();
    lab.choosePreset('chain-minute');
    expect(warmed()).toHaveLength(2);
  });

  test('where the adapter calls for another preset, that one is made ready too', async () => {
    const { lab, worker } = makeLab({ software: false });
    lab.open();
    lab.show();
    await settled();
    const warmed = worker.commands.flatMap((c) => (c.type === 'warm-up' ? [c.experiment] : []));
    expect(warmed).toHaveLength(2);
    expect(warmed[1]).toEqual(lab.data.draft);
    expect(warmed[0]).not.toEqual(lab.data.draft);
  });

  test('how far something is shows at once, and then a few times a second', async () => {
    const { lab, worker } = makeLab();
    lab.open();
    lab.run();
    await settled();
    vi.useFakeTimers();
    try {
      let shown = 0;
      const stop = lab.store.subscribe(() => {
        shown += 1;
      });
      const runId = worker.commands.flatMap((c) => (c.type === 'run' ? [c.runId] : []))[0];
      for (let done = 1; done <= 50; done += 1) {
        const progress = {
          what: 'pipelines',
          label: 'Compiling kernels',
          done,
          total: 50,
        } as const;
        worker.emit({ type: 'progress', runId, progress });
      }
      expect(shown).toBe(1);
      expect(lab.data.progress?.done).toBe(50);
      vi.runAllTimers();
      expect(shown).toBe(2);
      expect(lab.store.getState().progress?.done).toBe(50);
      stop();
    } finally {
      vi.useRealTimers();
    }
  });

  test('a browser without WebGPU is told so and stays told until it is asked again', async () => {
    const { lab } = makeLab({ noGpu: true });
    lab.open();
    await settled();
    expect(lab.data.noGpu?.kind).toBe('NoWebGpu');
    expect(lab.data.state).toBe('idle');
  });

  test('another tab that trains is a notice, and the lab stays usable', async () => {
    const { lab, worker } = makeLab();
    lab.open();
    await settled();
    worker.emit({
      type: 'failed',
      runId: '',
      step: -1,
      error: { kind: 'Busy', message: 'Already running in another tab', remedy: 'Close it.' },
    });
    expect(lab.data.failure).toMatchObject({ step: null, report: { kind: 'Busy' } });
    expect(lab.data.state).toBe('idle');
  });

  test('the milestones that are announced are tenths, not steps', async () => {
    const { lab, worker } = makeLab();
    lab.setDraft({ ...defaultExperiment(), steps: 50 });
    lab.run();
    await settled();
    const said = new Set<string>();
    for (let i = 0; i < 50; i += 1) {
      worker.tick();
      said.add(lab.data.announcement);
    }
    const steps = [...said].filter((text) => text.startsWith('Step '));
    expect(steps).toHaveLength(9);
    expect(steps[0]).toMatch(/^Step 5 of 50/);
    expect(lab.data.announcement).toBe('Finished after 50 steps.');
  });
});
