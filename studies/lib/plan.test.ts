import { describe, expect, test } from 'vitest';
import { parseExperiment } from '../../src/rl/experiment/schema.ts';
import { STUDIES } from '../index.ts';
import { trial } from '../smoke.ts';
import { chosenParts, merge, plan } from './plan.ts';
import { madeUp } from './testing/made-up.ts';
import { settled } from './tuning.ts';

const EVERY_PART = STUDIES.flatMap(({ name, parts }) =>
  parts.map((part) => ({ of: `${name}, ${part.id}`, part })),
);

describe('the grid', () => {
  test('goes seed by seed, so that what an early end leaves can be compared in pairs', () => {
    const ids = plan(trial, { seeds: [3, 4] }).map(({ id }) => id);
    expect(ids).toEqual(['slow-s3', 'fast-s3', 'slow-s4', 'fast-s4']);
  });

  test('an arm changes what it names and nothing else', () => {
    const [slow, fast] = plan(trial, { seeds: [1] }).map(({ experiment }) => experiment);
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

  test('arms with seeds of their own keep to them, whatever seeds are asked for', () => {
    const part = { ...trial, arms: [trial.arms[0], { ...trial.arms[1], seeds: [1] }] };
    const ids = (choice = {}) => plan(part, choice).map(({ id }) => id);
    expect(ids()).toEqual(['slow-s1', 'fast-s1', 'slow-s2']);
    expect(ids({ seeds: [1, 2, 3] })).toEqual(['slow-s1', 'fast-s1', 'slow-s2', 'slow-s3']);
  });

  test.each(EVERY_PART)('every arm of $of is an experiment that this build reads', ({ part }) => {
    // Which policies are bundled is looked at when a study starts.
    const policies = [part.base.policy ?? ''];
    for (const { id, experiment } of plan(settled(part, madeUp(part).runs))) {
      const parsed = parseExperiment(experiment, { policies });
      expect(parsed.ok ? [] : parsed.problems, id).toEqual([]);
    }
  });

  test.each(EVERY_PART)('arms of $of have names for files, and differ', ({ part }) => {
    const all = plan(settled(part, madeUp(part).runs));
    const own = all.filter(({ arm }) => !arm.trialOf);
    expect(new Set(own.map(({ experiment }) => JSON.stringify(experiment))).size).toBe(own.length);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    for (const { arm } of all) expect(arm.id).toMatch(/^[a-z0-9-]+$/);
  });

  test.each(STUDIES)('parts of $name have names for folders, and differ', ({ parts }) => {
    expect(new Set(parts.map(({ id }) => id)).size).toBe(parts.length);
    for (const { id } of parts) expect(id).toMatch(/^[a-z0-9-]+$/);
  });
});

describe('the parts that are asked for', () => {
  const study = {
    name: 'two',
    parts: [trial, { ...trial, id: 'old', past: true as const, arms: trial.arms.slice(0, 1) }],
  };
  const ids = (...asked: [string[]?, string[]?]) =>
    chosenParts(study, asked[0], asked[1]).map(({ id }) => id);

  test('are all but those of the past, which must be named', () => {
    expect(ids()).toEqual(['trial']);
    expect(ids(['old'])).toEqual(['old']);
    expect(ids(['old', 'trial'])).toEqual(['trial', 'old']);
  });

  test('are those that have an arm that was named', () => {
    expect(ids(['old', 'trial'], ['fast'])).toEqual(['trial']);
  });

  test('an unknown part or arm is refused with those that there are', () => {
    expect(() => ids(['odl'])).toThrow(/no part odl; its parts are trial, old/);
    expect(() => ids(undefined, ['fsat'])).toThrow(/no arm fsat; its arms are slow, fast/);
  });
});
