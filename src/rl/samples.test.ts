/** Which completions of a step are kept for people to read. */
import { expect, it } from 'vitest';
import type { CombinedRewards } from './rewards/combine.ts';
import { completion } from './rewards/testing.ts';
import { heldOutGroups, sampleGroups } from './samples.ts';
import { speech } from './tasks/testing.ts';

it('keeps the first groups of every role, apart, each with what the model read', () => {
  const solver = [0, 0, 1, 1, 2].map((group, i) => completion(`${i}`, { group }));
  const critic = [0, 1, 1].map((group, i) => ({
    ...completion(`verdict ${i}`, { group }),
    ...{ role: 'critic', prompt: `which of ${group}` },
  }));
  const completions = [...solver, ...critic];
  const rewards: CombinedRewards = {
    ...{ totals: completions.map(() => 1), terms: new Map(), metrics: {} },
  };
  const nulls = completions.map(() => null);
  const groups = sampleGroups(
    3,
    2,
    { tokenText: String },
    {
      ...{ completions, rewards, verdicts: nulls, manners: nulls },
      ...{ advantages: completions.map(() => 0), perToken: {} },
    },
  );
  const own = solver[0].question.prompt;
  expect(
    groups.map(({ prompt, completions: all }) => [
      ...[prompt, all[0].role],
      all.map(({ text }) => text),
    ]),
  ).toEqual([
    [own, 'solver', ['0', '1']],
    [own, 'solver', ['2', '3']],
    ['which of 0', 'critic', ['verdict 0']],
    ['which of 1', 'critic', ['verdict 1', 'verdict 2']],
  ]);
});

it('keeps the first held-out questions of an evaluation, judged, unpaid, and marked as held out', () => {
  const answered = [3, 4, 5].map((index) => {
    const question = speech.question('test', index, 0);
    const answers = ['d;9', 'uu'].map((text) => ({
      ...{ text, truncated: text === 'uu', verdict: speech.verify(question, text) },
      ...{ completionIds: [...text].map((_, i) => i), logprobs: [...text].map(() => -0.123456) },
    }));
    return { question, answers };
  });
  const pieces = { tokenText: (id: number) => `<${id}>`, decode: String };
  const groups = heldOutGroups(7, 2, speech, pieces, answered);
  expect(groups.map(({ step, split, prompt }) => [step, split, prompt])).toEqual(
    answered.slice(0, 2).map(({ question }) => [7, 'test', question.prompt]),
  );
  const [{ completions }] = groups;
  expect(completions.map(({ correct, truncated }) => [correct, truncated])).toEqual([
    [answered[0].answers[0].verdict?.correct, false],
    [false, true],
  ]);
  expect(completions[0]).toMatchObject({ pieces: ['<0>', '<1>', '<2>'], rewards: {} });
  expect(completions[0].tokens.logprob).toEqual([-0.1235, -0.1235, -0.1235]);
  expect('reward' in completions[0] || 'advantage' in completions[0]).toBe(false);
  expect(heldOutGroups(7, 0, speech, pieces, answered)).toEqual([]);
});
