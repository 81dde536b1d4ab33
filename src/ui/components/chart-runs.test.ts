import { expect, test } from 'vitest';
import { makeLab, settled } from '../testing/made-lab.ts';
import { chartRuns } from './chart-runs.ts';

test('the newest checkpoint of a group is marked once, on its first run', async () => {
  const { lab } = makeLab();
  lab.open();
  lab.choosePreset('private-better');
  lab.run();
  await settled();
  const marks = (step: number | null) =>
    chartRuns({ ...lab.data, keeping: { step, error: null } }).map(({ keptAt }) => keptAt);
  expect(marks(null)).toEqual([null, null]);
  expect(marks(10)).toEqual([10, null]);
});
