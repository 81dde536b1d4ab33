/**
 * Links that people may have kept, with the experiments that they meant when they were made (fixtures/links.json). Neither is rewritten
 * when the schema changes: both are read through the current schema, and must mean the same.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { canonicalJson, experimentHash } from './canonical.ts';
import { readLink } from './link.ts';
import { findPreset } from './presets/index.ts';
import { type Experiment, parseExperiment } from './schema.ts';

interface StoredLink {
  readonly what: string;
  readonly link: string;
  readonly preset: string;
  readonly experiment: unknown;
  readonly experiment_hash: string;
}

const stored: readonly StoredLink[] = JSON.parse(
  readFileSync(new URL('fixtures/links.json', import.meta.url), 'utf8'),
);

function meant(json: unknown): Experiment {
  const parsed = parseExperiment(json);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('; '));
  return parsed.experiment;
}

describe.each(stored)('a stored link: $preset, $what', ({ link, preset, ...row }) => {
  test('still gives its preset and its experiment', () => {
    const read = readLink(`#${link}`);
    if (!read?.ok) throw new Error(`the link is refused: ${JSON.stringify(read?.problems)}`);
    expect(read.preset).toBe(findPreset(preset));
    expect(canonicalJson(read.experiment)).toBe(canonicalJson(meant(row.experiment)));
  });

  test('has an experiment that still goes by its hash', async () => {
    expect(await experimentHash(meant(row.experiment))).toBe(row.experiment_hash);
  });
});
