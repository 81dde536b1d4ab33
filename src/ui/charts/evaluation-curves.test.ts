import { expect, test } from 'vitest';
import type { EvaluationOrder } from '../../rl/evaluate/order.ts';
import { dialectsOf } from '../../rl/manner.ts';
import { speech } from '../../rl/tasks/testing.ts';
import { syntheticEvaluation } from '../testing/synthetic-evaluation.ts';
import { numberRows } from './evaluation-curves.ts';

const order: EvaluationOrder = {
  ...{ split: 'test', policy: 'now', prompts: 4, samples: 2, receivers: 'receivers/a' },
  ...{ receiver_backend: 'kernels', transfer_answers: 1 },
};
const plain = syntheticEvaluation(order, 0.5);
const at = (mean: number) => ({ mean, low: mean - 0.1, high: mean + 0.1 });
const spoken = {
  ...plain,
  dialects: {
    public: { share: 0.75, share_interval: at(0.75), accuracy: 1 },
    private: { share: 0.25, share_interval: at(0.25), accuracy: null },
  },
  ...{ chatter: 0.5, chatter_interval: at(0.5) },
  transfer: plain.transfer && {
    ...plain.transfer,
    receivers: plain.transfer.receivers.map((one) => ({
      ...one,
      by_dialect: {
        public: { answers: 3, transferability: 0.5, transferability_interval: at(0.5) },
        private: { answers: 0, transferability: null, transferability_interval: null },
      },
    })),
  },
};
const rowsOf = (evaluation: typeof plain) =>
  Object.fromEntries(
    numberRows([{ name: 'now', evaluation }], dialectsOf(speech)).map((row) => [
      row.name,
      row.values[0],
    ]),
  );

test('the numbers say how answers are written and which of them a receiver finishes', () => {
  const rows = rowsOf(spoken);
  expect(rows['Public answers']).toMatch(/^0.75 \(/);
  expect(rows['Public answers, finished by a']).toMatch(/^0.50? \(/);
  expect(rows['Private answers, finished by a']).toBe('–');
  expect(rows.Chatter).toMatch(/^0.50? \(/);
  // Nothing counted it.
  expect(rows).not.toHaveProperty('Other answers');
});

test('and leave out what was not told apart', () => {
  expect(
    Object.keys(rowsOf(plain)).filter((name) => /answers$|Chatter|finished/.test(name)),
  ).toEqual(['Length of right answers']);
});
