import { describe, expect, it } from 'vitest';
import { verifiedTask } from '../tasks/testing.ts';
import { injectErrors } from './inject-errors.ts';
import { PERTURBATIONS } from './perturb.ts';

const chain = verifiedTask({
  ...{ id: 'chain', min_terms: 4, max_terms: 6, largest_term: 99, answer_apart: true },
});

describe('injected errors', () => {
  it.each([chain, verifiedTask({ id: 'countdown', form: 'small' })])(
    'leave a trace whose first wrong step is one of its steps: $id',
    (task) => {
      const { spoiled, harmless } = injectErrors(task, { split: 'test', count: 40, seed: 3 });
      expect(spoiled.length + harmless).toBe(40);
      expect(spoiled.length).toBeGreaterThan(20);
      for (const { question, text, verdict } of spoiled) {
        expect(task.verify(question, text)).toEqual(verdict);
        expect(verdict.firstWrong).toBeLessThan(task.stepBoundaries(text).length);
      }
    },
  );

  it('are of every kind, and the same again from the same seed', () => {
    const ask = { split: 'test', count: 40, seed: 3 } as const;
    const { spoiled } = injectErrors(chain, ask);
    expect(new Set(spoiled.map(({ kind }) => kind))).toEqual(new Set(PERTURBATIONS));
    expect(injectErrors(chain, ask).spoiled).toEqual(spoiled);
    expect(injectErrors(chain, { ...ask, seed: 4 }).spoiled).not.toEqual(spoiled);
  });

  it('are none where none are asked for', () => {
    expect(injectErrors(chain, { split: 'ood', count: 0, seed: 1 })).toEqual({
      ...{ spoiled: [], harmless: 0 },
    });
  });
});
