/** What samples show of the self-aligned reward, and that it is what the term left in the record. */
import { describe, expect, it } from 'vitest';
import type { CompletionRecord } from '../../rl/records.ts';
import { madeRecord } from '../testing/made-record.ts';
import { perplexityText, readSar, sarShown } from './sar-shown.ts';
import { colourStep, modeOf, tokenValue } from './token-colour.ts';

const record = (shown?: CompletionRecord['shown']): CompletionRecord =>
  madeRecord(shown ? { shown, tokens: { logprob: [-0.5, -1], 'sar/v': [1.2, -0.6] } } : {});
const shown = {
  sar: {
    perplexity_with_question: 1.31,
    perplexity_without_question: 1.96,
    raw: 0.33,
    r_sa: 0.33,
  },
};

describe('what the self-aligned reward shows', () => {
  it('colours tokens by what the question adds, only where the term scored', () => {
    const mode = modeOf('sar/v');
    const steps = [0, 1].map((i) => colourStep(tokenValue(record(shown), i, mode), mode));
    expect(steps).toEqual(['p3', 'n2']);
    expect(tokenValue(record(), 0, mode)).toBeUndefined();
    expect(sarShown(record(shown))).toMatchObject({ given: 1.31, alone: 1.96, r: 0.33 });
    expect(sarShown(record({ transfer: {} }))).toBeUndefined();
  });

  it('keeps what is known of an answer that was too long to be asked about alone', () => {
    const long = { perplexity_with_question: 2, r_sa: null, note: 'longer than the context' };
    expect(readSar(long)).toEqual({
      given: 2,
      alone: null,
      r: null,
      raw: null,
      note: 'longer than the context',
    });
    expect(readSar({ raw: 1 })).toBeUndefined();
  });

  it('writes perplexities of any size shortly', () => {
    expect([1, 1.305, 25.8, 345.6, 12_345_678, null].map(perplexityText)).toEqual([
      '1.00',
      '1.30',
      '25.8',
      '346',
      '1.2e7',
      'too large',
    ]);
  });
});
