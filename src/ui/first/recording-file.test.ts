/** The recording that is delivered with the page. Where this fails, `npm run record:first` makes it anew. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openBundle } from '../../lab/bundle/bundle.ts';
import { canonicalJson } from '../../rl/experiment/canonical.ts';
import { defaultPreset, presetExperiment } from '../../rl/experiment/presets/index.ts';
import { captionsOf } from './captions.ts';

const FOLDER = new URL('../../../public/recordings/', import.meta.url);

test('the recording is a whole run of the default preset, small, dated, and with captions', async () => {
  const about = JSON.parse(await readFile(new URL('first.json', FOLDER), 'utf8'));
  const bytes = await readFile(new URL(about.bundle, FOLDER));
  expect(bytes.length).toBeLessThan(250_000);
  expect(about.recorded).toMatch(/^20\d\d-\d\d-\d\d$/);
  const { experiment, metrics, samples, model, manifest } = await openBundle(bytes);
  expect(canonicalJson(experiment)).toBe(canonicalJson(presetExperiment(defaultPreset(true))));
  expect(metrics.at(-1)?.step).toBe(experiment.steps);
  const sampled = [...new Set(samples.map(({ step }) => step))];
  expect([sampled[0], sampled.at(-1)]).toEqual([1, experiment.steps]);
  expect(model).toBeNull();
  expect([manifest.adapter, manifest.build].every((text) => text.length > 0)).toBe(true);
  expect(captionsOf(metrics)).toHaveLength(3);
});
