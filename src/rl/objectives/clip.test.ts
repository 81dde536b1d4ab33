import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cappedWeight, clippedSurrogate } from './clip.ts';
import { klK3, klK3Slope } from './kl.ts';
import { logRatio, logRatioSlope } from './ratio.ts';
import { OBJECTIVE_DEFAULTS, type ObjectiveSettings } from './settings.ts';

const dapo: ObjectiveSettings = { ...OBJECTIVE_DEFAULTS, epsilon: 0.2, epsilon_high: 0.28 };

describe('clippedSurrogate', () => {
  it.each([
    // ratio, advantage, loss, slope, low, high
    ['inside', 1.1, 2, -2.2, -2, false, false],
    ['at ratio 1', 1, -3, 3, 3, false, false],
    ['above at a positive advantage: clipped', 1.5, 2, -2.56, 0, false, true],
    ['above at a negative advantage: not clipped', 1.5, -2, 3, 2, false, false],
    ['below at a negative advantage: clipped', 0.5, -2, 1.6, 0, true, false],
    ['below at a positive advantage: not clipped', 0.5, 2, -1, -2, false, false],
  ])('%s', (_name, ratio, advantage, loss, slope, low, high) => {
    const surrogate = clippedSurrogate(ratio, advantage, dapo);
    expect(surrogate.loss).toBeCloseTo(loss, 14);
    expect(surrogate).toMatchObject({ slope, low, high });
  });

  it('uses epsilon above too where epsilon_high is null', () => {
    const settings = { ...dapo, epsilon_high: null };
    expect(clippedSurrogate(1.25, 1, settings)).toMatchObject({ slope: 0, high: true });
    expect(clippedSurrogate(1.25, 1, dapo)).toMatchObject({ slope: -1, high: false });
  });

  it('with delta bounds the loss at negative advantages', () => {
    const settings = { ...dapo, delta: 2 };
    expect(clippedSurrogate(1.9, -1, settings)).toMatchObject({ loss: 1.9, slope: 1 });
    expect(clippedSurrogate(5, -1, settings)).toMatchObject({ loss: 2, slope: 0 });
    expect(clippedSurrogate(5, -1, dapo)).toMatchObject({ loss: 5, slope: 1 });
    expect(clippedSurrogate(5, 1, settings).loss).toBe(-1.28);
  });
});

describe('cappedWeight', () => {
  it('caps at epsilon_high itself, not at 1 + epsilon_high, and has no lower bound', () => {
    const settings = { ...dapo, epsilon_high: 5 };
    expect(cappedWeight(7, 1, settings)).toEqual({ weight: 5, capped: true });
    expect(cappedWeight(7, -1, settings)).toEqual({ weight: 5, capped: false });
    expect(cappedWeight(4, 1, settings)).toEqual({ weight: 4, capped: false });
    expect(cappedWeight(0.01, 1, settings)).toEqual({ weight: 0.01, capped: false });
  });
});

describe('klK3', () => {
  it('is exp(d) - d - 1 with d = ref - logp', () => {
    expect(klK3(-1, -1)).toBe(0);
    expect(klK3(-2, -1)).toBeCloseTo(Math.E - 2, 14);
    expect(klK3(-1, -2)).toBeCloseTo(1 / Math.E, 14);
    // d^2 / 2 for a tiny d, where the formula as written has no digit left.
    expect(klK3(-1, -1 + 2 ** -30) / 2 ** -61).toBeCloseTo(1, 6);
  });

  it('is never negative, and its slope is its derivative', () => {
    const logp = fc.double({ min: -5, max: 0, noNaN: true });
    fc.assert(
      fc.property(logp, logp, (now, ref) => {
        expect(klK3(now, ref)).toBeGreaterThanOrEqual(0);
        const h = 1e-5;
        const difference = (klK3(now + h, ref) - klK3(now - h, ref)) / (2 * h);
        expect(Math.abs(klK3Slope(now, ref) - difference)).toBeLessThan(1e-6);
      }),
    );
  });

  it('averages to the true divergence over samples of the policy', () => {
    const policy = [0.5, 0.3, 0.2];
    const reference = [0.2, 0.2, 0.6];
    const sum = (f: (p: number, q: number) => number) =>
      policy.reduce((total, p, i) => total + p * f(p, reference[i]), 0);
    const estimate = sum((p, q) => klK3(Math.log(p), Math.log(q)));
    expect(estimate).toBeCloseTo(
      sum((p, q) => Math.log(p / q)),
      14,
    );
  });
});

describe('logRatio', () => {
  it('is the difference, held within 20 nats, where its slope ends', () => {
    expect([logRatio(-1, -3), logRatioSlope(-1, -3)]).toEqual([2, 1]);
    expect([logRatio(-1, -31), logRatioSlope(-1, -31)]).toEqual([20, 0]);
    expect([logRatio(-31, -1), logRatioSlope(-31, -1)]).toEqual([-20, 0]);
  });
});
