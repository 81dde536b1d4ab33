import { expect, test } from 'vitest';
import type { CompletionRecord, SampleGroup } from '../../rl/records.ts';
import { wronglyPaid } from './wrongly-paid.ts';

const answer = (text: string, learned: number | null, correct?: boolean): CompletionRecord => ({
  ...{ role: 'solver', text, pieces: [text], tokens: { logprob: [-0.1] }, truncated: false },
  rewards: learned === null ? {} : { learned },
  ...(correct !== undefined && { correct }),
});
const group = (...completions: CompletionRecord[]): SampleGroup => ({
  ...{ step: 7, question: 'Add', prompt: 'p', completions },
});

test('the wrong answers that a learned reward pays most come first, each once to a question', () => {
  const groups = [
    group(answer('a', 2, true), answer('b', 1, false), answer('b', 1, false)),
    group(answer('c', 1.5, false), answer('d', -2, false), answer('e', null, false)),
    group(answer('f', 3)),
  ];
  const found = wronglyPaid(groups, 2);
  expect(found.map(({ text, question, step }) => [text, question, step])).toEqual([
    ['c', 1, 7],
    ['b', 0, 7],
  ]);
  expect(wronglyPaid(groups, 9)).toHaveLength(3);
  expect(wronglyPaid([group(answer('a', 2, true))], 2)).toEqual([]);
});
