/**
 * A manifest and the head of a checkpoint as a run by PPO wrote them (fixtures), so that what people have on disk still opens. They
 * are not written anew when the schema changes.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { canonicalJson, experimentHash } from '../rl/experiment/canonical.ts';
import { type Experiment, parseExperiment } from '../rl/experiment/schema.ts';

const stored = (name: string) =>
  JSON.parse(readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8'));

function opened(json: unknown): Experiment {
  const parsed = parseExperiment(json);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('; '));
  return parsed.experiment;
}

test('the experiment of a stored manifest opens, and goes by the hash that the manifest gives it', async () => {
  const { experiment, experiment_hash: hash } = stored('manifest.json');
  expect(await experimentHash(opened(experiment))).toBe(hash);
});

test('the experiment of a stored checkpoint opens, and is that of the manifest beside it', () => {
  const { experiment } = stored('state.json');
  expect(canonicalJson(opened(experiment))).toBe(
    canonicalJson(opened(stored('manifest.json').experiment)),
  );
});
