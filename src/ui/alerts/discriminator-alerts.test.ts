import { describe, expect, test } from 'vitest';
import { type MethodSettings, parseExperiment } from '../../rl/experiment/schema.ts';
import type { MetricsRow } from '../../rl/records.ts';
import {
  COMPARED_STEPS,
  discriminatorAlerts,
  LAST_STEPS,
  PATIENT_STEPS,
} from './discriminator-alerts.ts';

function methodOf(method: object): MethodSettings {
  const parsed = parseExperiment({ method });
  if (!parsed.ok) throw new Error(parsed.problems[0].message);
  return parsed.experiment.method;
}
const WARM_UP = 4;
const airl = methodOf({ name: 'airl', reward_warmup_steps: WARM_UP });

/** One that tells most traces and pays on a scale. */
const WELL = {
  ...{ 'discriminator/accuracy': 0.85, 'discriminator/clipped': 0.1 },
  ...{ 'rewards/learned/mean': -1, 'rewards/learned/std': 0.8, accuracy: 0.5 },
};
/** Steps after the warm-up, whose own rows look like anything. */
function rows(count: number, of: (i: number) => object): MetricsRow[] {
  return Array.from({ length: WARM_UP + count }, (_, i) => ({
    step: i + 1,
    ...(i < WARM_UP ? { ...WELL, 'discriminator/accuracy': 0.5 } : { ...WELL, ...of(i - WARM_UP) }),
  }));
}
/** The alerts, by id. */
const alerts = (all: readonly MetricsRow[], method: MethodSettings) =>
  discriminatorAlerts(all, method).map(({ id }) => id);
const told = (count: number, of: (i: number) => object = () => ({}), method = airl) =>
  alerts(rows(count, of), method);

describe('a discriminator', () => {
  test('that tells most traces is warned of nowhere, nor is a method without one', () => {
    expect(told(0)).toEqual([]);
    expect(told(PATIENT_STEPS)).toEqual([]);
    const plain = Array.from({ length: PATIENT_STEPS }, (_, i) => ({ step: i + 1, accuracy: 0 }));
    expect(alerts(plain, methodOf({ name: 'grpo' }))).toEqual([]);
  });

  test('has won where it tells all and its reward stands at the clip: neither alone', () => {
    const all = { 'discriminator/accuracy': 1 };
    const clipped = { 'discriminator/clipped': 0.8 };
    expect(told(LAST_STEPS, () => ({ ...all, ...clipped }))).toEqual(['won']);
    expect(told(LAST_STEPS - 1, () => ({ ...all, ...clipped }))).toEqual([]);
    expect(told(LAST_STEPS, () => all)).toEqual([]);
    expect(told(LAST_STEPS, () => clipped)).toEqual([]);
  });

  test('has lost where it guesses after its warm-up, for long, or does worse', () => {
    for (const accuracy of [0.5, 0.2]) {
      const guesses = () => ({ 'discriminator/accuracy': accuracy });
      expect(told(PATIENT_STEPS, guesses)).toEqual(['lost']);
      expect(told(PATIENT_STEPS - 1, guesses)).toEqual([]);
    }
    // A policy that has come to write as the expert does cannot be told from it.
    const learned = (rise: number) => (i: number) => ({
      'discriminator/accuracy': 0.5,
      accuracy: i < COMPARED_STEPS ? 0.5 : 0.5 + rise,
    });
    expect(told(2 * COMPARED_STEPS, learned(0.2))).toEqual([]);
    expect(told(2 * COMPARED_STEPS, learned(0.05))).toEqual(['lost']);
    // Steps in which it had nothing to learn from say nothing.
    expect(told(PATIENT_STEPS, () => ({ 'discriminator/accuracy': null }))).toEqual([]);
  });

  test('is hacked where its reward rises and accuracy falls: neither alone', () => {
    const count = 2 * COMPARED_STEPS;
    const late = (change: object) => (i: number) => (i < COMPARED_STEPS ? {} : change);
    const risen = { 'rewards/learned/mean': -0.5 };
    const fallen = { accuracy: 0.3 };
    expect(told(count, late({ ...risen, ...fallen }))).toEqual(['hacked']);
    expect(told(count - 1, late({ ...risen, ...fallen }))).toEqual([]);
    expect(told(count, late(risen))).toEqual([]);
    expect(told(count, late(fallen))).toEqual([]);
    // The same rise is little where the rewards of a step lie far apart.
    const apart = { 'rewards/learned/std': 2 };
    const both = (i: number) => ({ ...apart, ...late({ ...risen, ...fallen })(i) });
    expect(told(count, both)).toEqual([]);
    // A reward that was learned elsewhere is hacked alike, whatever method it pays.
    const grpo = methodOf({ name: 'grpo' });
    expect(told(count + WARM_UP, late({ ...risen, ...fallen }), grpo)).toEqual(['hacked']);
  });
});
