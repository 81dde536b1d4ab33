import { describe, expect, it } from 'vitest';
import { adamW } from './adamw.reference.ts';
import { type AdamWSettings, adamWSettings } from './adamw.ts';

const settings: AdamWSettings = {
  learningRate: 0.1,
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 0,
  weightDecay: 0,
  maxGradNorm: 0,
  step: 1,
};
const zero = { parameters: [1, 1], m: [0, 0], v: [0, 0] };

describe('the reference of AdamW', () => {
  it('moves every parameter by the learning rate at the first step, whatever its gradient', () => {
    const { parameters } = adamW(settings, zero, [5, -0.001], 0);
    expect(parameters[0]).toBeCloseTo(0.9, 12);
    expect(parameters[1]).toBeCloseTo(1.1, 12);
  });

  it('gives two steps worked out by hand', () => {
    // g = 1, then 2: m = 0.1, 0.29; v = 0.01, 0.0499; corrections 0.19 and 0.0199 at the second.
    const first = adamW(settings, zero, [1, 0], 0);
    const second = adamW({ ...settings, step: 2 }, first, [2, 0], 0);
    expect(second.m[0]).toBeCloseTo(0.29, 12);
    expect(second.v[0]).toBeCloseTo(0.0499, 12);
    const update = (0.1 * (0.29 / 0.19)) / Math.sqrt(0.0499 / 0.0199);
    expect(second.parameters[0]).toBeCloseTo(0.9 - update, 12);
  });

  it('decays before the boundary only, by the rate times the decay', () => {
    const decaying = { ...settings, weightDecay: 0.5, epsilon: 1 };
    const { parameters } = adamW(decaying, zero, [0, 0], 1);
    expect([...parameters]).toEqual([0.95, 1]);
  });

  it('clips to the limit and reports the norm before', () => {
    const { norm, m } = adamW({ ...settings, maxGradNorm: 1 }, zero, [3, 4], 0);
    expect(norm).toBe(5);
    expect(m[0]).toBeCloseTo(0.06, 6);
    expect(m[1]).toBeCloseTo(0.08, 6);
  });
});

describe('adamWSettings', () => {
  it('corrects the bias of the betas that the GPU sees, so that the first update has the size of the rate', () => {
    const [, , beta2, , , , c2] = adamWSettings({ ...settings, beta2: 0.999 });
    expect(c2).toBe(1 - beta2);
  });
});
