import { describe, expect, it } from 'vitest';
import { defaultExperiment } from '../../rl/experiment/schema.ts';
import { groupRuns, missingSeeds } from './groups.ts';
import { counted, curveOf, headline, resultOf, seriesOf, stepsTo } from './over-steps.ts';
import { pairedCurve, pairedSteps, verdictOf } from './paired.ts';
import { keyOf } from './seed-run.ts';
import { madeRun } from './testing/made-runs.ts';

describe('the key of a group', () => {
  const experiment = defaultExperiment();

  it('is the same for every seed, and another for other settings, adapters and live changes', async () => {
    const key = await keyOf(experiment, ['adapter', []]);
    expect(await keyOf({ ...experiment, seed: 9 }, ['adapter', []])).toBe(key);
    const others = await Promise.all([
      keyOf({ ...experiment, steps: experiment.steps + 1 }, ['adapter', []]),
      keyOf(experiment, ['another', []]),
      keyOf(experiment, ['adapter', [{ step: 3, path: 'method.beta', value: 0 }]]),
    ]);
    expect(new Set([key, ...others]).size).toBe(4);
  });
});

describe('groups', () => {
  it('hold one run a seed, the one that is furthest, and keep the others apart', () => {
    const short = madeRun(2, [0, 0.1], { id: 'short', step: 3, state: 'stopped' });
    const [group] = groupRuns([short, madeRun(3, [0, 0.2]), madeRun(2, [0, 0.3]), madeRun(1, [0])]);
    expect(group.runs.map(({ seed }) => seed)).toEqual([1, 2, 3]);
    expect(group.again).toEqual([short]);
    expect(missingSeeds(group, [1, 2, 3, 4, 5])).toEqual([4, 5]);
  });

  it('take no stopped seed for one that is there', () => {
    const [group] = groupRuns([madeRun(1, [0, 1], { state: 'stopped', step: 2 })]);
    expect(missingSeeds(group, [1, 2])).toEqual([1, 2]);
  });

  it('are in the order in which they began, and names that occur twice are numbered', () => {
    const groups = groupRuns([
      madeRun(1, [0], { key: 'b', created: '2026-11-30T05:00:00Z' }),
      madeRun(1, [0]),
    ]);
    expect(groups.map(({ key, name }) => [key, name])).toEqual([
      ['a', 'RLVR'],
      ['b', 'RLVR (2)'],
    ]);
  });
});

describe('what a group came to', () => {
  it('counts the runs that are done, at the last step that all of them have', () => {
    const runs = [
      madeRun(1, [0.1, 0.2, 0.3]),
      madeRun(2, [0.1, 0.4, 0.5]),
      madeRun(3, [0.1, 0.9], { state: 'stopped' }),
    ];
    expect(counted(runs)).toHaveLength(2);
    expect(resultOf(runs, 'eval/accuracy')).toEqual({
      step: 10,
      values: [
        { seed: 1, value: 0.3 },
        { seed: 2, value: 0.5 },
      ],
      estimate: { mean: 0.4, low: null, high: null, n: 2 },
    });
    expect(curveOf(runs, 'eval/accuracy').map(({ step }) => step)).toEqual([0, 5, 10]);
  });

  it('has an interval from three seeds on: mean ± t s / √n', () => {
    const runs = [0.2, 0.3, 0.4].map((value, i) => madeRun(i + 1, [value]));
    const found = resultOf(runs, 'eval/accuracy')?.estimate;
    expect(found?.mean).toBeCloseTo(0.3, 12);
    // t of two degrees of freedom is 4.30265, the deviation is 0.1.
    expect(found?.high).toBeCloseTo(0.3 + (4.30265 * 0.1) / Math.sqrt(3), 5);
  });

  it('is nothing where nothing was measured', () => {
    expect(resultOf([madeRun(1, [])], 'eval/accuracy')).toBeNull();
    expect(headline([madeRun(1, [])])).toBe('reward');
    expect(headline([madeRun(1, [0])])).toBe('eval/accuracy');
  });

  it('is a trailing mean where the number is one of every step', () => {
    const run = madeRun(1, [0, 1, 0, 1]);
    expect(seriesOf(run, 'reward').values).toEqual([0, 1 / 2, 1 / 3, 1 / 2]);
    expect(seriesOf(run, 'eval/accuracy').values).toEqual([0, 1, 0, 1]);
  });

  it('reaches a level at the first step at or above it, or never', () => {
    const runs = [madeRun(1, [0, 0.4, 0.5]), madeRun(2, [0, 0.1, 0.2])];
    expect(stepsTo(runs, 'eval/accuracy', 0.4)).toEqual([
      { seed: 1, step: 5 },
      { seed: 2, step: null },
    ]);
  });
});

describe('two groups', () => {
  const first = [
    madeRun(1, [0, 0.5]),
    madeRun(2, [0, 0.6]),
    madeRun(3, [0, 0.9]),
    madeRun(8, [0, 0]),
  ];
  const second = [
    madeRun(3, [0, 0.7]),
    madeRun(1, [0, 0.4]),
    madeRun(2, [0, 0.5]),
    madeRun(9, [1, 1]),
  ];

  it('are paired by the seeds that both have', () => {
    const last = pairedCurve(first, second, 'eval/accuracy').at(-1);
    expect(last?.step).toBe(5);
    expect(last?.differences.map(({ seed }) => seed)).toEqual([1, 2, 3]);
    last?.differences.forEach(
      ({ value }, i) => void expect(value).toBeCloseTo([0.1, 0.1, 0.2][i], 12),
    );
    expect(last?.estimate.mean).toBeCloseTo(0.4 / 3, 12);
  });

  it('change sign when they change places', () => {
    const there = pairedCurve(first, second, 'eval/accuracy').at(-1)?.estimate;
    const back = pairedCurve(second, first, 'eval/accuracy').at(-1)?.estimate;
    expect(back?.mean).toBeCloseTo(-(there?.mean ?? 0), 12);
    expect(back?.low).toBeCloseTo(-(there?.high ?? 0), 12);
  });

  it('have no difference without a seed in common', () => {
    expect(pairedCurve([madeRun(1, [0])], [madeRun(2, [0])], 'eval/accuracy')).toEqual([]);
  });

  it('are compared in steps to a level over the seeds that get there in both', () => {
    const found = pairedSteps(first, second, 'eval/accuracy', 0.45);
    expect(found).toEqual({ mean: 0, low: null, high: null, n: 2 });
    expect(pairedSteps(first, second, 'eval/accuracy', 5)).toBeNull();
  });

  it.each([
    [{ mean: 3, low: 1, high: 5, n: 5 }, 'first'],
    [{ mean: -3, low: -5, high: -1, n: 5 }, 'second'],
    [{ mean: 1, low: -1, high: 3, n: 5 }, 'open'],
    [{ mean: 1, low: 0, high: 2, n: 5 }, 'open'],
    [{ mean: 1, low: null, high: null, n: 2 }, 'few'],
    [{ mean: 1, low: 0.9, high: 1.1, n: 2 }, 'few'],
  ])('of the interval %j decide %s', (interval, verdict) => {
    expect(verdictOf(interval)).toBe(verdict);
  });
});
