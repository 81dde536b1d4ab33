import { describe, expect, test } from 'vitest';
import { defaultExperiment, type Parsed, parseExperiment } from './schema.ts';

const EXAMPLE = `{"version":1,"seed":7,"steps":150,"task":{"id":"countdown"},"policy":"policies/countdown-nano","objective":{"loss_type":"dr_grpo","num_generations":8,"prompts_per_step":8,"learning_rate":0.0001,"scale_rewards":"group","beta":0.01,"epsilon":0.2,"num_iterations":1,"temperature":1,"max_completion_length":64},"rewards":[{"term":"answer","weight":1},{"term":"format","weight":0.1}]}`;

function problemsOf(parsed: Parsed): Record<string, string> {
  if (parsed.ok) return {};
  return Object.fromEntries(parsed.problems.map(({ field, message }) => [field, message]));
}

function accepted(json: unknown) {
  const parsed = parseExperiment(json);
  if (!parsed.ok) throw new Error(parsed.problems.map((p) => p.message).join('; '));
  return parsed.experiment;
}

const problems = (json: unknown) => problemsOf(parseExperiment(json));

describe('an experiment', () => {
  test('keeps what the file says and fills in the rest', () => {
    const given = JSON.parse(EXAMPLE);
    const experiment = accepted(given);
    const { objective, ...rest } = given;
    expect(experiment).toMatchObject({ ...rest, method: objective });
    expect(experiment.method).toMatchObject({ epsilon_high: null, delta: null, top_k: 0 });
    expect(experiment.evaluation.every).toBe(defaultExperiment().evaluation.every);
  });

  test('left empty is the default experiment', () => {
    expect(accepted({})).toEqual(defaultExperiment());
    expect(accepted({ task: {}, method: {}, evaluation: {} })).toEqual(defaultExperiment());
  });

  test('has the defaults of TRL 1.13 wherever the docs do not say otherwise', () => {
    expect(defaultExperiment().method).toMatchObject({
      loss_type: 'dapo',
      scale_rewards: 'group',
      importance_sampling_level: 'token',
      num_generations: 8,
      num_iterations: 1,
      beta: 0,
      epsilon: 0.2,
      epsilon_high: null,
      delta: null,
      temperature: 1,
      top_p: 1,
      top_k: 0,
      min_p: null,
      mask_truncated_completions: false,
      entropy_coef: 0,
      adam_beta1: 0.9,
      adam_beta2: 0.999,
      adam_epsilon: 1e-8,
      weight_decay: 0,
      max_grad_norm: 1,
    });
  });

  test('is not shared between callers', () => {
    expect(defaultExperiment().method).not.toBe(defaultExperiment().method);
    expect(defaultExperiment().rewards).not.toBe(defaultExperiment().rewards);
  });

  test('that was parsed parses to itself', () => {
    const experiment = accepted(JSON.parse(EXAMPLE));
    expect(accepted(JSON.parse(JSON.stringify(experiment)))).toEqual(experiment);
  });
});

