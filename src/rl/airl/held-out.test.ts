import { describe, expect, it } from 'vitest';
import { heldOut } from './held-out.ts';

const trace = (question: number, expert: boolean, logit: number) => ({
  ...{ cluster: `question ${question}`, expert, logit },
});

describe('telling experts from a policy on held-out questions', () => {
  it('counts pairs in the right order, and each kind’s share on its side of 0', () => {
    const found = heldOut(
      [trace(0, true, 2), trace(0, false, -1), trace(1, true, -0.5), trace(1, false, 0)],
      1,
    );
    expect(found).toMatchObject({
      experts: 2,
      answers: 2,
      auroc: 0.75,
      accuracy: (0.5 + 0.75) / 2,
    });
    expect(found.auroc_interval?.low).toBeLessThan(0.75);
  });

  it('says nothing where a kind is missing', () => {
    expect(heldOut([trace(0, true, 2)], 1)).toEqual({
      ...{ experts: 1, answers: 0, auroc: null, auroc_interval: null },
      ...{ accuracy: null, accuracy_interval: null },
    });
  });
});
