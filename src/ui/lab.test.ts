import { describe, expect, test, vi } from 'vitest';
import { defaultExperiment } from '../rl/experiment/schema.ts';
import { draftChanges } from './settings.ts';
import { lead } from './store/runs.ts';
import { makeLab, running, settled } from './testing/made-lab.ts';
import { createBaton } from './window-baton.ts';

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
    const groupId = run?.groupId ?? '';
    worker.emit({ type: 'failed', groupId, runId: null, step: 3, error, paused: true });
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

  test('a reset to the start puts back what was moved while it went on, and keeps other changes', async () => {
    const { lab, worker } = await running(1);
    const began = lab.data.draft.method.learning_rate;
    lab.setSetting('method.learning_rate', 5e-5);
    lab.setSetting('method.num_generations', 4);
    await settled();
    worker.tick();
    lab.setSetting('method.learning_rate', 7e-5);
    await settled();
    worker.tick();
    lab.resetToStart();
    expect(lab.data.draft.method).toMatchObject({ learning_rate: began, num_generations: 4 });
  });

  test('a live setting is sent to the run and lands in what runs; others wait in the draft', async () => {
    const { lab, worker } = await running(1);
    expect(lab.setSetting('method.learning_rate', 5e-5)).toEqual([]);
    expect(lab.setSetting('method.num_generations', 4)).toEqual([]);
    await settled();
    worker.tick();
    const { draft } = lab.data;
    const run = lead(lab.data);
    expect(run?.experiment.method.learning_rate).toBe(5e-5);
    expect(run?.experiment.method).not.toMatchObject({ num_generations: 4 });
    expect(draft.method).toMatchObject({ num_generations: 4 });
    expect(run?.changes).toEqual([
      { step: 2, path: 'method.learning_rate', value: 5e-5, was: 4e-4 },
    ]);
    expect(worker.commands.filter(({ type }) => type === 'set')).toHaveLength(1);
    if (run) {
      expect(draftChanges(run.experiment, draft, run.underWay).map(({ path }) => path)).toEqual([
        'method.num_generations',
      ]);
    }
    lab.discardDraft();
    expect(lab.data.draft).toBe(lead(lab.data)?.experiment);
  });

  test('another preset changes only the draft: the run keeps its live settings too', async () => {
    const { lab, worker } = await running(1);
    const before = lead(lab.data)?.experiment;
    lab.choosePreset('chain-minute');
    await settled();
    worker.tick();
    expect(worker.commands.filter(({ type }) => type === 'set')).toEqual([]);
    expect(lead(lab.data)?.experiment).toBe(before);
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
    expect(lead(lab.data)?.underWay).toEqual(['rewards.0.weight']);
    await settled();
    worker.tick();
    expect(lead(lab.data)?.experiment.rewards[0].weight).toBe(0.7);
    expect(lead(lab.data)?.underWay).toEqual([]);
  });

  test('a value that is not allowed changes nothing and is named', async () => {
    const { lab } = makeLab();
    const before = lab.data.draft;
    const problems = lab.setSetting('method.epsilon', 9);
    expect(problems.map(({ field }) => field)).toEqual(['method.epsilon']);
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
    expect(lead(lab.data)?.experiment.seed).toBe(99);
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
      const runId = worker.commands.flatMap((c) => (c.type === 'run' ? [c.runs[0].id] : []))[0];
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
      groupId: '',
      runId: null,
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
