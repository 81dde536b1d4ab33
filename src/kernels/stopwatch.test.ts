/** The stopwatch on made-up devices, whose times are known. */
import { describe, expect, it } from 'vitest';
import type { Step, Steps } from '../gpu/kernel.ts';
import { LEAST_MS, MOST_REPLAYS, timeRivals } from './stopwatch.ts';

/** Work of one dispatch that takes so many milliseconds. */
const work = (ms: number): Steps => ({ steps: [{ flop: ms } as Step] });

/** @param trip milliseconds of a wait; @param grain what the clock's readings are whole multiples of */
function device({ trip = 2, grain = 0.001 } = {}) {
  let now = 0;
  let waiting = false;
  const bursts: number[] = [];
  return {
    bursts,
    clock: () => Math.floor(now / grain) * grain,
    gpu: {
      replay: async ({ steps }: Steps) => {
        bursts.push(steps.length);
        now += steps.reduce((sum, { flop }) => sum + flop, 0);
        waiting = true;
      },
      idle: async () => {
        if (waiting) now += trip;
        waiting = false;
      },
    },
  };
}

describe('timeRivals', () => {
  it('tells work apart that is far shorter than the way to the device and back', async () => {
    const { gpu, clock } = device();
    const times = await timeRivals(gpu, [work(0.05), work(0.04), work(0.06)], clock, 1000);
    for (const [i, ms] of [0.05, 0.04, 0.06].entries()) expect(times[i]).toBeCloseTo(ms, 3);
  });

  it('reads bursts that last, and no longer ones than that takes', async () => {
    const { gpu, clock, bursts } = device();
    await timeRivals(gpu, [work(0.1), work(20)], clock, 0);
    expect(bursts.slice(-2)).toEqual([128, 1]);
    expect(128 * 0.1).toBeGreaterThanOrEqual(LEAST_MS);
  });

  it('never lets a reading of nothing win', async () => {
    const { gpu, clock, bursts } = device({ grain: 1000 });
    expect(await timeRivals(gpu, [work(0.05), work(0.04)], clock, 1000)).toEqual([
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ]);
    expect(Math.max(...bursts)).toBe(MOST_REPLAYS);
  });
});
