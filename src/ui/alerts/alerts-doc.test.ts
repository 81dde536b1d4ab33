import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PRESETS, presetExperiment } from '../../rl/experiment/presets/index.ts';
import { parseExperiment } from '../../rl/experiment/schema.ts';
import { methodOf, methods } from '../../rl/methods/index.ts';
import { outcomeCharts } from '../charts/outcome-charts.ts';
import { trainingCharts } from '../charts/training-charts.ts';
import { ALERTS } from './alerts.ts';
import { alertsMarkdown } from './alerts-doc.ts';
import { firedIn, type KeptRun, rowsOf, WATCHED } from './fired-on-runs.ts';

const RESULTS = new URL('../../../docs/results/', import.meta.url);

/** The committed runs of a study's part. */
function runsIn(folder: string): KeptRun[] {
  const names = readdirSync(new URL(folder, RESULTS)).filter((name) => /-s\d+\.json$/.test(name));
  return names.map((name) =>
    JSON.parse(readFileSync(new URL(`${folder}/${name}`, RESULTS), 'utf8')),
  );
}

test('docs/alerts.md is what the rules say, of themselves and of the runs that we have', async () => {
  const fired = WATCHED.flatMap((watched) => firedIn(watched, runsIn(watched.folder)));
  for (const { preset, run, seeds } of fired) expect(seeds, `${preset}, ${run}`).toBeGreaterThan(0);
  await expect(alertsMarkdown(fired)).toMatchFileSnapshot('../../../docs/alerts.md');
});

test('a mean of several steps stands for each of them, an evaluation for its own', () => {
  const series = {
    entropy: { steps: [2, 4], values: [1, null] },
    'eval/accuracy': { steps: [0, 4], values: [0.3, 0.5] },
  };
  expect(rowsOf({ series })).toEqual([
    { step: 0, 'eval/accuracy': 0.3 },
    { step: 1, entropy: 1 },
    { step: 2, entropy: 1 },
    { step: 4, 'eval/accuracy': 0.5 },
  ]);
});

test('every alert says all of itself, in sentences', () => {
  for (const { title, why, when, because } of Object.values(ALERTS)) {
    expect(title).toMatch(/^[A-Z].*\.$/);
    expect(why).toMatch(/^[A-Z].*\.$/);
    expect(`${when}${because}`).not.toMatch(/^[A-Z]|\|/);
  }
});

test('every alert leads to a chart that some method draws', () => {
  const drawn = new Set(['transfer-reward']);
  const plain = Object.keys(methods).map((name) => parseExperiment({ method: { name } }));
  const known = plain.flatMap((parsed) => (parsed.ok ? parsed.experiment : []));
  for (const { method } of [...PRESETS.map(presetExperiment), ...known]) {
    const { charts, rewarded } = methodOf(method);
    const specs = [...outcomeCharts([]), ...trainingCharts({ ...charts, rewarded })];
    for (const { id, off } of specs) if (!off) drawn.add(id);
  }
  for (const { chart } of Object.values(ALERTS)) expect(drawn).toContain(chart);
});
