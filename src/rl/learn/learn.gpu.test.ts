/** The loop on a learner that predicts no tokens: what a reward model is trained with. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { testGpu } from '../../gpu/testing/test-gpu.ts';
import { Learner } from '../../model/learner.ts';
import { loadModelFolder } from '../../model/load.ts';
import type { Example } from './example.ts';
import { learn } from './learn.ts';
import { adamw } from './optimizer.ts';
import { score } from './score.ts';

const gpu = await testGpu();
const FOLDER = new URL('../../../public/models/policies/chain-nano/', import.meta.url);
const model = await loadModelFolder(
  async (file) => new Uint8Array(readFileSync(new URL(file, FOLDER))),
);
const plan = { microBatchTokens: 256, tokenBucket: 64 };

/** Answers of which every other one is wanted to be worth 1, the rest 0. */
const examples = Array.from(
  { length: 8 },
  (_, i): Example => ({
    ...{ role: 'expert', group: 0, truncated: false },
    ...{ prompt: [1, 10, 11], completion: [10 + i, 12, 20 + (i % 2), 2] },
    columns: { wanted: [0, 0, 0, i % 2] },
  }),
);

it('learns values of whole answers from a loss that has no log-probs', async () => {
  const learner = await Learner.create(gpu, model.layout, {
    ...{ tokens: 256, positions: 64, temperature: 1, train: true, tokenHead: false },
    scalar: { rows: 'at', trunk: 'shared' },
  });
  learner.setParameters(model.parameters);
  const settings = { adam_beta1: 0.9, adam_beta2: 0.99, adam_epsilon: 1e-8 };
  const losses: number[] = [];
  const { updates, logprobs } = await learn(
    learner,
    examples,
    (update) => (part) => {
      const wanted = part.column('wanted') ?? new Float64Array();
      const last = part.spans.map(({ start, length }) => start + length - 1);
      const off = last.map((t) => (part.values?.[t] ?? Number.NaN) - wanted[t]);
      const valueCoefficients = new Float64Array(wanted.length);
      last.forEach((t, i) => {
        valueCoefficients[t] = (2 * off[i]) / update.length;
      });
      const loss = off.reduce((sum, x) => sum + x * x, 0) / update.length;
      losses.push(loss);
      return { loss, valueCoefficients };
    },
    {
      ...{ plan, passes: 100, scalarLearningRate: 0.02 },
      optimizer: (pass) =>
        adamw({ ...settings, weight_decay: 0, max_grad_norm: 1 }, 1e-3, pass + 1),
    },
  );
  expect(updates.length).toBe(100);
  expect(logprobs.every((row) => row.length === 0)).toBe(true);
  expect(losses[0]).toBeCloseTo(0.5, 5);
  expect(losses[99]).toBeLessThan(0.05);
  const { values = [] } = await score(learner, examples, plan);
  for (const [i, row] of values.entries()) expect(Math.round(row[3])).toBe(i % 2);
  learner.destroy();
});

it('leaves the parameters as if what has no weight were not there, and scores it all the same', async () => {
  const options = { tokens: 256, positions: 64, temperature: 1, train: true };
  const given = examples.map((example, i) => ({ ...example, weightless: i % 3 === 1 }));
  const after = async (some: readonly Example[]) => {
    const learner = await Learner.create(gpu, model.layout, options);
    learner.setParameters(model.parameters);
    const settings = { adam_beta1: 0.9, adam_beta2: 0.99, adam_epsilon: 1e-8 };
    const { logprobs } = await learn(
      learner,
      some,
      () => (part) => {
        const coefficients = part.examples.flatMap(({ weightless, completion }) =>
          completion.map(() => (weightless ? 0 : -1)),
        );
        return { loss: 0, coefficients };
      },
      {
        ...{ plan, passes: 1 },
        optimizer: () => adamw({ ...settings, weight_decay: 0, max_grad_norm: 1 }, 1e-3, 1),
      },
    );
    const parameters = await learner.readParameters();
    learner.destroy();
    return { logprobs, parameters };
  };
  const all = await after(given);
  const fewer = await after(given.filter(({ weightless }) => !weightless));
  expect(all.parameters).toEqual(fewer.parameters);
  expect(all.parameters).not.toEqual(model.parameters);
  expect(all.logprobs.map(({ length }) => length)).toEqual(given.map(() => 4));
  expect(all.logprobs.filter((_, i) => !given[i].weightless)).toEqual(fewer.logprobs);
});
