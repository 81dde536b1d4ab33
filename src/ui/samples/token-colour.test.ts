import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  colourStep,
  MODES,
  modeOf,
  modesFor,
  negative,
  probability,
  shownMode,
  signed,
  tokenValue,
} from './token-colour.ts';

const record = {
  text: 'a',
  tokens: ['a'],
  logprobs: [-0.5],
  rewards: {},
  reward: 0,
  advantage: 1.05,
  truncated: true,
  correct: false,
};

describe('token colours', () => {
  it('steps exactly at the stated boundaries', () => {
    const logprob = modeOf('logprob');
    const steps = [0, -0.09, -0.1, -0.5, -1, -2, -9].map((value) => colourStep(value, logprob));
    expect(steps).toEqual(['', '', 'n1', 'n2', 'n3', 'n4', 'n4']);
    expect(colourStep(0.3, modeOf('reference'))).toBe('p3');
    expect(colourStep(-0.3, modeOf('reference'))).toBe('n3');
    expect(colourStep(undefined, logprob)).toBe('');
    expect(colourStep(Number.NaN, logprob)).toBe('');
  });

  it('never gets weaker as a value moves away from 0', () => {
    const strength = (step: string) => (step === '' ? 0 : Number(step.slice(1)));
    fc.assert(
      fc.property(
        fc.constantFrom(...MODES),
        fc.double({ min: 0, max: 5, noNaN: true }),
        fc.double({ min: 0, max: 5, noNaN: true }),
        (mode, near, more) => {
          expect(strength(colourStep(-(near + more), mode))).toBeGreaterThanOrEqual(
            strength(colourStep(-near, mode)),
          );
          expect(mode.both || colourStep(near, mode) === '').toBe(true);
        },
      ),
    );
  });

  it('takes the change since the reference only where there is one', () => {
    expect(tokenValue(record, 0, 'reference')).toBeUndefined();
    expect(tokenValue({ ...record, refLogprobs: [-0.75] }, 0, 'reference')).toBe(0.25);
    expect(tokenValue(record, 0, 'advantage')).toBe(1.05);
  });

  it('shows what the question adds wherever that was measured, until somebody chooses', () => {
    const plain = modesFor([record]);
    const scored = modesFor([record, { ...record, shown: { sar: { r_sa: 0.3, v: [0.4] } } }]);
    expect(plain.map(({ id }) => id)).toEqual(['logprob', 'advantage']);
    expect(scored.map(({ id }) => id)).toEqual(['logprob', 'question', 'advantage']);
    expect(shownMode(undefined, plain).id).toBe('logprob');
    expect(shownMode(undefined, scored).id).toBe('question');
    expect(shownMode('logprob', scored).id).toBe('logprob');
    expect(shownMode('question', plain).id).toBe('logprob');
    expect(shownMode('reference', scored).id).toBe('logprob');
  });

  it('writes numbers with a true minus and probabilities plainly', () => {
    expect([signed(1.05), signed(-0.333), signed(-0.001)]).toEqual(['+1.05', '−0.33', '0.00']);
    expect(negative(-1.17)).toBe('−1.17');
    expect([0, -0.0004, -1.17, -4, -12].map(probability)).toEqual([
      '100 %',
      '99.9 %',
      '31 %',
      '1.8 %',
      'below 0.1 %',
    ]);
  });
});
