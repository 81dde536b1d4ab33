import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAlone, readVerdict, turned, VERDICTS, writeAlone, writeVerdict } from './verdict.ts';

describe('a verdict', () => {
  it('is read back after any reasoning, even one that names another', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...VERDICTS), (reasoning, verdict) => {
        expect(readVerdict(reasoning + writeVerdict(verdict))).toBe(verdict);
        expect(readVerdict(`>t${reasoning}${writeVerdict(verdict)}`)).toBe(verdict);
      }),
    );
  });

  it.each(['', 'x', '>', '>x ', '>x\n', '>X', '>1', '> x', '3+8=11;11>xy', '>xx', '>toString'])(
    'is not read in %j',
    (text) => expect(readVerdict(text)).toBeNull(),
  );

  it('names the other answer once the order is turned, and stays a tie', () => {
    expect(VERDICTS.map(turned)).toEqual(['2', '1', 'tie']);
  });

  it('on one answer alone is yes or no, and nothing else', () => {
    for (const verdict of ['expert', 'policy'] as const)
      expect(readAlone(`16?16y${writeAlone(verdict)}`)).toBe(verdict);
    expect(['>x', '>t', '16?16y', 'y', ''].map(readAlone)).toEqual([null, null, null, null, null]);
  });
});
