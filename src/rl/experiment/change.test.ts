import { describe, expect, test } from 'vitest';
import { METHODS } from './catalog.ts';
import { changeSetting, diffExperiments } from './change.ts';
import { defaultExperiment, type Experiment, parseExperiment } from './schema.ts';

function experiment(json: unknown): Experiment {
  const parsed = parseExperiment(json);
  if (!parsed.ok) throw new Error(parsed.problems[0].message);
  return parsed.experiment;
}

function changed(start: Experiment, path: string, value: unknown): Experiment {
  const parsed = changeSetting(start, path, value);
  if (!parsed.ok) throw new Error(parsed.problems[0].message);
  return parsed.experiment;
}

describe('changing a setting', () => {
  test('gives a new experiment and leaves the old one as it was', () => {
    const start = defaultExperiment();
    const next = changed(start, 'method.epsilon_high', 0.28);
    expect(next.method).toMatchObject({ epsilon_high: 0.28 });
    expect(start).toEqual(defaultExperiment());
  });

  test('to another task brings that task’s settings; to the same one keeps them', () => {
    const chain = changed(defaultExperiment(), 'task.id', 'chain');
    expect(chain.task).toEqual(experiment({ task: { id: 'chain' } }).task);
    const longer = changed(chain, 'task.max_terms', 6);
    expect(changed(longer, 'task.id', 'chain').task).toEqual(longer.task);
    expect(changed(longer, 'task.id', 'countdown').task).toEqual(defaultExperiment().task);
  });

  test('to another method keeps what both have, and brings the other’s own at their defaults', () => {
    const start = experiment({ method: { learning_rate: 3e-4, num_generations: 4, beta: 0.1 } });
    const ppo = changed(start, 'method.name', 'ppo');
    const own = { learning_rate: 3e-4, num_generations: 4, beta: 0.1 };
    expect(ppo).toEqual(experiment({ method: { name: 'ppo', ...own } }));
    const single = changed(ppo, 'method.num_generations', 1);
    // Only PPO allows a group of one.
    expect(changed(single, 'method.name', 'grpo')).toEqual(
      experiment({ method: { learning_rate: 3e-4, beta: 0.1 } }),
    );
    const refused = changeSetting(start, 'method.name', 'reinforce');
    expect(refused.ok ? [] : refused.problems.map(({ message }) => message)).toEqual([
      `method.name is unknown: "reinforce"; allowed is ${Object.keys(METHODS).join(', ')}`,
    ]);
  });

  test('to another method takes its defaults for what stood at the old one’s, and keeps what was set', () => {
    const task = { id: 'chain', answer_apart: true };
    const betaOf = (method: object, name: string) => {
      const next = changed(experiment({ task, method }), 'method.name', name).method;
      return 'beta' in next ? next.beta : null;
    };
    expect(betaOf({ name: 'dpo' }, 'grpo')).toBe(0);
    expect(betaOf({ name: 'dpo', beta: 0.2 }, 'grpo')).toBe(0.2);
    expect(betaOf({ name: 'grpo' }, 'dpo')).toBe(0.1);
    expect(betaOf({ name: 'raro' }, 'ppo')).toBe(0);
  });

  test('to another reward term keeps the weight', () => {
    const start = experiment({ rewards: [{ term: 'answer', weight: 0.3 }] });
    expect(changed(start, 'rewards.0.term', 'format').rewards).toEqual([
      { term: 'format', weight: 0.3, permuted: false },
    ]);
  });

  test.each([
    ['method.epsilon', 9, 'method.epsilon'],
    ['method.delta', 1.1, 'method.delta'],
    ['rewards.0.term', 'speed', 'rewards.0.term'],
    ['rewards.7.weight', 1, 'rewards.7.weight'],
    ['task.id', 'chess', 'task.id'],
    ['task.max_terms', 3, 'task.max_terms'],
    ['method', {}, 'method'],
    ['__proto__.polluted', 1, '__proto__.polluted'],
    ['method.constructor.name', 1, 'method.constructor.name'],
    ['', 1, ''],
  ])('%s to %j is refused by name', (path, value, field) => {
    const parsed = changeSetting(defaultExperiment(), path, value);
    expect(parsed.ok ? [] : parsed.problems.map((one) => one.field)).toEqual([field]);
  });
});

describe('the difference of two experiments', () => {
  const a = experiment({ rewards: [{ term: 'answer' }, { term: 'format' }] });

  test('says what changed, from what to what, and whether it may change in a running run', () => {
    const b = experiment({
      rewards: [{ term: 'answer' }, { term: 'format', weight: 0.5 }],
      method: { learning_rate: 3e-4, beta: 0.1 },
    });
    expect(diffExperiments(a, b).map(({ label: _, ...change }) => change)).toEqual([
      { path: 'method.beta', from: 0, to: 0.1, live: false },
      { path: 'method.learning_rate', from: 1e-4, to: 3e-4, live: true },
      { path: 'rewards.1.weight', from: a.rewards[1].weight, to: 0.5, live: true },
    ]);
  });

  test('names another method, and those of its own settings that are not at their defaults', () => {
    const b = experiment({
      method: { name: 'ppo', beta: 0.1, lam: 1 },
      rewards: [{ term: 'answer' }, { term: 'format' }],
    });
    const words = (x: Experiment, y: Experiment) =>
      diffExperiments(x, y).map(({ path, from, to }) => [path, from, to]);
    expect(words(a, b)).toEqual([
      ['method.name', 'grpo', 'ppo'],
      ['method.beta', 0, 0.1],
      ['method.lam', 0.95, 1],
    ]);
    expect(words(b, a)).toEqual([
      ['method.name', 'ppo', 'grpo'],
      ['method.beta', 0.1, 0],
    ]);
  });

  test('names a whole part where it has other settings', () => {
    const b = experiment({ task: { id: 'chain' }, rewards: [{ term: 'format' }] });
    expect(diffExperiments(a, b)).toMatchObject([
      { path: 'task', live: false },
      { path: 'rewards', live: false },
    ]);
  });
});
