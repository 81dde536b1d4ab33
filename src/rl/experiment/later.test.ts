import { expect, test } from 'vitest';
import { identityText } from './canonical.ts';
import { changeSetting } from './change.ts';
import { withoutLater } from './later.ts';
import { type Experiment, parseExperiment } from './schema.ts';

function experimentOf(json: unknown): Experiment {
  const parsed = parseExperiment(json);
  if (!parsed.ok) throw new Error(parsed.problems[0].message);
  return parsed.experiment;
}

/** Every term, with everything at its default. */
const all = experimentOf({
  rewards: [
    ...['answer', 'format', 'transfer', 'sar'],
    ...['length_o1', 'length_er', 'confidence', 'random'],
  ].map((term) => ({ term })),
});

test('settings that came later are no part of an identity while they stand at their old meaning', () => {
  const text = identityText(all);
  for (const key of ['permuted', 'cuts', 'right_only', 'blank_prefix', 'fp16'])
    expect(text).not.toContain(`"${key}"`);
});

test.each([
  ['rewards.0.permuted', true],
  ['rewards.7.permuted', true],
  ['rewards.2.cuts', 2],
  ['rewards.2.right_only', true],
  ['rewards.2.blank_prefix', true],
  ['method.fp16', true],
])('%s is one once it is changed', (path, value) => {
  const changed = changeSetting(all, path, value);
  if (!changed.ok) throw new Error(path);
  expect(identityText(changed.experiment)).not.toBe(identityText(all));
});

test.each(['raro', 'airl'])(
  'the control of %s is no part of an identity until it is on',
  (name) => {
    const plain = experimentOf({
      policy: 'policies/chain-critic',
      task: { id: 'chain', answer_apart: true },
      method: { name },
    });
    expect(identityText(plain)).not.toContain('"permuted"');
    const control = changeSetting(plain, 'method.permuted', true);
    if (!control.ok) throw new Error(name);
    expect(identityText(control.experiment)).toContain('"permuted"');
  },
);

test('only the value and the place that are listed are left out, and the original is untouched', () => {
  const json = {
    method: { name: 'grpo', fp16: 0, chatter: 0, cuts: 1 },
    task: { answer_apart: false, fp16: false },
    rewards: [{ term: 'x', cuts: 2, permuted: false, deep: { permuted: false } }],
    permuted: false,
  };
  const before = structuredClone(json);
  expect(withoutLater(json)).toEqual({
    method: { fp16: 0, cuts: 1 },
    task: { fp16: false },
    rewards: [{ term: 'x', cuts: 2, deep: { permuted: false } }],
    permuted: false,
  });
  expect(json).toEqual(before);
});
