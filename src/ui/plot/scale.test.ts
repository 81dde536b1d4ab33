import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clock, compact, reading } from './numbers.ts';
import { exactScale, linearScale, log2Scale, logScale } from './scale.ts';

const range = fc
  .tuple(
    fc.double({ min: -1e5, max: 1e5, noNaN: true }),
    fc.double({ min: 1e-4, max: 1e5, noNaN: true }),
  )
  .map(([low, span]) => [low, low + span] as const);

describe('linearScale', () => {
  it('spans the values with at most the wanted number of evenly spaced ticks', () => {
    fc.assert(
      fc.property(range, fc.integer({ min: 3, max: 6 }), ([low, high], most) => {
        // With two lines a range across 0 cannot be spanned from 0: three are the least that charts ask for.
        const scale = linearScale(low, high, { most });
        // Ticks are written to twelve digits, so far from 0 they may be off by that much.
        const slack = (high - low) * 1e-6 + Math.max(Math.abs(low), Math.abs(high)) * 1e-11;
        expect(scale.low).toBeLessThanOrEqual(low + slack);
        expect(scale.high).toBeGreaterThanOrEqual(high - slack);
        expect(scale.ticks.length).toBeLessThanOrEqual(most);
        expect(scale.ticks.length).toBeGreaterThanOrEqual(2);
      }),
    );
  });

  it('writes different ticks differently, with 0 as 0 and a true minus', () => {
    expect(linearScale(0, 1.2).ticks.map(linearScale(0, 1.2).label)).toEqual([
      '0',
      '0.5',
      '1.0',
      '1.5',
    ]);
    const tiny = linearScale(-0.0021, 0.0024, { most: 3 });
    expect(tiny.ticks.map(tiny.label)).toEqual(['−5', '0', '5']);
    expect(tiny.factor).toBe('1e−3');
    const scale = linearScale(-0.02, 0.031);
    expect(scale.ticks.map(scale.label)).toContain('0');
    expect(scale.ticks.map(scale.label).join()).toContain('−0.02');
    fc.assert(
      fc.property(range, ([low, high]) => {
        const { ticks, label } = linearScale(low, high);
        fc.pre(high - low > 1e-3 * Math.abs(low));
        expect(new Set(ticks.map(label)).size).toBe(ticks.length);
      }),
    );
  });

  it('gives room to a single value and survives no values', () => {
    expect(linearScale(3, 3).low).toBeLessThan(3);
    expect(linearScale(3, 3).high).toBeGreaterThan(3);
    expect(linearScale(0, 0).low).toBe(0);
    expect(linearScale(Number.NaN, Number.NaN).ticks.length).toBeGreaterThan(1);
  });
});

describe('bounds', () => {
  it('keep the room beyond a share’s ends out, and span values that lie there all the same', () => {
    const within = [0, 1] as const;
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, fc.integer({ min: 3, max: 6 }), (a, b, most) => {
        const [low, high] = a < b ? [a, b] : [b, a];
        const scale = linearScale(low, high, { most, least: 0.1, within });
        expect(scale.low).toBeGreaterThanOrEqual(-1e-12);
        expect(scale.high).toBeLessThanOrEqual(1 + 1e-12);
        expect(scale.low).toBeLessThanOrEqual(low + 1e-9);
        expect(scale.high).toBeGreaterThanOrEqual(high - 1e-9);
      }),
    );
    expect(linearScale(1, 1.02, { within }).high).toBeGreaterThanOrEqual(1.02);
  });
});

describe('the least span', () => {
  it('keeps a first few values from magnifying their own noise, and gives nothing negative room', () => {
    const early = linearScale(0.43, 0.45, { least: 0.5 });
    expect(early.high - early.low).toBeGreaterThanOrEqual(0.5);
    expect(early.low).toBeGreaterThanOrEqual(0);
    expect(linearScale(0.02, 0.03, { least: 0.5 }).low).toBe(0);
    expect(linearScale(-1e-9, 1e-9, { least: 0.01 }).high).toBeGreaterThanOrEqual(0.005);
  });
});

