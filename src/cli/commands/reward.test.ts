/** `reward`: every term apart, with what it used, in the order of the lines. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { labHere, scratchFolder, writeInput, writeTinyModel } from '../testing/lab.ts';

const folder = scratchFolder();
const experiment = writeInput(folder, 'experiment.json', [
  {
    version: 1,
    task: { id: 'countdown' },
    rewards: [
      { term: 'answer', weight: 1 },
      { term: 'format', weight: 0.1 },
    ],
  },
]);

it('scores lines in their order, whatever order their questions come in', async () => {
  const input = writeInput(folder, 'lines.jsonl', [
    { question: '3 5 7=26:', completion: '3*7=21,21+5=26' },
    { prompt: '2 5 8=21:', question: 'Make 21 from 2, 5 and 8', completion: 'oh' },
    { question: '3 5 7=26:', completion: '3*7=22,22+5=27' },
  ]);
  const out = join(folder, 'out.jsonl');
  const { status, result } = await labHere([
    ...['reward', '--experiment', experiment],
    ...['--input', input, '--out', out],
  ]);
  expect(status).toBe(0);
  const [right, unread, wrong] = result.results;
  expect(right.terms.answer).toEqual({ value: 1, weight: 1, used: { answer: expect.anything() } });
  expect(right.terms.format).toEqual({ value: 1, weight: 0.1, used: { well_formed: true } });
  expect(right.reward).toBeCloseTo(1.1, 12);
  expect(unread).toMatchObject({ question: '2 5 8=21:', completion: 'oh', reward: 0 });
  expect(wrong.terms.answer.value).toBe(0);
  expect(wrong.terms.answer.used.note).toBeTruthy();
  expect(result.metrics['rewards/answer/mean']).toBeCloseTo(1 / 3, 12);
  const lines = readFileSync(out, 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual(result.results);
});

it('shuffles the values of a permuted term among the lines of a question, and says whose each is', async () => {
  const rewards = [
    { term: 'answer', weight: 2, permuted: true },
    { term: 'format', weight: 0 },
  ];
  const permuted = writeInput(folder, 'permuted.json', [
    { version: 1, seed: 3, task: { id: 'countdown' }, rewards },
  ]);
  const texts = ['3*7=21,21+5=26', '3*7=22,22+5=27', 'oh', '3*7=21', '5*7=35,35-3=32', '3'];
  const lines = texts.map((completion) => ({ question: '3 5 7=26:', completion }));
  const alone = { question: '2 5 8=21:', completion: '2*8=16,16+5=21' };
  const input = writeInput(folder, 'group.jsonl', [lines[0], alone, ...lines.slice(1)]);
  const { status, result } = await labHere(['reward', '--experiment', permuted, '--input', input]);
  expect(status).toBe(0);
  const [first, single, ...rest] = result.results;
  // The only line of its question keeps what it has.
  expect(single.terms.answer).toMatchObject({
    value: 1,
    used: { measured: 1, permuted_from: 0, answer: expect.anything() },
  });
  const group = [first, ...rest];
  const told = group.map(({ terms }) => terms.answer);
  expect(told.map(({ used }) => used.measured)).toEqual([1, 0, 0, 0, 0, 0]);
  for (const [i, { value, used }] of told.entries()) {
    expect(value).toBe(told[used.permuted_from].used.measured);
    expect(group[i].reward).toBe(2 * value);
  }
  const from = told.map(({ used }) => used.permuted_from);
  expect([...from].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  expect(from).not.toEqual([0, 1, 2, 3, 4, 5]);
  expect(result.metrics['rewards/answer/mean']).toBeCloseTo(2 / 7, 12);
  expect(first.terms.format.used).not.toHaveProperty('measured');
});

it.each([
  [{ completion: '3' }, 'line 1: question'],
  [{ question: '3 5 7=26:' }, 'line 1: completion'],
  [{ question: '12+95:', completion: '7' }, 'line 1: question'],
  [{ question: '3 5 7=26:', completion: '3', truncated: 'no' }, 'line 1: truncated'],
])('refuses a line that it cannot score, by line and key: %j', async (line, field) => {
  const input = writeInput(folder, 'bad.jsonl', [line]);
  const { status, result } = await labHere([
    ...['reward', '--experiment', experiment],
    ...['--input', input],
  ]);
  expect(status).toBe(2);
  expect(result.error.field).toBe(field);
});

it.each(['sar', 'length_o1', 'length_er', 'confidence'])(
  'refuses the term %s without a model, and says what it needs',
  async (term) => {
    const asking = writeInput(folder, `${term}.json`, [{ version: 1, rewards: [{ term }] }]);
    const input = writeInput(folder, 'one.jsonl', [{ question: '3 5 7=26:', completion: '3' }]);
    const { status, result } = await labHere(['reward', '--experiment', asking, '--input', input]);
    expect(status).toBe(2);
    expect(result.error).toMatchObject({ kind: 'BadConfig', field: 'model' });
    expect(result.error.message).toContain(term);
    expect(result.error.remedy).toContain('--model');
  },
);

it.each([
  ['is not there', 'nowhere', '--model'],
  ['has no tokenizer', 'mute', '--model'],
])('refuses a model that %s before a device is opened', async (_, name, field) => {
  writeTinyModel(join(folder, 'mute'), { tokenizer: false });
  const input = writeInput(folder, 'one.jsonl', [{ question: '3 5 7=26:', completion: '3' }]);
  const args = ['reward', '--experiment', experiment, '--input', input, '--model', name];
  const { status, result, log } = await labHere(args, folder);
  expect([status, result.error.field]).toEqual([2, field]);
  expect(log).not.toContain('adapter');
});

it.each([
  [{ completion: '1'.repeat(60) }, 'line 2'],
  [{ completion: 'É' }, 'line 2: completion'],
])('refuses what the model cannot read, by its line: %j', async (line, field) => {
  writeTinyModel(join(folder, 'tiny'));
  const input = writeInput(folder, 'two.jsonl', [
    { question: '3 5 7=26:', completion: '3' },
    { question: '3 5 7=26:', ...line },
  ]);
  const args = ['reward', '--experiment', experiment, '--input', input, '--model', 'tiny'];
  const { status, result } = await labHere(args, folder);
  expect([status, result.error.field]).toEqual([2, field]);
});
