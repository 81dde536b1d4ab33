import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvCell, csvText } from './csv.ts';

describe('CSV', () => {
  test('no text cell can start a formula in a spreadsheet', () => {
    fc.assert(
      fc.property(fc.constantFrom('=', '+', '-', '@', '\t', '\r'), fc.string(), (first, rest) => {
        const cell = csvCell(first + rest).replace(/^"/, '');
        expect(cell.startsWith("'")).toBe(true);
      }),
    );
  });

  test('negative numbers stay numbers', () => {
    expect(csvCell(-0.5)).toBe('-0.5');
  });

  test('quotes, commas and line ends stay inside their cell', () => {
    expect(csvCell('a,"b"\nc')).toBe('"a,""b""\nc"');
  });

  test('what was not measured or is not finite is an empty cell', () => {
    expect(csvText([['a', undefined, null, Number.NaN, Number.POSITIVE_INFINITY, true, 0]])).toBe(
      'a,,,,,true,0\r\n',
    );
  });
});
