import { describe, expect, test } from 'vitest';
import { findPreset, PRESETS, presetExperiment } from '../rl/experiment/presets/index.ts';
import { defaultExperiment, experimentSchema, parseExperiment } from '../rl/experiment/schema.ts';
import { describeSettings } from '../rl/experiment/settings.ts';
import { FOLDS, foldOf, TOP_ROWS } from './components/panel-layout.ts';
import { isChanged, nearestPreset } from './presets.ts';
import {
  changeText,
  draftChanges,
  numberProblem,
  settingAt,
  valuesOf,
  valueText,
} from './settings.ts';

const experiment = defaultExperiment();

test('a change of the rewards names the terms as the panel does', () => {
  const rewards = [{ term: 'answer' }, { term: 'length_o1' }];
  const parsed = parseExperiment({ ...experiment, rewards });
  const change = parsed.ok && draftChanges(experiment, parsed.experiment, [])[0];
  expect(parsed.ok && change && changeText(parsed.experiment, change, change.to)).toBe(
    'Answer, Length (O1)',
  );
});

test('an experiment from a file is called by the preset that it differs least from', () => {
  for (const preset of PRESETS) {
    const own = presetExperiment(preset);
    const nearest = nearestPreset({ ...own, seed: own.seed + 1, steps: own.steps + 1 });
    // One experiment is one run, and never called by a preset of several.
    if (preset.beside) expect(findPreset(nearest)?.beside).toBeUndefined();
    else expect(nearest).toBe(preset.id);
  }
});

describe('the setup panel', () => {
  test('every setting of the schema has one place on the panel, and no place is empty', () => {
    const settings = describeSettings(experimentSchema);
    const known = settings.map(({ path }) => path);
    for (const path of FOLDS.flatMap((fold) => fold.paths)) expect(known).toContain(path);
    const groups = settings.map(({ group }) => group);
    for (const group of FOLDS.flatMap((fold) => fold.groups)) expect(groups).toContain(group);
    const isTop = (path: string) =>
      TOP_ROWS.some((row) => (row.endsWith('.') ? path.startsWith(row) : path === row));
    const lost = settings.filter(
      (setting) => !foldOf(setting) && !isTop(setting.path) && !setting.path.startsWith('rewards.'),
    );
    expect(lost.map(({ path }) => path)).toEqual([]);
  });

  test('the bounds that a field shows are those that the schema takes', () => {
    for (const { setting, value } of valuesOf(experiment)) {
      if (setting.kind !== 'number') continue;
      expect(numberProblem(setting, value as number | null)).toBeUndefined();
      expect(numberProblem(setting, (setting.max ?? 0) + 1)).toMatch(/\.$/);
      expect(numberProblem(setting, Number.NaN)).toBeDefined();
      const takesNull = numberProblem(setting, null) === undefined;
      expect(takesNull).toBe(setting.nullMeans !== undefined);
    }
  });

  test('a preset as it is shows no change, and a new seed is none either', () => {
    for (const preset of PRESETS) {
      const start = presetExperiment(preset);
      expect(isChanged(start, preset.id)).toBe(false);
      expect(isChanged({ ...start, seed: start.seed + 1 }, preset.id)).toBe(false);
      expect(isChanged({ ...start, steps: start.steps + 1 }, preset.id)).toBe(true);
    }
  });

  test('a change is told in the words of the panel, a whole part by its name', () => {
    const chain = presetExperiment(PRESETS.filter(({ id }) => id === 'chain-minute')[0]);
    const changes = draftChanges(experiment, chain, []);
    const task = changes.find(({ path }) => path === 'task');
    expect(task && changeText(experiment, task, task.from)).toBe('Countdown');
    expect(task && changeText(chain, task, task.to)).toBe('Chain');
    const loss = changes.find(({ path }) => path === 'method.loss_type');
    expect(loss && changeText(chain, loss, loss.to)).toBe('Dr. GRPO');
  });

  test('what null means stands for null', () => {
    const entry = settingAt(experiment, 'method.epsilon_high');
    expect(entry && valueText(entry.setting, null)).toBe('same as epsilon');
  });

  test('a live difference is not listed while the run can still take it', () => {
    const faster = { ...experiment, method: { ...experiment.method, learning_rate: 1e-5 } };
    expect(draftChanges(experiment, faster, ['method.learning_rate'])).toEqual([]);
    expect(draftChanges(experiment, faster, [])).toHaveLength(1);
  });
});