describe('logScale', () => {
  it('ends on 1, 2 or 5 times a decade, with lines on the decades where there are two', () => {
    expect(logScale(1200, 90_000).ticks).toEqual([1000, 10_000, 100_000]);
    expect(logScale(12, 60).ticks).toEqual([10, 20, 50, 100]);
    expect(logScale(0, 1).ticks).toEqual([1, 2, 5, 10]);
    expect(logScale(9_000, 150_000)).toMatchObject({
      low: 5000,
      high: 200_000,
      ticks: [10_000, 100_000],
    });
    expect(logScale(3, 3)).toMatchObject({ low: 2, high: 5 });
  });

  it('spans the values', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-8, max: 1e8, noNaN: true }),
        fc.double({ min: 1, max: 1e6, noNaN: true }),
        (low, ratio) => {
          const scale = logScale(low, low * ratio);
          expect(scale.low).toBeLessThanOrEqual(low * (1 + 1e-6));
          expect(scale.high).toBeGreaterThanOrEqual(low * ratio * (1 - 1e-6));
          expect(scale.ticks.length).toBeLessThanOrEqual(6);
        },
      ),
    );
  });
});

describe('log2Scale', () => {
  it('goes by powers of two, each equally far from the next', () => {
    const { ticks, share } = log2Scale(64);
    expect(ticks).toEqual([1, 2, 4, 8, 16, 32, 64]);
    expect(share(8)).toBeCloseTo(0.5);
    expect(log2Scale(64, 3).ticks).toEqual([1, 4, 16, 64]);
    // However much room there is, nothing stands between two powers.
    expect(log2Scale(16, 20).ticks).toEqual([1, 2, 4, 8, 16]);
  });
});

describe('exactScale', () => {
  it('has its ends and round numbers between', () => {
    expect(exactScale(0, 150).ticks).toEqual([0, 50, 100, 150]);
    expect(exactScale(0, 84).ticks).toEqual([0, 20, 40, 60, 84]);
    expect(exactScale(0, 84, { ends: false }).ticks).toEqual([0, 20, 40, 60, 80]);
    expect(exactScale(5, 5, { counts: 'whole' })).toMatchObject({ low: 5, high: 6, ticks: [5, 6] });
  });

  it('writes every tick of what is counted as what it is, wherever the axis ends', () => {
    fc.assert(
      fc.property(fc.nat(400), fc.integer({ min: 1, max: 400 }), (low, span) => {
        const { ticks, label } = exactScale(low, low + span, { counts: 'whole' });
        for (const tick of ticks) expect(Number(label(tick))).toBe(tick);
      }),
    );
    expect(exactScale(0, 9, { counts: 'whole' }).ticks).toEqual([0, 2, 4, 6, 9]);
  });

  it('has round times between the ends of a time axis', () => {
    const { ticks, label } = exactScale(0, 3725, { counts: 'seconds' });
    expect(ticks.map(label)).toEqual(['0', '15:00', '30:00', '45:00', '1:02:05']);
  });
});

describe('numbers', () => {
  it('writes readings, thousands and times shortly', () => {
    expect([0.6234, 39.12, 128.4, 2.1e-6, 0, -0.33, 0.0064, 22_200].map(reading)).toEqual([
      '0.62',
      '39.1',
      '128',
      '2.1e−6',
      '0',
      '−0.33',
      '0.0064',
      '22.2k',
    ]);
    expect(reading(Number.NaN)).toBe('not finite');
    expect([1500, 2e6, 100].map(compact)).toEqual(['1.5k', '2M', '100']);
    expect([0, 45, 200, 3725].map(clock)).toEqual(['0', '45 s', '3:20', '1:02:05']);
  });
});
