import { describe, expect, test } from 'vitest';
import { defaultExperiment, experimentSchema, parseExperiment } from './schema.ts';
import { describeSettings, settingValues } from './settings.ts';

const settings = describeSettings(experimentSchema);

describe('the list of settings', () => {
  test('has every leaf of an experiment but its version, in order', () => {
    const leaves = (value: unknown, path: string): string[] =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).flatMap(([key, item]) =>
            leaves(item, path ? `${path}.${key}` : key),
          )
        : [path];
    const experiment = defaultExperiment();
    const paths = settingValues(experimentSchema, experiment).map((one) => one.setting.path);
    expect(['version', ...paths]).toEqual(leaves(experiment, ''));
  });

  test('says in words what each is, and gives a default that is allowed', () => {
    for (const setting of settings) {
      expect(setting.label, setting.path).not.toBe('');
      expect(setting.help, setting.path).toMatch(/[.)]$/);
      if (setting.kind === 'number' && setting.default !== null) {
        expect(setting.default, setting.path).toBeGreaterThanOrEqual(setting.min as number);
        expect(setting.default, setting.path).toBeLessThanOrEqual(setting.max as number);
      }
      if (setting.options && setting.default !== undefined) {
        expect(setting.options.map((option) => option.value)).toContain(setting.default);
      }
    }
  });

  test('marks as live the learning rates and the weights, and nothing else', () => {
    const live = new Set(settings.filter((one) => one.live).map((one) => one.path));
    expect([...live].sort()).toEqual([
      'method.learning_rate',
      'method.reward_learning_rate',
      'method.value_learning_rate',
      'rewards.*.weight',
    ]);
  });

  test('puts the objective under the headings of the panel', () => {
    const group = (path: string) => settings.find((one) => one.path === path)?.group;
    expect(group('method.epsilon')).toBe('Objective');
    expect(group('method.temperature')).toBe('Sampling');
    expect(group('method.learning_rate')).toBe('Optimiser');
    expect(group('method.num_generations')).toBe('Batch');
    expect(group('rewards.*.weight')).toBe('Rewards');
  });

  test('lists a setting of several methods once, with the methods that have it', () => {
    const of = (path: string) =>
      settings.filter((one) => one.path === path).map((one) => one.when?.is);
    expect(of('method.temperature')).toEqual([undefined]);
    expect(of('method.epsilon')).toEqual([['grpo', 'ppo', 'vineppo', 'raro', 'airl', 'opsd']]);
    expect(of('method.loss_type')).toEqual([['grpo', 'airl', 'opsd']]);
    expect(of('method.lam')).toEqual([['ppo']]);
    // The bounds differ: GRPO cannot compare a group of one.
    expect(of('method.num_generations')).toEqual([
      ['grpo', 'raro', 'airl'],
      ['ppo'],
      ['vineppo'],
      ['dpo'],
      ['opsd'],
    ]);
  });

  test('gives a task’s own settings with the task they belong to', () => {
    const own = settings.filter((one) => one.when?.path === 'task.id');
    expect(own.some((one) => one.path === 'task.form' && one.when?.is[0] === 'countdown')).toBe(
      true,
    );
    expect(own.some((one) => one.path === 'task.max_terms' && one.when?.is[0] === 'chain')).toBe(
      true,
    );
  });

  test('agrees with the schema at both ends of every range', () => {
    for (const { path, kind, when, min = Number.NaN, max = Number.NaN, exclusiveMin } of settings) {
      if (kind !== 'number' || path.includes('*') || path.startsWith('task.')) continue;
      const [part, key] = path.includes('.') ? path.split('.') : [undefined, path];
      const fieldOf = (value: number) => {
        const chosen = when && { [when.path.slice(when.path.indexOf('.') + 1)]: when.is[0] };
        const own = { ...chosen, [key]: value };
        const parsed = parseExperiment(part ? { [part]: own } : own);
        return parsed.ok
          ? undefined
          : parsed.problems.find((one) => one.message.includes('allowed is'));
      };
      const says = (value: number) =>
        fieldOf(value)?.message.includes(`${path} is ${value}; allowed is`) ?? false;
      if (path !== 'method.warmup_steps' && path !== 'method.delta') {
        expect(says(max), path).toBe(false);
        expect(says(min), path).toBe(exclusiveMin ?? false);
      }
      expect(says(max + 1), path).toBe(true);
      expect(says(min - 1), path).toBe(true);
    }
  });
});
