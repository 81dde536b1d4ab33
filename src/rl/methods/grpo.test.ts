/** GRPO's step on a script: which answers have no part in the backward pass. No model. */
import { expect, it } from 'vitest';
import { withColumns } from '../learn/example.ts';
import { createTask } from '../tasks/index.ts';
import { APART, completionOf, playStep } from './testing.ts';

const task = createTask(APART);
/** Two groups of two: one whose rewards differ, one without signal. The last answer of each is cut. */
const REWARDS = [1, 0, 1, 1];

async function play(method: object) {
  const { lessons } = await playStep(
    { task: APART, method: { name: 'grpo', num_generations: 2, prompts_per_step: 2, ...method } },
    {
      sample: async () =>
        REWARDS.map((_, i) =>
          completionOf(task.question('train', i >> 1, 1), `1+1=2;${i}`, {
            ...{ group: i >> 1, truncated: i % 2 === 1 },
          }),
        ),
      reward: async () => ({ totals: REWARDS, terms: new Map(), metrics: {} }),
      withReference: async (examples) =>
        examples.map((example) =>
          withColumns(example, { ref: example.completion.map(() => -0.25) }),
        ),
    },
  );
  const [{ examples, slopes }] = lessons;
  return {
    weightless: examples.map((example) => example.weightless),
    zero: slopes.map((row) => row.every((slope) => slope === 0)),
  };
}

it.each(['grpo', 'bnpo', 'dr_grpo', 'dapo', 'cispo', 'gspo'])(
  'a group without signal has no weight, and a coefficient of 0 (%s)',
  async (loss_type) => {
    const { weightless, zero } = await play({ loss_type });
    expect(weightless).toEqual([false, false, true, true]);
    expect(zero).toEqual(weightless);
  },
);

it('nor has a cut answer that is masked, whatever else is in the loss', async () => {
  const { weightless, zero } = await play({ mask_truncated_completions: true, beta: 0.1 });
  expect(weightless).toEqual([false, true, false, true]);
  expect(zero).toEqual(weightless);
});

it.each([{ beta: 0.1 }, { entropy_coef: 0.1 }])(
  'every answer has weight where other terms of the loss pull at it: %o',
  async (method) => {
    expect((await play(method)).weightless).toEqual([false, false, false, false]);
  },
);
