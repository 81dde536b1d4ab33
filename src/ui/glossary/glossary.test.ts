import { describe, expect, test } from 'vitest';
import { TERMS } from '../../rl/experiment/catalog.ts';
import { PRESETS, presetExperiment } from '../../rl/experiment/presets/index.ts';
import { experimentSchema, parseExperiment } from '../../rl/experiment/schema.ts';
import { describeSettings } from '../../rl/experiment/settings.ts';
import { methodOf, methods } from '../../rl/methods/index.ts';
import type { ChartSpec } from '../charts/chart-spec.ts';
import { MAJORITY, PASS, TOURNAMENT, TRANSFER } from '../charts/evaluation-curves.ts';
import { mannerCharts } from '../charts/manner-charts.ts';
import { outcomeCharts } from '../charts/outcome-charts.ts';
import { rewardCharts } from '../charts/reward-charts.ts';
import { SeriesStore } from '../charts/series.ts';
import { speedChart } from '../charts/speed-chart.ts';
import { methodChart, trainingCharts } from '../charts/training-charts.ts';
import { BY_CUT, transferRewardCharts } from '../charts/transfer-charts.ts';
import { readFormula } from './formula.ts';
import {
  CHARTS,
  chartEntry,
  listedCharts,
  listedSettings,
  searchListed,
  settingEntry,
} from './glossary.ts';
import { METHOD_WORDS } from './method-setting-words.ts';
import { OTHER_WORDS } from './other-setting-words.ts';
import { OWN_WORDS } from './own-setting-words.ts';

/** A run that has measured whatever can be measured. */
function everything() {
  const series = new SeriesStore();
  const columns = ['eval', 'eval_ood'].flatMap((prefix) =>
    ['accuracy', 'win_rate', 'transfer/policy', 'mean_length'].map((name) => `${prefix}/${name}`),
  );
  const transfer = ['mean', 'icc', 'scratch'].map((name) => `rewards/transfer/${name}`);
  const row = Object.fromEntries(
    [...columns, ...transfer, 'dialects/public', 'chatter'].map((c) => [c, 0.5]),
  );
  series.push({ step: 1, ...row }, { step: 1, step_time: 1, phases: {}, tokens_per_second: {} });
  return { id: 'a', label: 'A', slot: 1, series, live: false, totalSteps: 1 };
}

/** Every chart that the lab can draw. */
function everyChart(): ChartSpec[] {
  const runs = [everything()];
  const dialects = [{ id: 'public', label: 'Public', help: '' }];
  const plain = Object.keys(methods).map((name) => parseExperiment({ method: { name } }));
  const known = plain.flatMap((parsed) => (parsed.ok ? parsed.experiment : []));
  const own = [...PRESETS.map(presetExperiment), ...known].flatMap(({ method }) => {
    const { charts, rewarded } = methodOf(method);
    const described = { ...charts, rewarded };
    return [methodChart(described), ...trainingCharts(described)];
  });
  const transfer = transferRewardCharts(runs);
  return [
    ...own,
    ...rewardCharts(Object.keys(TERMS).map((term) => ({ term, weight: 1 }))),
    ...outcomeCharts(runs),
    ...mannerCharts(runs, dialects, true),
    ...(transfer ? [transfer.mean, ...transfer.small] : []),
    speedChart(undefined),
  ];
}
const CURVES = [BY_CUT, MAJORITY, PASS, TRANSFER, TOURNAMENT];

describe('the glossary', () => {
  test('has an entry for every chart, under the title that the chart has', () => {
    const missing: string[] = [];
    for (const { id, title, entry = id } of [...everyChart(), ...CURVES] as ChartSpec[]) {
      const found = chartEntry(entry);
      if (!found) missing.push(entry);
      else if (!entry.startsWith('rewards/')) expect(found.title).toBe(title);
    }
    expect(missing).toEqual([]);
    for (const id of ['pareto', 'step-time']) expect(chartEntry(id)).toBeDefined();
  });

  test('has an entry for every setting, and words for none that there is not', () => {
    const settings = describeSettings(experimentSchema);
    expect(settings.filter((setting) => !settingEntry(setting)).map(({ path }) => path)).toEqual(
      [],
    );
    const paths = new Set(settings.map(({ path }) => path));
    const words = Object.keys({ ...METHOD_WORDS, ...OWN_WORDS, ...OTHER_WORDS });
    expect(words.filter((key) => !paths.has(key.split('@')[0]))).toEqual([]);
  });

  test('says all parts of each in whole sentences, with formulas that can be read', () => {
    for (const { key, entry } of [...listedCharts(), ...listedSettings()]) {
      for (const part of [entry.what, entry.normal, entry.otherwise]) {
        expect(part, key).toMatch(/^\S.*[.!]$/s);
      }
      expect(entry.source, key).not.toBe('');
      if (entry.equation !== undefined)
        expect(() => readFormula(entry.equation ?? '')).not.toThrow();
    }
    for (const [id, { equation }] of Object.entries(CHARTS)) expect(equation, id).not.toBe('');
  });

  test('names a version wherever it, a setting or a preset refers to TRL, whose defaults change', () => {
    const texts = [
      ...[...listedCharts(), ...listedSettings()].flatMap(({ entry }) => Object.values(entry)),
      ...describeSettings(experimentSchema).map(({ help }) => help),
      ...PRESETS.flatMap((preset) => JSON.stringify(preset).split('","')),
    ].filter((text) => typeof text === 'string');
    const about = texts.filter((text) => /\bTRL\b/.test(text));
    expect(about.length).toBeGreaterThan(10);
    expect(about.filter((text) => !/\bTRL \d+\.\d+/.test(text))).toEqual([]);
  });

  test('is searched by words that may stand apart, and finds nothing where one is nowhere', () => {
    const all = [...listedCharts(), ...listedSettings()];
    expect(searchListed(all, '')).toEqual(all);
    const found = searchListed(all, 'KL  reference').map(({ key }) => key);
    expect(found).toContain('kl');
    expect(found).not.toContain('seed');
    expect(searchListed(all, 'kl nowhere-at-all')).toEqual([]);
  });
});
