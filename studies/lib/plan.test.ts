import { describe, expect, test } from 'vitest';
import { parseExperiment } from '../../src/rl/experiment/schema.ts';
import { STUDIES } from '../index.ts';
import { smoke } from '../smoke.ts';
import { merge, plan } from './plan.ts';

describe('the grid', () => {
  test('goes seed by seed, so that what an early end leaves can be compared in pairs', () => {
    const ids = plan(smoke, { seeds: [3, 4] }).map(({ id }) => id);
    expect(ids).toEqual(['slow-s3', 'fast-s3', 'slow-s4', 'fast-s4']);
  });

  test('an arm changes what it names and nothing else', () => {
    const [slow, fast] = plan(smoke, { seeds: [1] }).map(({ experiment }) => experiment);
    expect(slow.method?.learning_rate).not.toBe(fast.method?.learning_rate);
    const rest = (e: typeof slow) => ({ ...e, method: { ...e.method, learning_rate: 0 } });
    expect(rest(slow)).toEqual(rest(fast));
  });

  test('objects are merged, lists are replaced, and neither side is changed', () => {
    const base = { a: { x: 1, y: 2 }, list: [1, 2] };
    expect(merge(base, { a: { y: 3 }, list: [9] })).toEqual({ a: { x: 1, y: 3 }, list: [9] });
    expect(base).toEqual({ a: { x: 1, y: 2 }, list: [1, 2] });
    expect(merge(base, { a: { x: undefined } })).toEqual({ a: { y: 2 }, list: [1, 2] });
  });

  test('an unknown arm is refused with those that there are', () => {
    expect(() => plan(smoke, { arms: ['fsat'] })).toThrow(/no arm fsat; its arms are slow, fast/);
  });

  test.each(STUDIES)('every arm of $name is an experiment that this build reads', (study) => {
    // Which policies are bundled is looked at when a study starts.
    const policies = [study.base.policy ?? ''];
    for (const { id, experiment } of plan(study)) {
      const parsed = parseExperiment(experiment, { policies });
      expect(parsed.ok ? [] : parsed.problems, id).toEqual([]);
    }
  });

  test.each(STUDIES)('arms of $name have names for files, and differ', (study) => {
    const seen = new Set(plan(study).map(({ experiment }) => JSON.stringify(experiment)));
    expect(seen.size).toBe(study.arms.length * study.seeds.length);
    for (const { id } of study.arms) expect(id).toMatch(/^[a-z0-9-]+$/);
  });
});
