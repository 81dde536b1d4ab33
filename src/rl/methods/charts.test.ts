import { describe, expect, test } from 'vitest';
import { defaultExperiment, parseExperiment } from '../experiment/schema.ts';
import { tokenCoefficients } from '../objectives/objective.ts';
import { LOSS_TYPES } from '../objectives/settings.ts';
import { methodOf, methods } from './index.ts';

function methodWith(settings: object) {
  const parsed = parseExperiment({ ...defaultExperiment(), method: settings });
  if (!parsed.ok) throw new Error(parsed.problems[0].message);
  return parsed.experiment.method;
}

const chartsOf = (settings: object) => methodOf(methodWith(settings)).charts;

/** Two groups of two answers of unequal lengths, their advantages adding up to 0 in each. */
function firstPassLoss(loss_type: (typeof LOSS_TYPES)[number]): number {
  const method = methodWith({ name: 'grpo', loss_type });
  if (method.name !== 'grpo') throw new Error('no loss type');
  const answers = [
    { length: 2, advantage: 1 },
    { length: 5, advantage: -1 },
    { length: 3, advantage: 0.5 },
    { length: 4, advantage: -0.5 },
  ];
  let start = 0;
  const sequences = answers.map((answer) => {
    const sequence = { ...answer, start, truncated: false };
    start += answer.length;
    return sequence;
  });
  const logp = Array.from({ length: start }, (_, t) => -0.1 * (t + 1));
  return tokenCoefficients({ sequences, logp }, method).loss;
}

describe('what a method says of its charts', () => {
  test.each(LOSS_TYPES)(
    'the loss of %s is called 0 exactly where the first pass makes it 0',
    (loss_type) => {
      const { lossNote } = chartsOf({ name: 'grpo', loss_type });
      const zero = Math.abs(firstPassLoss(loss_type)) < 1e-12;
      expect(lossNote?.startsWith('0 by construction')).toBe(zero);
      expect(lossNote?.includes('not 0') || lossNote?.startsWith('Not 0')).toBe(!zero);
    },
  );

  test('further passes and further terms take the 0 away', () => {
    for (const more of [
      { num_iterations: 2 },
      { beta: 0.1 },
      { entropy_coef: 0.01 },
      { mask_truncated_completions: true },
    ]) {
      const { lossNote } = chartsOf({ name: 'grpo', loss_type: 'grpo', ...more });
      expect(lossNote).not.toMatch(/^0 by construction/);
    }
  });

  test('every method explains its loss in a line', () => {
    for (const name of Object.keys(methods)) {
      expect(chartsOf({ name }).lossNote).toMatch(/^[^\n]{10,90}\.$/);
    }
  });

  test('only comparison within groups knows groups without signal, and only a critic has values', () => {
    const facts = Object.keys(methods).map((name) => [name, chartsOf({ name })] as const);
    expect(facts.filter(([, { groups }]) => groups).map(([name]) => name)).toEqual([
      'grpo',
      'raro',
      'airl',
    ]);
    expect(facts.filter(([, { values }]) => values).map(([name]) => name)).toEqual(['ppo']);
  });
});
