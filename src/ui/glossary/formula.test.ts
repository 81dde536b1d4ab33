import { describe, expect, it } from 'vitest';
import { readFormula } from './formula.ts';

describe('a formula', () => {
  it('reads names, numbers, signs and text', () => {
    expect(readFormula('A = -2.5 "or" β')).toEqual({
      kind: 'row',
      parts: [
        { kind: 'name', text: 'A' },
        { kind: 'sign', text: '=' },
        { kind: 'sign', text: '−' },
        { kind: 'number', text: '2.5' },
        { kind: 'text', text: 'or' },
        { kind: 'name', text: 'β' },
      ],
    });
  });

  it('lowers and raises what follows, a group where braces hold one', () => {
    expect(readFormula('r_{i,t}^2')).toMatchObject({
      kind: 'marked',
      base: { text: 'r' },
      low: { kind: 'row', parts: [{ text: 'i' }, { text: ',' }, { text: 't' }] },
      high: { kind: 'number', text: '2' },
      stacked: false,
    });
  });

  it('stacks the marks of a sum, and knows fractions and roots', () => {
    expect(readFormula('sum_{i=1}^n')).toMatchObject({ base: { text: '∑' }, stacked: true });
    expect(readFormula('frac{a}{b+c}')).toMatchObject({
      kind: 'fraction',
      over: { text: 'a' },
      under: { kind: 'row' },
    });
    expect(readFormula('sqrt{x}')).toMatchObject({ kind: 'root', parts: [{ text: 'x' }] });
  });

  it.each(['{a', 'a_', 'frac{a}', 'a}', '^2}'])('refuses %s', (text) => {
    expect(() => readFormula(text)).toThrow(RangeError);
  });
});
