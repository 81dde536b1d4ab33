/** Which completions of a step are kept for people to read. */
import { expect, it } from 'vitest';
import type { CombinedRewards } from './rewards/combine.ts';
import { completion } from './rewards/testing.ts';
import { sampleGroups } from './samples.ts';

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
