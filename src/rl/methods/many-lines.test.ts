import { expect, it } from 'vitest';
import { parseExperiment } from '../experiment/schema.ts';
import type { OfflineLine } from '../learn/offline.ts';
import { methodOf } from './index.ts';

/** More than a call has room for arguments. */
const MANY = 130_000;

it.each(['grpo', 'ppo', 'dpo'])('the loss of %s is told of any number of lines', (name) => {
  const parsed = parseExperiment({ method: { name } });
  if (!parsed.ok) throw new Error(parsed.problems[0].message);
  const columns = { logp: [-1], ref: [-1], values: [0], advantages: [0.5], returns: [1] };
  const lines = Array.from({ length: MANY }, (_, i): OfflineLine => {
    const own = { where: `line ${i + 1}`, group: 1, pair: i >> 1, truncated: false, columns };
    return name === 'ppo' ? own : { ...own, reward: i % 2 };
  });
  const { loss, coefficients } = methodOf(parsed.experiment.method).offline(lines);
  expect(loss).toEqual(expect.any(Number));
  expect(coefficients).toHaveLength(MANY);
});
