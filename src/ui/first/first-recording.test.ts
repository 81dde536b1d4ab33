import { describe, expect, test } from 'vitest';
import type { Bundle } from '../../lab/bundle/bundle.ts';
import { defaultPreset, presetExperiment } from '../../rl/experiment/presets/index.ts';
import type { Manifest } from '../../rl/records.ts';
import { makeLab } from '../testing/made-lab.ts';
import { syntheticGroups, syntheticRow } from '../testing/synthetic-run.ts';
import { captionsOf } from './captions.ts';
import { FirstRecording } from './first-recording.ts';

const STEPS = 20;
const rows = Array.from({ length: STEPS }, (_, i) => syntheticRow(i, 1, 1));

const bundle: Bundle = {
  experiment: presetExperiment(defaultPreset(true)),
  manifest: { adapter: 'a machine', build: '1' } as Manifest,
  metrics: rows.map(([metrics]) => metrics),
  timings: rows.map(([, timings]) => timings),
  samples: [0, STEPS - 1].flatMap((step) => syntheticGroups(step, 1)),
  ...{ evaluations: [], model: null, hash: 'a'.repeat(64) },
};

/** A recording whose frames come when the test says so. */
function made(read = async () => ({ bundle, about: { bundle: 'x', recorded: '2026-11-30' } })) {
  const { lab, worker } = makeLab();
  const draws: ((elapsed: number) => boolean)[] = [];
  const first = new FirstRecording({ lab, read, frames: (draw) => draws.push(draw) });
  const shown = () => first.store.getState().shown;
  return { lab, worker, first, draws, shown };
}

describe('the recording of a page on which nothing has run', () => {
  test('is no run of the lab', async () => {
    const { lab, first, shown } = made();
    await first.open(true);
    expect(shown()?.run.record.rows.length).toBe(STEPS);
    expect(lab.data).toMatchObject({ state: 'idle', present: null, groups: [] });
    expect([lab.rows.length, lab.data.runs.size, lab.data.chosen]).toEqual([0, 0, false]);
  });

  test('plays from its beginning to its end, and says when it has', async () => {
    const { first, draws, shown } = made();
    await first.open(false);
    expect(shown()?.playing).toBe(true);
    expect(shown()?.run.record.rows.length).toBe(1);
    expect(draws[0](4000)).toBe(true);
    expect(shown()?.run.record.rows.length).toBe(STEPS / 2);
    expect(draws[0](9000)).toBe(false);
    expect(shown()?.run.record.rows).toEqual(bundle.metrics);
    expect(shown()?.run.record.samples.steps()).toEqual([0, STEPS - 1]);
    expect(shown()?.playing).toBe(false);
  });

  test('played again, the play before stops', async () => {
    const { first, draws, shown } = made();
    await first.open(false);
    first.play();
    expect(draws[0](9000)).toBe(false);
    expect(shown()?.run.record.rows.length).toBe(1);
  });

  test('is gone for good once anything runs', async () => {
    const { lab, first, draws, shown } = made();
    lab.open();
    await first.open(false);
    lab.run();
    await lab.until(({ present }) => present !== null);
    expect(shown()).toBeNull();
    expect(draws[0](9000)).toBe(false);
    lab.reset();
    first.play();
    expect(shown()).toBeNull();
  });

  test('that comes after the first run is not shown', async () => {
    const { lab, first, shown } = made(async () => {
      lab.run();
      return { bundle, about: { bundle: 'x', recorded: '2026-11-30' } };
    });
    lab.open();
    await first.open(true);
    await lab.until(({ present }) => present !== null);
    expect(shown()).toBeNull();
  });

  test('that cannot be read leaves the page as it is without', async () => {
    const { first } = made(() => Promise.reject(new Error('not there')));
    await first.open(true);
    expect(first.store.getState()).toEqual({ state: 'none', shown: null });
  });
});

describe('captions', () => {
  test('have the numbers of the rows, and places that the rows have', () => {
    const captions = captionsOf(bundle.metrics);
    expect(captions.map(({ n }) => n)).toEqual([1, 2, 3]);
    const steps = bundle.metrics.map(({ step }) => step);
    for (const { step } of captions) expect(steps).toContain(step);
    const share = (at: number) => Math.round(100 * (bundle.metrics[at]['eval/accuracy'] ?? -1));
    expect(captions[0].lines[1]).toContain(`${share(0)} %`);
    expect(captions[2].lines[1]).toBe(`${share(0)} % right, then ${share(10)} %.`);
  });

  test('are left out where the numbers are not there', () => {
    expect(captionsOf([])).toEqual([]);
    expect(captionsOf([{ step: 1, reward: 1 }])).toEqual([]);
  });
});
