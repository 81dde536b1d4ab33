import { expect, it } from 'vitest';
import { parseExperiment } from '../experiment/schema.ts';
import { verifiedTask } from '../tasks/testing.ts';
import { rlLogit } from './rl-logit.ts';
import {
  completion as completionOf,
  contextWith,
  END,
  encode,
  knownPolicy,
  textOnly,
} from './testing.ts';

const task = verifiedTask({
  ...{ id: 'chain', min_terms: 2, max_terms: 4, largest_term: 9, answer_apart: true },
});
const question = task.readQuestion('3+8+5:');
const completion = (text: string, more = {}) => ({ ...completionOf(text, more), question });

const score = (
  form: 'log_probability' | 'probability',
  texts: readonly ReturnType<typeof completion>[],
  positions?: number,
) => {
  const { policy, asked } = knownPolicy(-0.25, positions);
  const term = rlLogit.create({ weight: 1, form });
  const scores = term.score(texts, { ...contextWith(policy), task });
  return scores.then((one) => ({ ...one, asked }));
};

it('scores the expert’s answer and its end after the reasoning, whatever the policy answered', async () => {
  const reasoning = '3+8=11,11+5=15';
  const { values, asked, shown } = await score('log_probability', [
    completion(`${reasoning};15`),
    completion(`${reasoning};`),
  ]);
  // Three characters and the end token.
  expect(values).toEqual([-1, -1]);
  const prompt = completion('').promptIds;
  const pair = {
    promptIds: [...prompt, ...encode(reasoning)],
    completionIds: [...encode(';16'), END],
  };
  expect(asked).toEqual([pair, pair]);
  expect(shown?.[0]).toEqual({
    ...{ expert: ';16', log_probability: -1, probability: Math.exp(-1) },
  });
});

it('is the probability of the whole answer where that is asked for', async () => {
  const { values, metrics } = await score('probability', [completion('1;2')]);
  expect(values[0]).toBeCloseTo(Math.exp(-1), 14);
  expect(metrics).toEqual({
    ...{ log_probability: -1, probability: Math.exp(-1), unscored: 0 },
  });
});

it('does not score what met its budget, has no place for an answer or no room for it', async () => {
  const long = completion(`${'1+1=2,'.repeat(4)};2`);
  const odd = [completion('3+8=11;11', { ends: 0 }), completion('3+8=11'), completion(''), long];
  const { values, asked, metrics } = await score('log_probability', odd, 20);
  expect(values).toEqual([null, null, null, null]);
  expect(asked).toEqual([]);
  expect(metrics).toMatchObject({ unscored: 1, log_probability: Number.NaN });
});

it('needs a model, and a task that tells an answer from what leads to it', async () => {
  const term = rlLogit.create({ weight: 1, form: 'probability' });
  await expect(term.score([textOnly('7')], contextWith())).rejects.toMatchObject({
    ...{ kind: 'BadConfig', field: 'model' },
  });
  const parse = (more: object) =>
    parseExperiment({ task: { id: 'word' }, rewards: [{ term: 'rl_logit' }], ...more });
  expect(parse({})).toMatchObject({ problems: [{ field: 'rewards.0.term' }] });
  expect(parse({ method: { name: 'sft' } })).toMatchObject({ ok: true });
  expect(parse({ task: { id: 'countdown' } })).toMatchObject({ ok: true });
});
