/** Whether an experiment fits its policy, as the page knows it before Run. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runsBeside } from '../experiment/presets/beside.ts';
import { PRESETS, presetExperiment } from '../experiment/presets/index.ts';
import { parseExperiment } from '../experiment/schema.ts';
import { misfitOf, POSITIONS } from './fit.ts';

const POLICIES = new URL('../../../public/models/policies/', import.meta.url);

const experimentOf = (json: object) => {
  const parsed = parseExperiment(json);
  if (!parsed.ok) throw new Error(parsed.problems[0].message);
  return parsed.experiment;
};
const raro = (method: object = {}) =>
  experimentOf({
    ...{ policy: 'policies/chain-critic', method: { name: 'raro', ...method } },
    task: { id: 'chain', min_terms: 3, max_terms: 4, largest_term: 9, answer_apart: true },
  });

it('every bundled policy has the positions that its config says', () => {
  const found = readdirSync(POLICIES).map((name) => {
    const config = readFileSync(new URL(`${name}/config.json`, POLICIES), 'utf8');
    return [`policies/${name}`, JSON.parse(config).max_position_embeddings];
  });
  expect(POSITIONS).toEqual(Object.fromEntries(found));
});

it.each(PRESETS.map((preset) => [preset.id, preset] as const))('preset %s fits', (id, preset) => {
  const lead = presetExperiment(preset);
  const all = [lead, ...runsBeside(lead, id).map(({ experiment }) => experiment)];
  expect(all.map(misfitOf)).toEqual(all.map(() => null));
});

describe('RARO at its default lengths', () => {
  const misfit = misfitOf(raro());
  const most = Number(/At most (\d+) fit/.exec(misfit?.remedy ?? '')?.[1]);

  it('does not fit the bundled critic, which is said of the setting with the number that does', () => {
    expect(misfit).toMatchObject({ kind: 'BadConfig', field: 'method.max_critic_length' });
    expect(misfit?.message).toMatch(
      /^Prompts of the critic of up to \d+ tokens and 96 more do not/,
    );
    expect(misfitOf(raro({ max_critic_length: most }))).toBeNull();
    expect(misfitOf(raro({ max_critic_length: most + 1 }))).not.toBeNull();
  });

  it('is not known of a policy that is not bundled', () => {
    const parsed = parseExperiment(
      { ...raro(), policy: 'policies/own' },
      { policies: ['policies/own'] },
    );
    expect(parsed.ok && misfitOf(parsed.experiment)).toBeNull();
  });
});
