import { describe, expect, it, vi } from 'vitest';
import { SeriesStore } from './series.ts';

const timings = (step: number, seconds = 0.5) => ({
  step,
  step_time: seconds,
  phases: { generate: 0.3, train: 0.2 },
  tokens_per_second: { generate: 2000 },
});

describe('SeriesStore', () => {
  it('keeps every column as long as the steps, with NaN where a value is absent', () => {
    const series = new SeriesStore();
    series.push({ step: 0, reward: 1 }, timings(0));
    series.push({ step: 1, reward: 2, 'eval/accuracy': 0.5 }, timings(1));
    series.push({ step: 2, reward: 3 }, timings(2));
    expect(series.steps()).toEqual([0, 1, 2]);
    expect(series.column('reward')).toEqual([1, 2, 3]);
    expect(series.column('eval/accuracy')).toEqual([Number.NaN, 0.5, Number.NaN]);
    expect(series.column('nothing')).toEqual([]);
  });

  it('counts what was reported and not finite, and not what is absent', () => {
    const series = new SeriesStore();
    series.push({ step: 0, loss: null }, timings(0));
    series.push({ step: 1, loss: Number.POSITIVE_INFINITY }, timings(1));
    series.push({ step: 2 }, timings(2));
    expect(series.nonFinite('loss')).toBe(2);
    expect(series.nonFiniteSteps('loss')).toEqual([0, 1]);
    expect(series.column('loss')).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  it('adds up the time that passed and names the phases', () => {
    const series = new SeriesStore();
    series.push({ step: 0 }, timings(0, 0.5));
    series.push({ step: 1 }, timings(1, 0.25));
    expect(series.column('timings/elapsed')).toEqual([0.5, 0.75]);
    expect(series.column('timings/phases/train')).toEqual([0.2, 0.2]);
    expect(series.column('timings/tokens_per_second/generate')).toEqual([2000, 2000]);
  });

  it('replaces the rows from a step on when a run goes on from there', () => {
    const series = new SeriesStore();
    for (let step = 0; step < 5; step += 1)
      series.push({ step, loss: step === 3 ? null : step }, timings(step));
    series.push({ step: 2, loss: 20 }, timings(2));
    expect(series.steps()).toEqual([0, 1, 2]);
    expect(series.column('loss')).toEqual([0, 1, 20]);
    expect(series.nonFinite('loss')).toBe(0);
    expect(series.column('timings/elapsed').at(-1)).toBeCloseTo(1.5, 12);
  });

  it('tells its listeners and changes its version with every change, until they leave', () => {
    const series = new SeriesStore();
    const listener = vi.fn();
    const leave = series.subscribe(listener);
    series.push({ step: 0 }, timings(0));
    const version = series.version;
    series.clear();
    expect(listener).toHaveBeenCalledTimes(2);
    expect(series.version).toBeGreaterThan(version);
    expect(series.length).toBe(0);
    leave();
    series.push({ step: 0 }, timings(0));
    expect(listener).toHaveBeenCalledTimes(2);
  });
});