describe('a problem', () => {
  test('names the field, the value and what is allowed', () => {
    expect(problems({ method: { epsilon: 9 } })).toEqual({
      'method.epsilon': 'method.epsilon is 9; allowed is 0 to 1',
    });
    const speed = { rewards: [{ term: 'answer' }, { term: 'speed' }] };
    expect(problems(speed)['rewards.1.term']).toMatch(/^rewards\.1\.term is unknown: "speed"/);
    expect(problems({ task: { id: 'chess' } })['task.id']).toMatch(
      /is unknown: "chess"; allowed is/,
    );
    expect(problems({ rewards: [{}] })['rewards.0.term']).toMatch(/is missing/);
  });

  test('is found for every bad field at once', () => {
    const found = problems({
      version: 2,
      seed: 1.5,
      stepz: 3,
      policy: 'https://example.org/model',
      method: { loss_type: 'ppo', num_generations: 1, beta: null, delta: '2', top_p: 0 },
      evaluation: null,
    });
    expect(Object.keys(found).sort()).toEqual([
      'evaluation',
      'method.beta',
      'method.delta',
      'method.loss_type',
      'method.num_generations',
      'method.top_p',
      'policy',
      'seed',
      'stepz',
      'version',
    ]);
  });

  test.each([
    ['a group of one', { method: { num_generations: 1 } }, 'method.num_generations'],
    ['a cap within the clip', { method: { delta: 1.2 } }, 'method.delta'],
    ['warm-up of a constant rate', { method: { warmup_steps: 5 } }, 'method.warmup_steps'],
    ['a policy that is not there', { policy: 'policies/nobody' }, 'policy'],
    ['a term twice', { rewards: [{ term: 'answer' }, { term: 'answer' }] }, 'rewards.1.term'],
    [
      'too many completions a step',
      { method: { prompts_per_step: 256, num_generations: 128 } },
      'method.prompts_per_step',
    ],
    [
      'too many completions an evaluation',
      { evaluation: { prompts: 1024, samples: 64 } },
      'evaluation.prompts',
    ],
    [
      'a permuted reward that is then averaged again',
      { method: { name: 'vineppo' }, rewards: [{ term: 'answer', permuted: true }] },
      'rewards.0.permuted',
    ],
    [
      'rewards of tokens, permuted among answers',
      { method: { name: 'airl', permuted: true, advantage_form: 'token' } },
      'method.permuted',
    ],
    ['no reward', { rewards: [] }, 'rewards'],
    ['another task’s option', { task: { id: 'chain', form: 'small' } }, 'task.form'],
    [
      'options that contradict',
      { task: { id: 'chain', min_terms: 5, max_terms: 3 } },
      'task.min_terms',
    ],
    ['NaN', { method: { learning_rate: Number.NaN } }, 'method.learning_rate'],
    ['infinity', { method: { learning_rate: Number.POSITIVE_INFINITY } }, 'method.learning_rate'],
  ])('is %s', (_, json, field) => {
    const found = problems(json);
    expect(Object.keys(found)).toEqual([field]);
    expect(found[field].startsWith(field)).toBe(true);
  });

  test('is not a policy that the caller knows', () => {
    const json = { policy: 'policies/mine' };
    expect(parseExperiment(json, { policies: ['policies/mine'] }).ok).toBe(true);
  });
});

describe('hostile input is refused, and changes nothing', () => {
  test.each([undefined, null, 3, 'x', true, [], () => 1])('what is no object: %s', (json) => {
    expect(problems(json)).toHaveProperty('experiment');
  });

  test('objects that JSON cannot give', () => {
    expect(problems({ method: new Map() })).toHaveProperty('method');
    expect(problems({ task: new Date(0) })).toHaveProperty('task');
    expect(parseExperiment(Object.create({ seed: 5 })).ok).toBe(false);
  });

  test('keys that reach for a prototype', () => {
    for (const key of ['__proto__', 'constructor', 'prototype', 'toString']) {
      const json = JSON.parse(`{"objective":{"${key}":{"polluted":1}},"${key}":{"seed":9}}`);
      expect(Object.keys(problems(json)).sort()).toEqual([key, `objective.${key}`].sort());
    }
    expect(problems({ task: { id: '__proto__' } })).toHaveProperty('task.id');
    expect(problems({ rewards: [{ term: 'constructor' }] })).toHaveProperty('rewards.0.term');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('deep nesting', () => {
    const depth = 20_000;
    const json = JSON.parse(`${'{"objective":'.repeat(depth)}1${'}'.repeat(depth)}`);
    expect(parseExperiment(json).ok).toBe(false);
  });

  test('long texts, lists and key sets give short notices', () => {
    const long = 'x'.repeat(1_000_000);
    const many = Object.fromEntries(Array.from({ length: 1500 }, (_, i) => [`k${i}`, i]));
    for (const json of [
      { policy: long },
      { [long]: 1 },
      { rewards: Array.from({ length: 100_000 }, () => ({ term: 'answer' })) },
      { task: { id: long } },
      many,
    ]) {
      const parsed = parseExperiment(json);
      expect(parsed.ok).toBe(false);
      expect(JSON.stringify(parsed).length).toBeLessThan(3000);
    }
  });

  test('what cannot be seen in a text is spelled out', () => {
    expect(problems({ task: { id: 'a\u202eb' } })['task.id']).toContain('a\\u{202e}b');
  });
});
