/** `rerank` on numbers that the lines bring: no model and no device. */
import { expect, it } from 'vitest';
import { labHere, scratchFolder, writeInput } from '../testing/lab.ts';

const folder = scratchFolder();
/** Characters are tokens, and so is the end. */
const line = (question: string, completion: string, logit: number, logprob?: number) => {
  const tokens = completion.length + 1;
  return {
    ...{ question, completion, logits: new Array(tokens).fill(logit) },
    ...(logprob !== undefined && { logprobs: new Array(tokens).fill(logprob) }),
  };
};

const rerank = (lines: readonly unknown[], ...more: readonly string[]) =>
  labHere(
    ['rerank', '--task', 'chain', '--input', writeInput(folder, 'lines.jsonl', lines), ...more],
    folder,
  );

it('chooses by rewards, votes and log-probabilities that are given', async () => {
  const { status, result, log } = await rerank([
    line('12+95:', '12+95=8', -1, -0.1),
    line('3+4:', '3+4=7', 1, -0.1),
    line('12+95:', '12+95=8', -2, -0.2),
    line('3+4:', '3+4=8', 2, -0.5),
    line('12+95:', '12+95=7', 2, -0.9),
    line('12+95:', '12+95=9', -3, -3),
  ]);
  expect(status, log).toBe(0);
  expect(result).toMatchObject({ questions: 2, answers: 6, granularity: 'dense' });
  expect(result.rows.map(({ n }: { n: number }) => n)).toEqual([2]);
  const { choosers } = result.rows[0];
  // Of the first question, its blocks are (wrong, wrong) and (right, wrong).
  expect(choosers.one_sample.accuracy).toBe((0.25 + 0.5) / 2);
  expect(choosers.mean.accuracy).toBe((0.5 + 0) / 2);
  expect(choosers.log_probability.accuracy).toBe((0.5 + 1) / 2);
  expect(choosers.majority.accuracy).toBe((0.5 + 1) / 2);
  expect(choosers.mean.gain).toBe((0.5 + 0 - 0.75) / 2);
  expect(log).toContain('of 2: one_sample 0.375');
});

it('reads rewards where it is told, and fills them back', async () => {
  const read = async (granularity: string) => {
    const lines = [
      { ...line('3+4:', '3+4=7', 0), logits: [9, 9, 9, 9, 9, -1] },
      line('3+4:', '3+4=8', 0),
    ];
    const { result } = await rerank(lines, '--granularity', granularity);
    return result.rows[0].choosers.mean.accuracy;
  };
  expect([await read('dense'), await read('sparse')]).toEqual([1, 0]);
});

it.each([
  [[{ completion: '3+4=7' }], 'line 1: question'],
  [[{ question: '3+4:' }], 'line 1: completion'],
  [[{ question: 'what?', completion: '7', logits: [1, 1] }], 'line 1: question'],
  [[{ question: '3+4:', completion: '7' }], 'line 1: logits'],
  [[{ question: '3+4:', completion: '7', logits: [1] }], 'line 1: logits'],
  [[{ question: '3+4:', completion: '7', logits: [1, 'x'] }], 'line 1: logits'],
  [[{ question: '3+4:', completion: '~', logits: [1, 1] }], 'line 1: completion'],
  [[{ question: '3+4:', completion: '7', logits: [1, 1], logprobs: [] }], 'line 1: logprobs'],
  [[line('3+4:', '7', 1)], '--input'],
] as const)('refuses %j by the name of what is wrong', async (lines, field) => {
  const { status, result } = await rerank(lines);
  expect([status, result.error?.field]).toEqual([2, field]);
});

it('refuses a task without a verifier, and needs somebody to answer', async () => {
  const couplet = await labHere(['rerank', '--task', 'couplet', '--input', 'x'], folder);
  expect([couplet.status, couplet.result.error?.field]).toEqual([2, '--task']);
  const nobody = await labHere(['rerank', '--task', 'chain'], folder);
  expect([nobody.status, nobody.result.error?.field]).toEqual([2, '--model']);
});
