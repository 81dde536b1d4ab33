// @vitest-environment happy-dom
import { render } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import type { EvaluationOrder } from '../../rl/evaluate/order.ts';
import { syntheticEvaluation } from '../testing/synthetic-evaluation.ts';
import { Said } from './said.tsx';

const order: EvaluationOrder = {
  ...{ split: 'ood', policy: 'now', prompts: 500, samples: 4, receivers: '' },
  ...{ receiver_backend: 'kernels', transfer_answers: 1 },
};
const tasks = ['Chain: Add 4 to 6 numbers of 0 to 99, modulo 100, one at a time.'];

function said(split: 'test' | 'ood', more: object): string | null {
  const evaluation = { ...syntheticEvaluation(order, 0.5), ...more };
  const result = { id: 1, order: { ...order, split }, step: 2, evaluation };
  return render(<Said result={result} />).container.textContent;
}

describe('what an evaluation asked', () => {
  test('is told with the questions that were new', () => {
    expect(said('test', { distinct: 443, clusters: 34 })).toMatch(
      /^Held out, 500 questions, 443 of them distinct, in 34 clusters, with 4 answers each/,
    );
    expect(said('test', {})).toMatch(/^Held out, 500 questions, with 4 answers each/);
  });

  test('is told where it is everyday work for the policy, and by which task', () => {
    const text = said('ood', { familiar: { within: 500, trained: 404, tasks } });
    expect(text).toMatch(/Not out of distribution for this policy: all 500 questions .* 404 could/);
    expect(text).toContain(tasks[0]);
    expect(said('ood', { familiar: { within: 0, trained: 0, tasks } })).not.toContain('Chain');
    expect(said('test', { familiar: { within: 500, trained: 0, tasks } })).not.toContain('Chain');
    expect(said('ood', {})).not.toMatch(/Not out of/);
  });
});
