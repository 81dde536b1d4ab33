/**
 * Timing with a clock that goes in steps. Browsers let a GPU's timestamps advance by 100 microseconds, Dawn by 65,536 nanoseconds, and many
 * dispatches take less than one. So short work is repeated until it lasts many steps, and every time comes with what the clock cannot tell.
 */

/** Steps of the clock that a reading is to last: one of 16 is wrong by at most a sixteenth. */
const LEAST_STEPS = 16;
/** Repeats at the most. */
export const MOST_COUNT = 256;

/** What a clock said of pieces of work, each repeated some number of times without a pause. Milliseconds. */
export interface Reading {
  readonly ms: readonly number[];
  /** The clock's step as far as it is known by now: it may seem longer than it is, and 0 is not known yet. */
  readonly step: number;
}

export interface Times {
  /** Per piece, the time of one run as each round measured it. */
  readonly times: readonly (readonly number[])[];
  /** Per piece, the time of one run that the clock cannot tell from nothing. */
  readonly unseen: readonly number[];
}

/** The step of a clock that showed these nanoseconds, in milliseconds: all of them are multiples of it. 0 where they are all equal. */
export function clockStep(stamps: Iterable<bigint>): number {
  let [first, step]: [bigint | null, bigint] = [null, 0n];
  for (const stamp of stamps) {
    first ??= stamp;
    let other = stamp > first ? stamp - first : first - stamp;
    while (other > 0n) [step, other] = [other, step % other];
  }
  return Number(step) / 1e6;
}

/**
 * Times `pieces` pieces of work.
 * @param measure runs every piece as often as it is told (0 is not at all), one after the other
 * @param rounds times that each is measured
 */
export async function timeInSteps(
  pieces: number,
  measure: (counts: readonly number[]) => Promise<Reading>,
  rounds: number,
): Promise<Times> {
  let counts: number[] = Array(pieces).fill(1);
  let step = 0;
  for (let short: readonly number[] = counts; short.some((count) => count > 0); ) {
    const reading = await measure(short);
    step = reading.step;
    short = counts.map((count, i) =>
      short[i] > 0 && count < MOST_COUNT && !(step > 0 && reading.ms[i] >= LEAST_STEPS * step)
        ? 2 * count
        : 0,
    );
    counts = counts.map((count, i) => short[i] || count);
  }
  const times: number[][] = counts.map(() => []);
  for (let round = 0; round < rounds; round++) {
    const reading = await measure(counts);
    step = reading.step;
    for (const [i, count] of counts.entries()) times[i].push(reading.ms[i] / count);
  }
  return { times, unseen: counts.map((count) => step / count) };
}
