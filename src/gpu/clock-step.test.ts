import { describe, expect, it } from 'vitest';
import { clockStep, MOST_COUNT, timeInSteps } from './clock-step.ts';

/** Runs work of these milliseconds, one piece after the other, by a clock that shows multiples of `step` only. */
function coarse(work: readonly number[], step: number) {
  let now = 0.0137;
  const shown = () => Math.floor(now / step) * step;
  const asked: (readonly number[])[] = [];
  const measure = async (counts: readonly number[]) => {
    asked.push(counts);
    const ms = work.map((each, i) => {
      const from = shown();
      now += each * counts[i];
      return shown() - from;
    });
    return { ms, step };
  };
  return { measure, asked };
}

describe('the step of a clock', () => {
  it('is what all its readings are multiples of, counted from the first', () => {
    const stamps = [7n, 7n + 3n * 65_536n, 7n + 10n * 65_536n, 7n + 4n * 65_536n];
    expect(clockStep(stamps)).toBe(0.065536);
    expect(clockStep([5n, 8n, 12n])).toBe(1e-6);
    expect(clockStep([9n, 9n])).toBe(0);
    expect(clockStep([])).toBe(0);
  });
});

describe('times by a coarse clock', () => {
  it('are those of work far shorter than its step, within a sixteenth', async () => {
    const work = [0.009, 0.047, 0.3, 5];
    const { measure } = coarse(work, 0.1);
    const { times, unseen } = await timeInSteps(work.length, measure, 3);
    for (const [i, each] of work.entries()) {
      expect(times[i]).toHaveLength(3);
      for (const ms of times[i]) expect(Math.abs(ms - each) / each).toBeLessThan(1 / 15);
      expect(unseen[i]).toBeLessThanOrEqual(each / 8);
    }
  });

  it('say what they cannot see of work that is too short however often it is repeated', async () => {
    const { measure } = coarse([1e-6], 0.1);
    const { times, unseen } = await timeInSteps(1, measure, 3);
    expect(unseen).toEqual([0.1 / MOST_COUNT]);
    expect(Math.max(...times[0])).toBeLessThanOrEqual(unseen[0]);
  });

  it('need no repeats where the clock is fine', async () => {
    const { measure, asked } = coarse([0.01, 2], 1e-6);
    const { unseen } = await timeInSteps(2, measure, 2);
    expect(asked).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
    expect(unseen).toEqual([1e-6, 1e-6]);
  });
});
