import { describe, expect, it } from 'vitest';
import { tokenizer } from './evaluate/testing.ts';
import { mannerMetrics, mannerRecord, readManner } from './manner.ts';
import type { Step } from './methods/method.ts';
import { reportRollouts } from './methods/report.ts';
import { completion } from './rewards/testing.ts';
import type { Task } from './tasks/task.ts';
import { praise, speech as task } from './tasks/testing.ts';

const question = task.question('train', 2, 0);
const right = task.expertAnswer(question);
const answers = (...texts: string[]) => texts.map((text) => ({ ...completion(text), question }));
const read = (...texts: string[]) =>
  answers(...texts).map((written) => readManner(task, question, written, tokenizer));
const metricsOf = (...texts: string[]) =>
  mannerMetrics(
    task,
    read(...texts),
    texts.map((text) => task.verify(question, text)),
  );

describe('the columns of a row', () => {
  it('count dialects by hand, what is in none of them too, and accuracy within each', () => {
    expect(metricsOf(`dd;${right}`, 'd;0', `p;${right}`, 'hm')).toEqual({
      'dialects/public': 0.5,
      'dialects/public/accuracy': 0.5,
      'dialects/private': 0.25,
      'dialects/private/accuracy': 1,
      'dialects/other': 0.25,
      'dialects/other/accuracy': 0,
      chatter: 0,
    });
  });

  it('say null, and not 0, of the accuracy of a dialect that nobody wrote', () => {
    expect(metricsOf(`d;${right}`)).toMatchObject({
      'dialects/private': 0,
      'dialects/private/accuracy': null,
    });
  });

  it('count chatter over the tokens of the step, end tokens left out', () => {
    // 3 of 8 and 1 of 2 tokens.
    expect(metricsOf('uudu;123', 'ud').chatter).toBe(0.4);
    expect(metricsOf('', '')).not.toHaveProperty('chatter');
  });

  it('are none where a task cannot tell, and have no dialects where it has one way to write', () => {
    expect(mannerMetrics(praise.create({}), [null, null], [null, null])).toEqual({});
    const { dialects: _, ...rest } = task;
    const one: Task = rest;
    const manners = answers('du').map((c) => readManner(one, question, c, tokenizer));
    expect(mannerMetrics(one, manners, [null])).toEqual({ chatter: 0.5 });
    expect(mannerRecord(one, manners[0])).toEqual({ chatter: [[1, 2]] });
  });

  it('have no accuracy where nobody can judge', () => {
    expect(Object.keys(mannerMetrics(task, read('d', 'p'), [null, null]))).toEqual([
      'dialects/public',
      'dialects/private',
      'dialects/other',
      'chatter',
    ]);
  });
});

it('a dialect that the task does not name counts as none of its dialects', () => {
  const odd = { ...task, manner: () => ({ dialect: 'klingon', chatter: [] }) };
  expect(readManner(odd, question, completion('x'), tokenizer)).toMatchObject({ dialect: 'other' });
});

it('a token is chatter where its first character is', () => {
  const pairs = {
    ...tokenizer,
    tokenText: (id: number) => String.fromCharCode(id).repeat(2),
    decode: (ids: ArrayLike<number>) =>
      Array.from(ids, (id) => String.fromCharCode(id).repeat(2)).join(''),
  };
  const written = { completionIds: [97, 98, 99], text: 'aabbcc', truncated: true };
  const inside = (from: number, to: number) =>
    readManner(
      { ...task, manner: () => ({ dialect: null, chatter: [[from, to]] }) },
      question,
      written,
      pairs,
    )?.chatter;
  expect(inside(0, 6)).toEqual([[0, 3]]);
  expect(inside(1, 3)).toEqual([[1, 2]]);
  expect(inside(1, 2)).toEqual([]);
});

it('a report has the columns in its row, and dialect and chatter with each sample', () => {
  const completions = answers(`udd;${right}`, 'p');
  const step = {
    ...{ index: 0, seed: 1, task, tokenizer, sampleGroups: 1, positions: 99 },
    verdicts: () => completions.map(({ text }) => task.verify(question, text)),
  } as unknown as Step;
  const { metrics, samples } = reportRollouts(step, {
    ...{ completions, advantages: [1, -1], perToken: {}, before: {}, after: {} },
    rewards: { totals: [1, 0], metrics: {}, terms: new Map() } as never,
  });
  expect(metrics).toMatchObject({ accuracy: 0.5, 'dialects/public': 0.5, 'dialects/private': 0.5 });
  expect(samples[0].completions.map(({ manner }) => manner)).toEqual([
    { dialect: task.dialects[0], chatter: [[0, 1]] },
    { dialect: task.dialects[1] },
  ]);
});
