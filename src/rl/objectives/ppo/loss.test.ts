import { describe, expect, it } from 'vitest';
import { gradientError } from '../../../kernels/testing/finite-differences.ts';
import { settingsOf } from '../testing.ts';
import { ppoCoefficients } from './loss.ts';
import { PPO_DEFAULTS } from './settings.ts';

const settings = {
  ...settingsOf({ beta: 0.3, entropy_coef: 0.2, epsilon: 0.2, epsilon_high: 0.28 }),
  ...PPO_DEFAULTS,
  vf_coef: 0.4,
};
/** Two completions with a poisoned token between them; ratios and values on both sides of their bounds. */
const batch = {
  sequences: [
    { start: 0, length: 3 },
    { start: 4, length: 2 },
  ],
  old: [-1, -0.5, -2, Number.NaN, -0.7, -1.2],
  logp: [-0.6, -0.55, -2.4, Number.NaN, -0.3, -1.9],
  ref: [-1.1, -0.5, -1.8, Number.NaN, -0.7, -1],
  entropy: [0.4, 1.1, 0.2, Number.NaN, 0.6, 0.3],
  values: [0.1, 0.9, -0.4, Number.NaN, 0.5, 0.2],
  oldValues: [0, 0.3, 0.1, Number.NaN, 0.45, 0.1],
  returns: [1, 1, 1, Number.NaN, -0.2, -0.2],
  advantages: [0.8, -1.1, 0.5, Number.NaN, -0.4, 1.3],
};

describe('ppoCoefficients', () => {
  it('are the derivatives of the whole loss by each log-prob, entropy and value', () => {
    const got = ppoCoefficients(batch, settings, 5);
    const check = (name: 'logp' | 'entropy' | 'values', gradient: Float64Array) => {
      const used = [0, 1, 2, 4, 5];
      const f = (x: Float64Array) => {
        const moved = [...batch[name]];
        used.forEach((t, i) => {
          moved[t] = x[i];
        });
        return ppoCoefficients({ ...batch, [name]: moved }, settings, 5).loss;
      };
      const at = used.map((t) => batch[name][t]);
      const own = used.map((t) => gradient[t]);
      expect(gradientError(f, at, own, 1e-6), name).toBeLessThan(1e-7);
      expect(gradient[3], name).toBe(0);
    };
    check('logp', got.coefficients);
    check('entropy', got.entropyCoefficients);
    check('values', got.valueCoefficients);
  });

  it('gives a loss worked out by hand, with a different advantage for each token', () => {
    const plain = { ...settings, beta: 0, entropy_coef: 0, vf_coef: 0.1 };
    const old = [-1, -1];
    const { loss, coefficients, valueCoefficients, valueTotals } = ppoCoefficients(
      {
        ...{ sequences: [{ start: 0, length: 2 }], old, logp: old, entropy: [0, 0] },
        ...{ advantages: [2, -1], values: [0.5, 0.5], oldValues: [0.5, 0.5], returns: [1, 0] },
      },
      plain,
      2,
    );
    // Policy: -(2 - 1) / 2. Values: (0.125 + 0.125) / 2.
    expect(loss).toBeCloseTo(-0.5 + 0.1 * 0.125, 15);
    expect([...coefficients]).toEqual([-1, 0.5]);
    expect([...valueCoefficients]).toEqual([-0.025, 0.025]);
    expect(valueTotals).toEqual([{ tokens: 2, loss: 0.125, clipped: 0, approxKl: 0 }]);
  });

  it('counts clipped values and the distance from the sampling policy', () => {
    const { valueTotals } = ppoCoefficients(batch, settings, 5);
    expect(valueTotals.map(({ clipped }) => clipped)).toEqual([1, 0]);
    expect(valueTotals[1].approxKl).toBeCloseTo((0.4 ** 2 + 0.7 ** 2) / 2, 14);
  });

  it('refuses lists that do not fit', () => {
    expect(() => ppoCoefficients({ ...batch, returns: [1] }, settings, 1)).toThrow(RangeError);
  });
});
