import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sentence, summarise } from './summary.ts';

describe('summary', () => {
  it('says first, last and best, skipping gaps', () => {
    const summary = summarise([0, 1, 2, 3, 4], [Number.NaN, 0.2, 0.9, 0.7, Number.NaN], 'high');
    expect(sentence('RLVR', summary, 2)).toBe(
      'RLVR: first 0.20 at step 1, last 0.70 at step 3, best 0.90 at step 2, 2 not finite.',
    );
  });

  it('takes the least as best where less is better, and names none where neither is', () => {
    expect(summarise([0, 1], [3, 2], 'low')?.best?.value).toBe(2);
    expect(summarise([0, 1], [3, 2], 'none')?.best).toBeUndefined();
    expect(sentence('A', summarise([0], [Number.NaN], 'high'))).toBe('A: no values yet.');
  });

  it('finds a best that no value beats', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }),
        (values) => {
          const best = summarise(
            values.map((_, i) => i),
            values,
            'high',
          )?.best;
          expect(best?.value).toBe(Math.max(...values));
          expect(values[best?.step ?? -1]).toBe(best?.value);
        },
      ),
    );
  });
});
