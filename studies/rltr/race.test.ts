import { expect, test } from 'vitest';
import type { RawRun } from '../lib/raw.ts';
import { Results } from '../lib/results.ts';
import { madeUp } from '../lib/testing/made-up.ts';
import { dialects } from './dialects.ts';
import { speedUp, timeSpeedUp } from './race.ts';

const STEPS = [0, 25, 50, 75, 100, 125];

/** Held-out accuracy at the steps, and seconds of a step. */
function results(
  arms: Readonly<Record<string, { readonly values: number[]; readonly step: number }>>,
): Results {
  const raw = madeUp(dialects, { seeds: [1, 2] });
  const runs = raw.runs.flatMap((run): RawRun[] => {
    const own = arms[run.arm];
    if (!own) return [];
    const { values, step } = own;
    return [
      {
        ...run,
        steps: 125,
        series: { 'eval/accuracy': { steps: STEPS, values } },
        timing: { ...run.timing, step },
      },
    ];
  });
  return new Results(dialects, { ...raw, runs });
}

/** Trailing means over three: the last is 0.8, first reached at step 125. */
const slow = [0.1, 0.2, 0.4, 0.7, 0.8, 0.9];

test('steps to the level of RLVR’s end are counted on smoothed curves, and time by each run’s own steps', () => {
  // Trailing means: 0.1, 0.5, 0.633, 0.9: the level is passed at step 75.
  const found = results({
    rlvr: { values: slow, step: 1 },
    rltr: { values: [0.1, 0.9, 0.9, 0.9, 0.9, 0.9], step: 2 },
  });
  expect(speedUp(found, 'rltr', 'rlvr')?.mean).toBeCloseTo(125 / 75, 12);
  expect(timeSpeedUp(found, 'rltr', 'rlvr')?.mean).toBeCloseTo(125 / 75 / 2, 12);
});

test('an arm that never gets there counts with its last step, and so as at most 1', () => {
  const found = results({
    rlvr: { values: slow, step: 1 },
    rltr: { values: [0.1, 0.1, 0.1, 0.1, 0.1, 0.1], step: 1 },
  });
  expect(speedUp(found, 'rltr', 'rlvr')?.mean).toBeLessThanOrEqual(1);
});

test('where RLVR ends no higher than it began there is no race', () => {
  const found = results({
    rlvr: { values: [0.9, 0.1, 0.1, 0.1, 0.1, 0.1], step: 1 },
    rltr: { values: slow, step: 1 },
  });
  expect(speedUp(found, 'rltr', 'rlvr')).toBeUndefined();
});
