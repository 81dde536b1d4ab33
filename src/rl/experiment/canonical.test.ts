import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { canonicalJson, experimentHash, identityText, shortMark } from './canonical.ts';
import { changeSetting } from './change.ts';
import { defaultExperiment, type Experiment } from './schema.ts';

test('canonical JSON does not depend on the order of keys, and keeps the order of lists', () => {
  expect(canonicalJson({ b: [2, { d: null, c: 'é' }], a: -0 })).toBe(
    '{"a":0,"b":[2,{"c":"é","d":null}]}',
  );
  expect(canonicalJson({ a: 1e-7, A: 1e21, Z: 0.1 })).toBe('{"A":1e+21,"Z":0.1,"a":1e-7}');
});

/** The method, which has the settings of clipping: every one here has. */
function grpoOf(method: Experiment['method']) {
  if (!('use_bias_correction_kl' in method)) throw new Error('it clips nothing');
  return method;
}

test('an experiment’s hash is the SHA-256 of its canonical JSON in the form of the first build, without what was added later', async () => {
  const experiment = defaultExperiment();
  const { method, rewards: now, evaluation: all, ...others } = experiment;
  const { tournament, ...evaluation } = all;
  const { name, fp16, use_bias_correction_kl: corrects, ...objective } = grpoOf(method);
  expect({ name, fp16, corrects }).toEqual({ name: 'grpo', fp16: false, corrects: false });
  expect(tournament).toBe(0);
  expect(now).toEqual([{ term: 'answer', weight: 1, permuted: false }]);
  const rest = { ...others, evaluation, rewards: [{ term: 'answer', weight: 1 }] };
  const text = canonicalJson({ ...rest, objective });
  expect(identityText(experiment)).toBe(text);
  const expected = createHash('sha256').update(text).digest('hex');
  expect(await experimentHash(experiment)).toBe(expected);
  for (const [path, value] of [
    ['method.name', 'ppo'],
    ['method.fp16', true],
    ['method.use_bias_correction_kl', true],
  ] as const) {
    const changed = changeSetting(experiment, path, value);
    if (!changed.ok) throw new Error(path);
    const { method } = changed.experiment;
    const { name, fp16: _, use_bias_correction_kl: __, ...objective } = grpoOf(method);
    const said = path === 'method.name' ? { algorithm: name } : { [path.slice(7)]: value };
    const whole = { ...rest, objective: { ...objective, ...said } };
    expect(identityText(changed.experiment)).toBe(canonicalJson(whole));
  }
});

test('reordering the keys of an experiment changes neither hash nor mark; changing a value changes both', async () => {
  const experiment = defaultExperiment();
  const turned = Object.fromEntries(Object.entries(experiment).reverse()) as typeof experiment;
  expect(await experimentHash(turned)).toBe(await experimentHash(experiment));
  expect(shortMark(turned)).toBe(shortMark(experiment));
  const other = { ...experiment, seed: experiment.seed + 1 };
  expect(await experimentHash(other)).not.toBe(await experimentHash(experiment));
  expect(shortMark(other)).not.toBe(shortMark(experiment));
});
