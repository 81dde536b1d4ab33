import { describe, expect, test } from 'vitest';
import { diffExperiments } from '../change.ts';
import { defaultExperiment, parseExperiment } from '../schema.ts';
import { defaultPreset, findPreset, PRESETS, presetExperiment } from './index.ts';

describe.each(PRESETS.map((preset) => [preset.id, preset] as const))('preset %s', (id, preset) => {
  test('is a valid experiment and is found by its id', () => {
    expect(parseExperiment(preset.experiment)).toMatchObject({ ok: true });
    expect(findPreset(id)).toBe(preset);
  });

  test('gives a reason for each setting that is not the default, and for no other', () => {
    const changed = diffExperiments(defaultExperiment(), presetExperiment(preset));
    expect(Object.keys(preset.reasons).sort()).toEqual(changed.map((change) => change.path).sort());
  });

  test('says how long it takes, and on what', () => {
    const { minutes, adapter } = preset.measured ?? preset.timed ?? {};
    expect(minutes).toBeGreaterThan(0);
    expect(adapter).toBeTruthy();
  });

  test('asks one question in one line', () => {
    expect(preset.question).toMatch(/^[^\n]+\?$/);
  });
});

test('presets have different ids and ask different experiments', () => {
  expect(new Set(PRESETS.map((preset) => preset.id)).size).toBe(PRESETS.length);
  const texts = PRESETS.map((preset) => JSON.stringify(presetExperiment(preset)));
  expect(new Set(texts).size).toBe(PRESETS.length);
});

test('a software adapter starts with the smallest policy', () => {
  expect(presetExperiment(defaultPreset(true)).policy).toBe('policies/countdown-nano');
  expect(presetExperiment(defaultPreset(false)).policy).toBe('policies/countdown-micro');
});
