import { describe, expect, test } from 'vitest';
import { type MethodSettings, parseExperiment } from '../../rl/experiment/schema.ts';
import type { MetricsRow } from '../../rl/records.ts';
import { criticAlerts, LAST_STEPS, PATIENT_STEPS } from './critic-alerts.ts';

function methodOf(method: object): MethodSettings {
  const parsed = parseExperiment({ method });
  if (!parsed.ok) throw new Error(parsed.problems[0].message);
  return parsed.experiment.method;
}
const raro = (more: object = {}) =>
  methodOf({ name: 'raro', prompts_per_step: 8, num_generations: 8, ...more });

/** A critic that sees, and ties where it does not. */
const WELL = {
  ...{ 'critic/pairs': 64, 'critic/accuracy': 0.7, 'critic/tie_rate': 0.6 },
  ...{ 'critic/order_bias': 0.02, 'critic/unreadable': 0.01, 'critic/replay_age': 3 },
  'completions/clipped_ratio': 0,
};
function rows(more: object = {}, count = LAST_STEPS): MetricsRow[] {
  const row = Object.entries({ ...WELL, ...more }).filter(([, value]) => value !== undefined);
  return Array.from({ length: count }, (_, i) => ({ step: i + 1, ...Object.fromEntries(row) }));
}
/** The alerts, by id. */
const alerts = (all: readonly MetricsRow[], method: MethodSettings) =>
  criticAlerts(all, method).map(({ id }) => id);
const told = (more: object, count?: number) => alerts(rows(more, count), raro());

describe('a critic', () => {
  test('that sees is warned of nowhere, nor is a method without one', () => {
    expect(told({})).toEqual([]);
    expect(told({}, PATIENT_STEPS)).toEqual([]);
    expect(alerts(rows({ 'critic/tie_rate': 1 }), methodOf({ name: 'grpo' }))).toEqual([]);
  });

  test('that always ties, or always names one place, is warned of after five steps', () => {
    expect(told({ 'critic/tie_rate': 1 })).toEqual(['ties']);
    expect(told({ 'critic/tie_rate': 1 }, LAST_STEPS - 1)).toEqual([]);
    expect(told({ 'critic/order_bias': 0.5 })).toEqual(['first']);
    expect(told({ 'critic/order_bias': -0.5 })).toEqual(['second']);
    expect(told({ 'critic/order_bias': 0.3 })).toEqual([]);
  });

  test('whose best pick is right less often than a tie pays is given time to learn', () => {
    const blind = { 'critic/accuracy': 0.5 };
    expect(told(blind, PATIENT_STEPS)).toEqual(['below-tie']);
    expect(told(blind, PATIENT_STEPS - 1)).toEqual([]);
    // The threshold is the run's own: where ties pay nothing, it cannot be below.
    const without = raro({ tau_crit: 0, tau_pol: 0 });
    expect(alerts(rows(blind, PATIENT_STEPS), without)).toEqual([]);
    const tied = raro({ tau_crit: 0.75 });
    expect(alerts(rows({}, PATIENT_STEPS), tied)).toEqual(['below-tie']);
  });

  test('that judges one answer alone knows no tie to be below', () => {
    const alone = { 'critic/accuracy': 0.5, 'critic/tie_rate': undefined };
    expect(told(alone, PATIENT_STEPS)).toEqual([]);
  });

  test('that cannot be read, has no earlier pairs, or loses answers is warned of together', () => {
    const bad = {
      ...{ 'critic/unreadable': 0.2, 'critic/replay_age': undefined },
      'completions/clipped_ratio': 0.3,
    };
    expect(told(bad)).toEqual(['unreadable', 'no-replay', 'dropped']);
    const off = raro({ replay_share: 0 });
    expect(alerts(rows({ 'critic/replay_age': undefined }), off)).toEqual([]);
  });

  test('that is shown few answers, equal ones, or a wrong expert’s is warned of', () => {
    expect(told({ 'critic/pairs': 57 })).toEqual(['not-shown']);
    // What met its budget is told of by itself.
    const cut = { 'critic/pairs': 48, 'completions/clipped_ratio': 0.25 };
    expect(told(cut)).toEqual(['dropped']);
    expect(told({ 'critic/pairs': 48 })).toEqual(['not-shown']);
    expect(told({ 'critic/identical': 1 })).toEqual(['equal']);
    expect(told({ 'critic/identical': 0.9 })).toEqual([]);
    expect(told({ 'critic/expert_wrong': 0.1 })).toEqual(['expert-wrong']);
    expect(told({ 'critic/expert_wrong': 0 })).toEqual([]);
  });

  test('is judged by its last steps, whatever stands before them', () => {
    const before = rows({ 'critic/tie_rate': 1 }, 30);
    expect(alerts([{ step: 0, 'eval/accuracy': 0.5 }, ...before, ...rows()], raro())).toEqual([]);
  });
});
