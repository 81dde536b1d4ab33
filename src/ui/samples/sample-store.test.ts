import { describe, expect, it } from 'vitest';
import type { SampleGroup } from '../../rl/records.ts';
import { RECENT_STEPS, SampleStore } from './sample-store.ts';

const group = (step: number): SampleGroup => ({
  step,
  question: 'q',
  prompt: 'p',
  completions: [],
});

function filled(steps: number): SampleStore {
  const store = new SampleStore();
  for (let step = 0; step < steps; step += 1) store.push([group(step), group(step)]);
  return store;
}

describe('SampleStore', () => {
  it('keeps every one of the last steps, and the first', () => {
    const store = filled(1000);
    const kept = new Set(store.steps());
    for (let step = 1000 - RECENT_STEPS; step < 1000; step += 1) expect(kept.has(step)).toBe(true);
    expect(kept.has(0)).toBe(true);
    expect(store.at(999)).toHaveLength(2);
  });

  it('stays within its budget, which grows with the logarithm of the run', () => {
    expect(filled(1000).steps().length).toBeLessThanOrEqual(170);
    expect(filled(4000).steps().length).toBeLessThanOrEqual(225);
  });

  it('is never sparser near the present than before', () => {
    const steps = filled(2000).steps();
    for (let i = 2; i < steps.length; i += 1) {
      expect(steps[i] - steps[i - 1]).toBeLessThanOrEqual(2 * (steps[i - 1] - steps[i - 2]));
    }
    expect(steps[1] - steps[0]).toBeGreaterThan(1);
  });

  it('says what it dropped: kept and dropped are all that came', () => {
    const store = filled(600);
    expect(store.dropped.steps + store.steps().length).toBe(600);
    expect(store.dropped.groups).toBe(2 * store.dropped.steps);
    const gone = Array.from({ length: 600 }, (_, step) => step).find(
      (step) => store.at(step).length === 0,
    );
    expect(gone).toBeDefined();
  });

  it('replaces what a run that went back has sampled before', () => {
    const store = filled(10);
    store.push([group(4)]);
    expect(store.steps()).toEqual([0, 1, 2, 3, 4]);
    expect(store.at(4)).toHaveLength(1);
    store.clear();
    expect(store.steps()).toEqual([]);
    expect(store.dropped.steps).toBe(0);
  });
});
