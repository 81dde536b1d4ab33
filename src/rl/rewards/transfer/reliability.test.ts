import { describe, expect, it } from 'vitest';
import { randomStream } from '../../random.ts';
import { intraclassCorrelation } from './reliability.ts';

describe('intraclassCorrelation', () => {
  it('agrees with a table worked by hand', () => {
    // One question, three answers, two tries: means 1, 0.5, 0; MSB = 2 (0.25 + 0 + 0.25) / 2 = 0.5, MSW = 0.5 / 3.
    const answers = [
      { group: 0, outcomes: [1, 1] },
      { group: 0, outcomes: [1, 0] },
      { group: 0, outcomes: [0, 0] },
    ];
    expect(intraclassCorrelation(answers)).toBeCloseTo((0.5 - 1 / 6) / (0.5 + 1 / 6), 12);
  });

  it('is 1 where the tries on an answer agree and answers differ', () => {
    const answers = [0, 1, 1, 0].map((x) => ({ group: 0, outcomes: [x, x, x] }));
    expect(intraclassCorrelation(answers)).toBe(1);
  });

  it('does not count differences between questions', () => {
    const easy = [0, 1].map(() => ({ group: 0, outcomes: [1, 1] }));
    const hard = [0, 1].map(() => ({ group: 1, outcomes: [0, 0] }));
    expect(intraclassCorrelation([...easy, ...hard])).toBeNaN();
  });

  it('finds the share that was put in: p is 0.2 or 0.8, depending on the answer', () => {
    const random = randomStream(1, 'icc');
    const answers = Array.from({ length: 4000 }, (_, i) => {
      const p = i % 2 ? 0.2 : 0.8;
      return { group: i >> 3, outcomes: [0, 0].map(() => Number(random.uniform() < p)) };
    });
    // Variance between is 0.09, of one try 0.25: 0.36. Its standard error is about 0.02.
    expect(Math.abs(intraclassCorrelation(answers) - 0.36)).toBeLessThan(0.06);
  });

  it('is nothing without second tries, and refuses unequal numbers of them', () => {
    expect(intraclassCorrelation([{ group: 0, outcomes: [1] }])).toBeNaN();
    expect(intraclassCorrelation([])).toBeNaN();
    const unequal = [
      { group: 0, outcomes: [1, 0] },
      { group: 0, outcomes: [1, 0, 1] },
    ];
    expect(() => intraclassCorrelation(unequal)).toThrow(RangeError);
  });
});
