/** Each alert fires on a made series, and none on series that are healthy, whatever they look like. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseExperiment } from '../../rl/experiment/schema.ts';
import type { MetricsRow } from '../../rl/records.ts';
import { alertsOf } from './alerts.ts';
import {
  COMPARED_STEPS,
  LAST_STEPS,
  type TrainingAlert,
  trainingAlerts,
} from './training-alerts.ts';

const parsed = parseExperiment({});
if (!parsed.ok) throw new Error(parsed.problems[0].message);
const { experiment } = parsed;

const HEALTHY = {
  ...{
    reward: 0.5,
    reward_std: 0.4,
    accuracy: 0.5,
    entropy: 0.6,
    kl: 0.05,
    frac_reward_zero_std: 0.3,
  },
  ...{ 'completions/mean_length': 40, 'completions/clipped_ratio': 0.02 },
  ...{ 'clip_ratio/high_mean': 0.05, 'clip_ratio/low_mean': 0.05 },
  ...{ 'eval/accuracy': 0.5, 'eval/accuracy_low': 0.46, 'eval/accuracy_high': 0.54 },
};
type Row = Partial<Record<keyof typeof HEALTHY, number>>;

/** Healthy steps, then `count` that differ. */
function rows(late: Row, count = COMPARED_STEPS, early = COMPARED_STEPS): MetricsRow[] {
  return Array.from({ length: early + count }, (_, i) => ({
    ...HEALTHY,
    ...(i < early ? {} : late),
    step: i + 1,
  }));
}
const told = (all: readonly MetricsRow[]) => trainingAlerts(all, experiment).map(({ id }) => id);

/** What makes each fire, and a change of the same kind that does not. */
const CASES: Readonly<Record<TrainingAlert, readonly [late: Row, mild: Row]>> = {
  silent: [{ frac_reward_zero_std: 1 }, { frac_reward_zero_std: 0.79 }],
  flattened: [
    { frac_reward_zero_std: 1, accuracy: 0 },
    { frac_reward_zero_std: 0.79, accuracy: 0 },
  ],
  'few-signals': [{ frac_reward_zero_std: 0.9 }, { frac_reward_zero_std: 0.79 }],
  'entropy-collapse': [{ entropy: 0.05 }, { entropy: 0.2 }],
  'length-runaway': [
    { 'completions/mean_length': 90 },
    { 'completions/mean_length': 90, accuracy: 0.6 },
  ],
  'reward-hacked': [
    { reward: 0.8, 'eval/accuracy_low': 0.36, 'eval/accuracy_high': 0.44 },
    { reward: 0.8, 'eval/accuracy_low': 0.4, 'eval/accuracy_high': 0.48 },
  ],
  'kl-blow-up': [{ kl: 1.2 }, { kl: 0.9 }],
  clipped: [
    { 'clip_ratio/high_mean': 0.2, 'clip_ratio/low_mean': 0.15 },
    { 'clip_ratio/high_mean': 0.2, 'clip_ratio/low_mean': 0.05 },
  ],
  truncated: [{ 'completions/clipped_ratio': 0.3 }, { 'completions/clipped_ratio': 0.2 }],
};

describe.each(Object.entries(CASES))('%s', (id, [late, mild]) => {
  test('fires on its series, alone, and not on a milder one', () => {
    expect(told(rows(late))).toEqual([id]);
    expect(told(rows(mild))).toEqual([]);
  });

  test('waits until there are steps enough, and is over when its cause is', () => {
    expect(told(rows(late, LAST_STEPS - 1, 0))).toEqual([]);
    expect(told([...rows(late), ...rows({}, 0, 2 * COMPARED_STEPS)])).toEqual([]);
  });
});

test('silent groups are blamed on the rate where the policy got worse, and not where all are right', () => {
  const silent = { frac_reward_zero_std: 1 };
  expect(told(rows({ ...silent, accuracy: 0.47 }))).toEqual(['silent']);
  expect(told(rows({ ...silent, accuracy: 1, entropy: 0.11 }))).toEqual(['silent']);
  // It was lost within the first steps: all that can be compared with is the first.
  expect(told(rows({ ...silent, accuracy: 0 }, COMPARED_STEPS, 1))).toEqual(['flattened']);
  const unjudged = rows({ ...silent, entropy: 0.11 }).map(({ accuracy: _, ...row }) => row);
  expect(told(unjudged)).toEqual(['flattened']);
});

test('a reward that rises with accuracy, or falls with it, is no hack', () => {
  const better = { 'eval/accuracy_low': 0.7, 'eval/accuracy_high': 0.8 };
  const worse = { 'eval/accuracy_low': 0.2, 'eval/accuracy_high': 0.3 };
  expect(told(rows({ reward: 0.9, ...better }))).toEqual([]);
  expect(told(rows({ reward: 0.1, ...worse }))).toEqual([]);
});

test('no healthy run is warned of, wherever its numbers stand and however they wobble', () => {
  const share = (max: number) => fc.double({ min: 0, max, noNaN: true });
  const level = fc.record({
    ...{ reward: share(3), reward_std: share(1), accuracy: share(1), kl: share(0.9) },
    ...{ entropy: fc.double({ min: 0.2, max: 3, noNaN: true }), frac_reward_zero_std: share(0.7) },
    'completions/mean_length': fc.double({ min: 1, max: 2000, noNaN: true }),
    'completions/clipped_ratio': share(0.2),
    'clip_ratio/high_mean': share(0.12),
    'clip_ratio/low_mean': share(0.12),
  });
  const wobbles = fc.array(fc.double({ min: 0.95, max: 1.05, noNaN: true }), {
    minLength: 0,
    maxLength: 60,
  });
  fc.assert(
    fc.property(level, wobbles, (base, noise) => {
      const all = noise.map((factor, i) => ({
        ...Object.fromEntries(Object.entries(base).map(([key, value]) => [key, value * factor])),
        step: i + 1,
      }));
      expect(alertsOf(all, experiment)).toEqual([]);
    }),
  );
});

test('rows without a number, null or absent, say nothing', () => {
  const empty = Array.from({ length: 40 }, (_, i) => ({ step: i + 1 }));
  const nulls = empty.map((row) => ({
    ...Object.fromEntries(Object.keys(HEALTHY).map((key) => [key, null])),
    ...row,
  }));
  expect(alertsOf([], experiment)).toEqual([]);
  expect(alertsOf(empty, experiment)).toEqual([]);
  expect(alertsOf(nulls, experiment)).toEqual([]);
});

test('the same alerts are the same list, so that nothing is drawn again', () => {
  const first = alertsOf(rows({ kl: 2 }), experiment);
  expect(alertsOf(rows({ kl: 3 }), experiment, first)).toBe(first);
  expect(alertsOf(rows({}), experiment, first)).toEqual([]);
});
