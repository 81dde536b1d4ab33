import { describe, expect, test } from 'vitest';
import type { MetricsRow } from '../../rl/records.ts';
import { FIRST_STEPS, LAST_STEPS, saysNothing } from './empty-answers.ts';

interface Stretch {
  readonly length: number;
  readonly transfer: number;
  readonly accuracy: number;
}

const START: Stretch = { length: 48, transfer: 0.7, accuracy: 0.1 };

/** The first steps as at the start, then `count` steps of what came of it. */
function rows(then: Partial<Stretch>, count = LAST_STEPS): MetricsRow[] {
  const stretches = [
    ...Array.from({ length: FIRST_STEPS }, () => START),
    ...Array.from({ length: count }, () => ({ ...START, ...then })),
  ];
  return stretches.map(({ length, transfer, accuracy }, i) => ({
    step: i + 1,
    'completions/mean_length': length,
    'rewards/transfer/mean': transfer,
    accuracy,
  }));
}

const collapse = { length: 2, transfer: 0.99, accuracy: 0 };

describe('a run says nothing and is paid for it', () => {
  test('once five steps in a row are short, wrong and finished rightly, and not before', () => {
    expect(saysNothing(rows(collapse))).toBe(true);
    expect(saysNothing(rows(collapse, LAST_STEPS - 1))).toBe(false);
    expect(saysNothing(rows({ ...collapse, transfer: START.transfer }))).toBe(true);
  });

  test('not where shortening keeps accuracy, nor where transferability falls with it', () => {
    expect(saysNothing(rows({ ...collapse, accuracy: START.accuracy }))).toBe(false);
    expect(saysNothing(rows({ ...collapse, transfer: 0.2 }))).toBe(false);
  });

  test('not where answers are only shorter, or wrong at their length', () => {
    expect(saysNothing(rows({ ...collapse, length: 12 }))).toBe(false);
    expect(saysNothing(rows({ ...collapse, length: 48 }))).toBe(false);
    expect(saysNothing(rows({}, 100))).toBe(false);
  });

  test('not of runs without a transfer reward or a verifier, and no longer once answers come back', () => {
    const without = (name: string) =>
      rows(collapse).map(({ [name]: _, ...row }) => row as MetricsRow);
    expect(saysNothing(without('rewards/transfer/mean'))).toBe(false);
    expect(saysNothing(without('accuracy'))).toBe(false);
    expect(saysNothing([{ step: 0, 'eval/accuracy': 0.1 }, ...rows(collapse)])).toBe(true);
    expect(saysNothing([...rows(collapse), ...rows({})])).toBe(false);
  });
});
