import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DPO_DEFAULTS, dpoMetrics, dpoTerm, type PreferencePair } from './dpo.ts';

const pair = (...[logp, ref, otherLogp, otherRef]: readonly number[]): PreferencePair => ({
  chosen: { logp, ref },
  rejected: { logp: otherLogp, ref: otherRef },
});

describe('the loss of a pair', () => {
  // Loss and slope in 40 decimal digits, from the formula.
  it.each([
    [0.1, 0, pair(-3, -2.5, -4, -3), 0.668459648013286, -0.048750260351579],
    [0.5, 0.1, pair(-7, -8, -6, -4.5), 0.376929081345373, -0.0613500694126544],
    [0.5, 0.1, pair(-7, -8, -4, -4.5), 0.600939419878844, -0.168911749557101],
  ])(
    'with beta %d and smoothing %d is what the formula says',
    (beta, label_smoothing, one, loss, slope) => {
      const term = dpoTerm(one, { beta, label_smoothing });
      expect(term.loss).toBeCloseTo(loss, 14);
      expect(term.slope).toBeCloseTo(slope, 14);
    },
  );

  it('is log 2 where policy and reference agree, whatever beta', () => {
    const term = dpoTerm(pair(-3, -3, -8, -8), { beta: 0.7, label_smoothing: 0.2 });
    expect(term).toMatchObject({ chosen: 0, rejected: 0 });
    expect(term.loss).toBeCloseTo(Math.LN2, 15);
    expect(term.slope).toBeCloseTo(0.7 * (0.2 - 0.5), 15);
  });

  it('has the slope of finite differences, with its negative for the rejected completion', () => {
    const logp = fc.double({ min: -30, max: -0.1, noNaN: true });
    const settings = fc.record({
      beta: fc.double({ min: 0.01, max: 2, noNaN: true }),
      label_smoothing: fc.double({ min: 0, max: 0.49, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.tuple(logp, logp, logp, logp), settings, ([a, b, c, d], own) => {
        const step = 1e-5;
        const loss = (chosen: number, rejected: number) =>
          dpoTerm(pair(a + chosen, b, c + rejected, d), own).loss;
        const { slope } = dpoTerm(pair(a, b, c, d), own);
        expect((loss(step, 0) - loss(-step, 0)) / (2 * step)).toBeCloseTo(slope, 7);
        expect((loss(0, step) - loss(0, -step)) / (2 * step)).toBeCloseTo(-slope, 7);
      }),
    );
  });

  it('stays finite where the policy is very sure', () => {
    const settings = { beta: 1, label_smoothing: 0 };
    expect(dpoTerm(pair(0, -5000, -5000, 0), settings)).toMatchObject({ loss: 0, slope: 0 });
    expect(dpoTerm(pair(-5000, 0, 0, -5000), settings)).toMatchObject({ loss: 10_000, slope: -1 });
  });
});

describe('the metrics', () => {
  it('are means over pairs by TRL’s names, and a draw is no success', () => {
    const terms = [pair(-3, -5, -4, -4), pair(-6, -5, -4, -4), pair(-1, -1, -2, -2)].map((one) =>
      dpoTerm(one, DPO_DEFAULTS),
    );
    const metrics = dpoMetrics(terms);
    expect(metrics['rewards/chosen']).toBeCloseTo((0.2 - 0.1 + 0) / 3, 15);
    expect(metrics['rewards/rejected']).toBeCloseTo(0, 15);
    expect(metrics['rewards/margins']).toBeCloseTo(0.1 / 3, 15);
    expect(metrics['rewards/accuracies']).toBeCloseTo(1 / 3, 15);
    const softplus = (x: number) => Math.log(1 + Math.exp(x));
    expect(metrics.loss).toBeCloseTo((softplus(-0.2) + softplus(0.1) + Math.LN2) / 3, 14);
    expect(() => dpoMetrics([])).toThrow(RangeError);
  });
});
