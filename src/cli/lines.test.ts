import { describe, expect, it } from 'vitest';
import { parseLines } from './lines.ts';

describe('parseLines', () => {
  it('numbers lines as an editor does, whatever ends the text', () => {
    const at = (text: string) => parseLines(text).map((line) => line.at);
    expect(at('{}\n\n {"a":1}\r\n{}')).toEqual([1, 3, 4]);
    expect(at('{}\n')).toEqual([1]);
    expect(at('')).toEqual([]);
    expect(at('\n\n')).toEqual([]);
  });

  it('passes over empty lines, however many, and refuses more than a million others', {
    timeout: 120_000,
  }, () => {
    expect(parseLines('\n'.repeat(2 ** 21))).toEqual([]);
    expect(() => parseLines('{}\n'.repeat(2 ** 20 + 1))).toThrow('line 1048577 is one of over');
  });
});
