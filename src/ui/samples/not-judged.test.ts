/** Where the task has no verifier, the page says so in words and marks nothing right or wrong. */
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import type { EvaluationOrder } from '../../rl/evaluate/order.ts';
import type { CompletionRecord } from '../../rl/records.ts';
import { praise } from '../../rl/tasks/testing.ts';
import { kCurves, numberRows } from '../charts/evaluation-curves.ts';
import { readAnswer } from '../microscope/transfer/answer.ts';
import { madeRecord } from '../testing/made-record.ts';
import { syntheticEvaluation } from '../testing/synthetic-evaluation.ts';
import { QuestionHead } from './question-head.tsx';
import { SampleRow } from './sample-row.tsx';
import { modeOf } from './token-colour.ts';
import { verdictWord } from './verdict.ts';

const { correct: _, ...unjudged } = madeRecord();
const rowOf = (completion: CompletionRecord) =>
  renderToStaticMarkup(
    createElement(SampleRow.type, {
      ...{ completion, index: 0, terms: [], mode: modeOf('logprob'), table: false, reach: 1 },
    }),
  );
const headOf = (completion: CompletionRecord) =>
  renderToStaticMarkup(
    createElement(QuestionHead, {
      ...{ index: 0, count: 1, failed: false },
      group: { step: 1, question: 'q', prompt: 'q', completions: [completion] },
    }),
  );

it('an answer in the sample browser', () => {
  expect([true, false, undefined].map(verdictWord)).toEqual(['right', 'wrong', 'not judged']);
  expect(rowOf(unjudged)).toContain('not judged');
  expect(rowOf(unjudged)).not.toMatch(/right|wrong|dot/);
  expect(rowOf(madeRecord())).toMatch(/dot no.*wrong/);
});

it('a group of answers', () => {
  expect(headOf(unjudged)).toContain('<dt>right</dt><dd>not judged</dd>');
  expect(headOf(madeRecord())).toContain('<dt>right</dt><dd>0 of 1</dd>');
});

it('what an expert wrote is called that, without a verdict, a reward or an advantage', () => {
  const { reward: _r, advantage: _a, ...unpaid } = unjudged;
  const written: CompletionRecord = { ...unpaid, role: 'expert', rewards: {} };
  expect(rowOf(written)).toContain('what the expert wrote');
  expect(rowOf(written)).not.toMatch(/judged|right|wrong|reward|advantage|class="score"/);
  expect(headOf(written)).toContain('What the expert wrote.');
  expect(headOf(written)).not.toMatch(/judged|<dt>|NaN/);
});

it('an answer in the microscope', () => {
  const task = praise.create({});
  const tokenizer = {
    eosId: 2,
    decode: (ids: ArrayLike<number>) => String.fromCharCode(...Array.from(ids)),
    tokenText: (id: number) => String.fromCharCode(id),
  };
  const sampled = { ids: [104, 105, 2], truncated: false };
  const answer = readAnswer(task, task.question('test', 0, 0), sampled, tokenizer);
  expect(answer).toMatchObject({ text: 'hi', verdict: null });
  expect(answer.leaks.size).toBe(0);
});

it('the numbers of an evaluation', () => {
  const order: EvaluationOrder = {
    ...{ split: 'test', policy: 'now', prompts: 4, samples: 2, receivers: '' },
    ...{ receiver_backend: 'kernels', transfer_answers: 1 },
  };
  const judged = syntheticEvaluation(order, 0.5);
  const { prompts, distinct, clusters, samples, truncated } = judged;
  const { mean_length, mean_length_interval } = judged;
  const asked = { prompts, distinct, clusters, samples };
  const plain = { ...asked, mean_length, mean_length_interval, truncated };
  const evaluation = {
    ...plain,
    ...{ accuracy: null, accuracy_interval: null, well_formed: null, maj_at_k: null },
    ...{ maj_at_k_interval: null, pass_at_k: null, pass_at_k_interval: null },
    ...{ mean_length_right: null, mean_length_right_interval: null },
  };
  const named = [{ name: 'step 4', evaluation }];
  const rows = Object.fromEntries(numberRows(named).map(({ name, values }) => [name, values[0]]));
  expect(rows).toMatchObject({ 'Accuracy, held out': 'not judged', 'Maj@2': 'not judged' });
  expect(rows.Length).toMatch(/^31/);
  expect(kCurves('pass_at_k', named, 1)).toEqual([]);
  expect(kCurves('pass_at_k', [{ name: 'now', evaluation: judged }], 1)).toHaveLength(1);
});
