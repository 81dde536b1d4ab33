import { expect, it } from 'vitest';
import { meanAdvantages } from '../rl/airl/returns.ts';
import { parseExperiment } from '../rl/experiment/schema.ts';
import { type AdvantageSettings, advantageSettings, advantagesOf } from './learned-advantages.ts';

const settings: AdvantageSettings = { scale_rewards: 'none', gamma: 0.5, center_rewards: true };

it('compares the lines of each question, whatever their number, in both forms', () => {
  const lines = advantagesOf([[1, 3], [0], null, [2]], [0, 0, 0, 1], settings);
  expect(lines.map(({ mean }) => mean)).toEqual([1, -1, null, 0]);
  // Last tokens 3 and 0: mean 1.5, deviation sqrt(4.5); the only line of the other question has nothing to be compared with.
  const scale = Math.sqrt(4.5) + 1e-4;
  expect(lines[0].token?.[1]).toBeCloseTo(1.5 / scale, 12);
  expect(lines[0].token?.[0]).toBeCloseTo((-0.5 + 0.5 * 1.5) / scale, 12);
  expect(lines[1].token).toEqual([-1.5 / scale]);
  expect(lines[2]).toEqual({ mean: null, token: null });
  expect(lines[3].token).toEqual([0]);
});

it('divides by the deviation of all lines where that is the scale, as training does', () => {
  const rows = [[1], [3], [5], [6]];
  const trained = meanAdvantages(
    rows.map((row) => Float64Array.from(row)),
    'batch',
    { groupSize: 2, centred: true },
  );
  const lines = advantagesOf(rows, [0, 0, 1, 1], { ...settings, scale_rewards: 'batch' });
  for (const [i, { mean }] of lines.entries()) expect(mean).toBeCloseTo(trained.means[i], 12);
});

it('takes what the method says, and AIRL’s defaults where it says nothing', () => {
  const of = (method: object) => {
    const parsed = parseExperiment({ method });
    if (!parsed.ok) throw new Error(parsed.problems[0].message);
    return advantageSettings(parsed.experiment.method);
  };
  const own = { gamma: 0.5, scale_rewards: 'none', center_rewards: false };
  expect(of({ name: 'airl', ...own })).toEqual(own);
  expect(of({ name: 'ppo', gamma: 1 })).toEqual({
    ...{ gamma: 0.9, scale_rewards: 'group', center_rewards: true },
  });
});
