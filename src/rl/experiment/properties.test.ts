/** Properties of random experiments, drawn from the declarations, so that a new setting is covered as soon as it is declared. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fuzz } from '../../testing/fuzz.ts';
import { canonicalJson } from './canonical.ts';
import { METHODS, TASKS, TERMS } from './catalog.ts';
import { changeSetting, diffExperiments } from './change.ts';
import { MAX_LINK, readLink, writeLink } from './link.ts';
import { PRESETS } from './presets/index.ts';
import { type Experiment, experimentSchema, parseExperiment } from './schema.ts';
import { type Setting, settingValues } from './settings.ts';

/** Any value that a setting allows by itself. */
function valueFor(setting: Setting): fc.Arbitrary<unknown> {
  const { kind, min = 0, max = 0, exclusiveMin, integer, nullMeans, options } = setting;
  if (kind === 'flag') return fc.boolean();
  if (kind !== 'number') return fc.constantFrom(...(options ?? []).map((option) => option.value));
  const value = integer
    ? fc.integer({ min, max })
    : fc.double({ min, max, minExcluded: exclusiveMin, noNaN: true });
  return nullMeans === undefined ? value : fc.option(value, { nil: null, freq: 3 });
}

function experimentOrThrow(json: unknown): Experiment {
  const parsed = parseExperiment(json);
  if (!parsed.ok) throw new Error(parsed.problems[0].message);
  return parsed.experiment;
}

const skeleton = fc
  .record({
    task: fc.constantFrom(...Object.keys(TASKS)),
    name: fc.constantFrom(...Object.keys(METHODS)),
    terms: fc.shuffledSubarray(Object.keys(TERMS).slice(0, 8), { minLength: 1 }),
  })
  .map(({ task, terms, name }) => {
    const drawn = {
      task: { id: task },
      method: { name },
      rewards: terms.map((term) => ({ term })),
    };
    // Terms that need a verifier give way where there is none, and a method that can do nothing with the task to the default one.
    const possible = [
      drawn,
      { ...drawn, rewards: [{ term: 'confidence' }] },
      { ...drawn, method: {} },
    ].find((one) => parseExperiment(one).ok);
    return experimentOrThrow(possible ?? { task: drawn.task, rewards: [{ term: 'confidence' }] });
  });

/** Any valid experiment: every setting is drawn, except where the value would break a rule across fields. */
const experiments: fc.Arbitrary<Experiment> = skeleton.chain((start) => {
  const free = settingValues(experimentSchema, start)
    .map((one) => one.setting)
    .filter(({ path }) => path !== 'task.id' && path !== 'method.name' && !path.endsWith('.term'));
  return fc.tuple(...free.map(valueFor)).map((values) =>
    free.reduce((experiment, { path }, i) => {
      const next = changeSetting(experiment, path, values[i]);
      return next.ok ? next.experiment : experiment;
    }, start),
  );
});

const presets = fc.constantFrom(...PRESETS);

describe('any experiment', () => {
  test('goes through a link that may be read and comes back the same', () => {
    fc.assert(
      fc.property(experiments, presets, (experiment, preset) => {
        const link = writeLink(experiment, preset);
        expect(link.length).toBeLessThanOrEqual(MAX_LINK);
        expect(link).toMatch(/^[\w.,/&=%+-]+$/);
        const read = readLink(`#${link}`);
        if (!read?.ok) throw new Error(read?.problems[0].message);
        expect(canonicalJson(read.experiment)).toBe(canonicalJson(experiment));
      }),
      { numRuns: 150 },
    );
  });

  test('differs from another exactly where their canonical texts differ', () => {
    fc.assert(
      fc.property(experiments, experiments, (a, b) => {
        expect(diffExperiments(a, a)).toEqual([]);
        expect(diffExperiments(a, b).length === 0).toBe(canonicalJson(a) === canonicalJson(b));
        // Settings that only one of two methods has are named only in the direction of that method.
        const both = Object.keys(a.method).filter((key) => key in b.method);
        const known = (path: string) =>
          !path.startsWith('method.') || both.includes(path.slice('method.'.length));
        const paths = (from: Experiment, to: Experiment) =>
          diffExperiments(from, to)
            .map((one) => one.path)
            .filter(known);
        expect(paths(a, b)).toEqual(paths(b, a));
      }),
      { numRuns: 50 },
    );
  });

  test('with one setting changed differs in that setting', () => {
    fc.assert(
      fc.property(experiments, fc.nat(), fc.context(), (experiment, pick, context) => {
        const all = settingValues(experimentSchema, experiment);
        const { setting } = all[pick % all.length];
        const [value] = fc.sample(valueFor(setting), { numRuns: 1, seed: pick });
        const next = changeSetting(experiment, setting.path, value);
        context.log(`${setting.path} = ${value}`);
        if (!next.ok) return;
        const paths = diffExperiments(experiment, next.experiment).map((one) => one.path);
        const part = setting.path.split('.')[0];
        const allowed = [setting.path, part];
        // Another method bounds its group, and brings its own default for what stood at the old one's.
        if (setting.path === 'method.name') {
          const plain = all.filter((one) => one.value === one.setting.default);
          allowed.push('method.num_generations', ...plain.map((one) => one.setting.path));
        }
        for (const path of paths) expect(allowed).toContain(path);
      }),
      { numRuns: 150 },
    );
  });
});

describe('anything at all', () => {
  test('is parsed or refused without a throw, and never reaches a prototype', async () => {
    const before = Object.getOwnPropertyNames(Object.prototype).length;
    await fuzz(
      fc.property(fc.oneof(fc.anything(), fc.jsonValue()), (anything) => {
        const parsed = parseExperiment(anything);
        if (!parsed.ok) expect(parsed.problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 250 },
    );
    expect(Object.getOwnPropertyNames(Object.prototype).length).toBe(before);
  });

  test('after a hash is read or refused without a throw', async () => {
    const part = fc.oneof(
      fc.string(),
      fc.tuple(fc.string(), fc.string()).map(([key, value]) => `${key}=${value}`),
      fc.constantFrom('epsilon=', 'rewards=', 'rewards=,', 'task.id=', '__proto__=1', 'seed=1e99'),
    );
    await fuzz(
      fc.property(fc.array(part), (parts) => {
        const read = readLink(`#v=1&preset=countdown-grpo&${parts.join('&')}`);
        if (read && !read.ok) expect(read.problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 150 },
    );
    expect(readLink('x'.repeat(MAX_LINK + 2))?.ok).toBe(false);
  });
});
