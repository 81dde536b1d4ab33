/** The pacer on made-up devices: how much work it lets into one submit, and what it learns from. */
import { describe, expect, it } from 'vitest';
import { Pacer, TARGET_SUBMIT_MS } from './pacer.ts';

/** A device of a speed and a round trip; submits `count` pieces of `share` of the pacer's budget. */
async function budgetAfter(
  { rate, trip }: { rate: number; trip: number },
  { initial, share, count }: { initial: number; share: number; count: number },
): Promise<number> {
  let now = 0;
  const pacer = new Pacer(() => now, initial);
  for (let i = 0; i < count; i++) {
    const work = pacer.budget * share;
    await pacer.submitted(
      work,
      Promise.resolve().then(() => {
        now += work / rate + trip;
      }),
    );
    await pacer.idle();
  }
  return pacer.budget;
}

/** Submits of a replay that goes on for ever, cut where the budget ends, on a device that is thought to be a hundred times faster. */
async function longestSubmit(rate: number, initial: number, dispatch: number): Promise<number> {
  let now = 0;
  let longest = 0;
  const pacer = new Pacer(() => now, initial, true);
  for (let i = 0; i < 50; i++) {
    const work = Math.max(dispatch, Math.floor(pacer.budget / dispatch) * dispatch);
    longest = Math.max(longest, work / rate);
    const done = Promise.resolve().then(() => {
      now += work / rate;
    });
    await pacer.submitted(work, done);
  }
  return longest;
}

describe('the first submits', () => {
  it('stay below the target on a device that is slower than was thought', async () => {
    for (const slower of [1, 3, 10, 100])
      expect(await longestSubmit(5e8 / slower, 5e8, 1e6)).toBeLessThanOrEqual(TARGET_SUBMIT_MS);
  });

  it('come near the target soon where the device is as fast as was thought', async () => {
    let now = 0;
    const pacer = new Pacer(() => now, 5e8, true);
    for (let i = 0; i < 10; i++) {
      const work = pacer.budget;
      await pacer.submitted(
        work,
        Promise.resolve().then(() => {
          now += work / 5e8 + 1;
        }),
      );
      await pacer.idle();
    }
    expect(pacer.budget / 5e8).toBeGreaterThan(TARGET_SUBMIT_MS / 2);
  });

  it('learn nothing from one that is too small to measure work', async () => {
    let now = 0;
    const pacer = new Pacer(() => now, 5e8, true);
    const before = pacer.budget;
    await pacer.submitted(
      before / 100,
      Promise.resolve().then(() => {
        now += 1;
      }),
    );
    await pacer.idle();
    expect(pacer.budget).toBeLessThanOrEqual(before);
  });
});

describe('the budget of a submit', () => {
  it.each([
    ['slower', 1e5],
    ['faster', 1e8],
  ])(
    'comes to what the device does in the target time, where it is %s than was thought',
    async (_, rate) => {
      const budget = await budgetAfter({ rate, trip: 0 }, { initial: 2e6, share: 1, count: 60 });
      expect(budget / rate).toBeCloseTo(TARGET_SUBMIT_MS, 0);
    },
  );

  it('shrinks where submits that were to be short take longer than the longest may', async () => {
    const budget = await budgetAfter(
      { rate: 1e6, trip: 0 },
      { initial: 5e8, share: 0.01, count: 200 },
    );
    expect(budget / 1e6).toBeLessThan(100 * TARGET_SUBMIT_MS);
  });

  it('does not shrink because short submits take a round trip', async () => {
    const initial = 5e8;
    const budget = await budgetAfter({ rate: 5e9, trip: 2 }, { initial, share: 0.001, count: 100 });
    expect(budget).toBeGreaterThanOrEqual(initial * TARGET_SUBMIT_MS);
  });
});
