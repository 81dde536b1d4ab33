import { describe, expect, it } from 'vitest';
import { type MemorySample, ROOM, verdictOf } from './verdict.ts';

/** Twenty samples, 100 steps apart. */
function samples(at: (step: number) => Partial<MemorySample>): MemorySample[] {
  return Array.from({ length: 20 }, (_, i) => {
    const step = 100 * (i + 1);
    return { step, heap: 20, buffers: 1, rss: 300, gpuBytes: 2 ** 23, ...at(step) };
  });
}

describe('verdictOf', () => {
  it('calls memory flat that stays, falls, or grows only while caches fill', () => {
    expect(verdictOf(samples(() => ({})))).toEqual({
      flat: true,
      grown: { heap: 0, buffers: 0, rss: 0, gpu: 0 },
    });
    expect(
      verdictOf(samples((step) => ({ heap: 40 - step / 100, rss: 900 - step / 10 }))).flat,
    ).toBe(true);
    const filling = (step: number) => ({
      heap: Math.min(step, 500) / 10,
      gpuBytes: Math.min(step, 500),
    });
    expect(verdictOf(samples(filling)).flat).toBe(true);
  });

  it('sees a leak of 1 KiB a step in heap and buffers, and of 16 KiB in the process', () => {
    for (const [key, room] of Object.entries(ROOM)) {
      const leak = (perStep: number) => samples((step) => ({ [key]: 20 + perStep * step }));
      // The medians of the two quarters lie 1,000 steps apart.
      expect(verdictOf(leak((1.01 * room) / 1000)).flat, key).toBe(false);
      expect(verdictOf(leak((0.99 * room) / 1000)).flat, key).toBe(true);
    }
  });

  it('sees a single buffer that the device keeps', () => {
    expect(verdictOf(samples((step) => ({ gpuBytes: step > 1700 ? 2016 : 2000 }))).flat).toBe(
      false,
    );
  });

  it('is not disturbed by one reading that stands out', () => {
    expect(verdictOf(samples((step) => ({ rss: step === 1900 ? 900 : 300 }))).flat).toBe(true);
  });

  it('refuses to judge by seven samples', () => {
    expect(() => verdictOf(samples(() => ({})).slice(0, 7))).toThrow(RangeError);
  });
});
