import { expect, test } from 'vitest';
import { PRESETS, presetExperiment } from '../../rl/experiment/presets/index.ts';
import { parseExperiment } from '../../rl/experiment/schema.ts';
import { methodOf, methods } from '../../rl/methods/index.ts';
import { outcomeCharts } from '../charts/outcome-charts.ts';
import { trainingCharts } from '../charts/training-charts.ts';
import { ALERTS } from './alerts.ts';
import { alertsMarkdown } from './alerts-doc.ts';

test('docs/alerts.md is what the rules say', async () => {
  await expect(alertsMarkdown()).toMatchFileSnapshot('../../../docs/alerts.md');
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
