import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TOKEN_NUMBERS } from '../../rl/token-numbers.ts';
import { madeRecord } from '../testing/made-record.ts';
import {
  colourStep,
  modeOf,
  modesFor,
  negative,
  numbersOf,
  probability,
  shownMode,
  signed,
  tokenValue,
  valueText,
} from './token-colour.ts';

const record = madeRecord({ advantage: 1.05 });
const logprob = [-0.5, -1];
const MODES = Object.keys(TOKEN_NUMBERS).map(modeOf);

describe('token colours', () => {
  it('steps exactly at the stated boundaries', () => {
    const logprob = modeOf('logprob');
    const steps = [0, -0.09, -0.1, -0.5, -1, -2, -9].map((value) => colourStep(value, logprob));
    expect(steps).toEqual(['', '', 'n1', 'n2', 'n3', 'n4', 'n4']);
    expect(colourStep(0.3, modeOf('ref_logprob'))).toBe('p3');
    expect(colourStep(-0.3, modeOf('ref_logprob'))).toBe('n3');
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
          expect(mode.arms === 'both' || colourStep(near, mode) === '').toBe(true);
        },
      ),
    );
  });

  it('takes the change since the reference only where there is one', () => {
    const change = modeOf('ref_logprob');
    expect(tokenValue(record, 0, change)).toBeUndefined();
    const compared = madeRecord({ tokens: { logprob, ref_logprob: [-0.75, -1] } });
    expect(tokenValue(compared, 0, change)).toBe(0.25);
  });

  it('gives each token the advantage of the answer where it has none of its own', () => {
    const mode = modeOf('advantage');
    expect(tokenValue(record, 1, mode)).toBe(1.05);
    const own = madeRecord({ advantage: 1.05, tokens: { logprob, advantage: [2, 0.1] } });
    expect(tokenValue(own, 1, mode)).toBe(0.1);
    expect(numbersOf(record).map(({ id }) => id)).toEqual(['logprob']);
    expect(numbersOf(own).map(({ id }) => id)).toEqual(['logprob', 'advantage']);
  });

  it('reads a number by its centre and the sides it can lie on', () => {
    const share = { ...modeOf('share'), centre: 0.5, boundaries: [0.1, 0.2, 0.3, 0.4] as const };
    expect([0.45, 0.3, 0.95].map((value) => colourStep(value, share))).toEqual(['', 'n2', 'p4']);
    expect(valueText(0.95, share)).toBe('0.95');
    const above = { ...modeOf('entropy'), arms: 'above' as const };
    expect([-2, 0.6].map((value) => colourStep(value, above))).toEqual(['', 'p2']);
    expect(valueText(0.6, above)).toBe('0.60');
    expect(valueText(0.6, modeOf('sar/v'))).toBe('+0.60');
  });

  it('shows what the question adds wherever that was measured, until somebody chooses', () => {
    const plain = modesFor([record]);
    const scored = modesFor([record, madeRecord({ tokens: { logprob, 'sar/v': [0.4, 0] } })]);
    expect(plain.map(({ id }) => id)).toEqual(['logprob', 'advantage']);
    const { advantage: _, ...unpaid } = record;
    expect(modesFor([unpaid]).map(({ id }) => id)).toEqual(['logprob']);
    expect(scored.map(({ id }) => id)).toEqual(['logprob', 'sar/v', 'advantage']);
    expect(shownMode(undefined, plain).id).toBe('logprob');
    expect(shownMode(undefined, scored).id).toBe('sar/v');
    expect(shownMode('logprob', scored).id).toBe('logprob');
    expect(shownMode('sar/v', plain).id).toBe('logprob');
    expect(shownMode('ref_logprob', scored).id).toBe('logprob');
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
