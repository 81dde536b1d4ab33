import { expect, test } from 'vitest';
import type { EvaluationOrder } from '../../rl/evaluate/order.ts';
import { dialectsOf } from '../../rl/manner.ts';
import { speech } from '../../rl/tasks/testing.ts';
import { syntheticEvaluation } from '../testing/synthetic-evaluation.ts';
import { numberRows, tournamentCurves } from './evaluation-curves.ts';

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

test('every way to choose is drawn for the newest evaluation, and the tournament alone for what it is compared with', () => {
  const named = [0.4, 0.6].map((skill, i) => ({
    name: i === 0 ? 'before training' : 'step 10',
    evaluation: syntheticEvaluation({ ...order, samples: 8, tournament: 8 }, skill),
  }));
  const curves = tournamentCurves(named, 1);
  expect(curves.map(({ name }) => name)).toEqual([
    'tournament, before training',
    ...['tournament', 'majority', 'best, by the verifier', 'one sample'],
  ]);
  const last = named[1].evaluation.tournament?.by_answers.at(-1);
  expect(curves[1].points.map(({ x }) => x)).toEqual([1, 2, 4, 8]);
  expect(curves[1].points[3]).toEqual({
    ...{ x: 8, y: last?.tournament },
    ...{ low: last?.tournament_interval.low, high: last?.tournament_interval.high },
  });
  const rows = numberRows(named).map(({ name }) => name);
  expect(rows).toEqual(expect.arrayContaining(['Tournament of 8', 'Tournament less majority']));
  expect(tournamentCurves([{ name: 'now', evaluation: plain }], 1)).toEqual([]);
});

test('a win rate that a hidden judge gives stands among the numbers', () => {
  const interval = at(0.4);
  const hidden = {
    ...{ win_rate: 0.4, win_rate_interval: interval },
    ...{ rhyme: 1, metre: 1, topic: 1, fresh: 1 },
  };
  expect(rowsOf({ ...plain, hidden })['Win rate']).toMatch(/^0.40? \(/);
  expect(rowsOf(plain)).not.toHaveProperty('Win rate');
});
