/** `find-error` on numbers that the lines bring: no model and no device. */
import { expect, it } from 'vitest';
import { labHere, scratchFolder, writeInput } from '../testing/lab.ts';

const folder = scratchFolder();
const find = (lines: readonly unknown[], ...more: readonly string[]) =>
  labHere(
    ['find-error', '--task', 'chain', '--input', writeInput(folder, 'lines.jsonl', lines), ...more],
    folder,
  );

/** One number for each step of so many characters, the end token with the last. */
const bySteps = (steps: readonly (readonly [length: number, value: number])[]) => [
  ...steps.flatMap(([length, value]) => new Array<number>(length).fill(value)),
  steps.at(-1)?.[1],
];

const wrong = {
  question: '12+95+7+1:',
  completion: '12+95=8,8+7=15,15+1=16',
  logits: bySteps([
    [8, -2],
    [7, -2.5],
    [7, -3],
  ]),
  logprobs: bySteps([
    [8, -0.1],
    [7, -4],
    [7, -0.1],
  ]),
  entropies: bySteps([
    [8, 0.1],
    [7, 0.1],
    [7, 0.9],
  ]),
};
const right = { question: '3+4:', completion: '3+4=7', logits: bySteps([[5, 1.5]]) };

it('finds the first wrong step by the drop, where everything after it looks wrong too', async () => {
  const { status, result, log } = await find([wrong], '--k', '2');
  expect(status, log).toBe(0);
  const { natural, judge } = result;
  expect(natural).toMatchObject({ traces: 1, unplaced: 0 });
  const hits = (grid: string) =>
    Object.fromEntries(
      Object.entries(natural[grid]).map(([name, found]) => {
        const { hit_at_1, hit_at_k } = found as { hit_at_1: number; hit_at_k: number };
        return [name, [hit_at_1, hit_at_k]];
      }),
    );
  expect(hits('steps')).toMatchObject({
    ...{ lowest_reward: [0, 0], largest_drop: [1, 1], log_probability: [0, expect.any(Number)] },
  });
  expect(natural.steps.chance.hit_at_1).toBeCloseTo(1 / 3, 12);
  expect(natural.tokens.chance.hit_at_1).toBeCloseTo(8 / 23, 12);
  expect(judge).toMatchObject({ right: 0, wrong: 1, auroc: null });
});

it('judges answers by the mean logit, and leaves out what was not measured', async () => {
  const { result } = await find([wrong, right]);
  expect(result.judge).toMatchObject({ right: 1, wrong: 1, auroc: 1, log_probability_auroc: null });
  const off = (1 / (1 + Math.exp(1.5)) + 1 / (1 + Math.exp(2.5))) / 2;
  expect(result.judge.calibration_error).toBeCloseTo(off, 12);
  // Without a reward model there is nothing to measure injected errors with.
  expect(result.injected).toMatchObject({ traces: 0, tokens: null, steps: null });
  const alone = await find([right]);
  expect(alone.result.natural).toEqual({ traces: 0, unplaced: 0, tokens: null, steps: null });
});

it('says how many wrong answers have no wrong step', async () => {
  const short = { question: '12+95+7:', completion: '12+95=7', logits: bySteps([[7, 0]]) };
  const { result } = await find([short]);
  expect(result.natural).toMatchObject({ traces: 0, unplaced: 1 });
});

it.each([
  [{ ...wrong, entropies: [1] }, 'line 1: entropies'],
  [{ ...wrong, logits: null }, 'line 1: logits'],
  [{ ...wrong, completion: 3 }, 'line 1: completion'],
  [{ ...right, logits: [1, 1, 1, 1, 1, 1e39] }, 'line 1: logits'],
] as const)('refuses %j by the name of what is wrong', async (line, field) => {
  const { status, result } = await find([line]);
  expect([status, result.error?.field]).toEqual([2, field]);
});
