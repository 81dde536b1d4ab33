/** The coefficients that the page shows are those that train: a step is played, and its samples are read back. */
import { describe, expect, test } from 'vitest';
import { parseExperiment } from '../../rl/experiment/schema.ts';
import { withColumns } from '../../rl/learn/example.ts';
import { flat } from '../../rl/learn/learn.ts';
import { grpoLoss } from '../../rl/methods/grpo.ts';
import { APART, completionOf, LOGP, playStep } from '../../rl/methods/testing.ts';
import {
  EVERY_LOSS,
  type EveryLoss,
  moved,
  settingsUnder,
  underEveryLoss,
} from '../../rl/objectives/every-loss.ts';
import { LOSS_TYPES, OBJECTIVE_DEFAULTS } from '../../rl/objectives/settings.ts';
import { createTask } from '../../rl/tasks/index.ts';
import { stepBatch } from './step-batch.ts';

const task = createTask(APART);
const GROUPS = 3;
const REWARDS = [1.1, 0.1, 0.1, 0, 1, 0, 1, 0.1, 0.3];
const TEXTS = ['1+1=2', '1+1=3;4', '9', '12', '1+2=3', '1', '7+7=14;14', '8', '3+3=6'];

function parsedOf(experiment: object) {
  const parsed = parseExperiment({ policy: 'policies/chain-dialects', steps: 9, ...experiment });
  if (!parsed.ok) throw new Error(parsed.problems[0].message);
  return parsed.experiment;
}

/** Plays a step of a method, of which the samples of two groups of three are kept. */
async function play(method: object) {
  const experiment = {
    task: APART,
    method: { name: 'grpo', num_generations: 3, prompts_per_step: GROUPS, ...method },
  };
  const ref = TEXTS.map((_, i) => -0.3 - 0.05 * i);
  const { report, lessons } = await playStep(experiment, {
    sampleGroups: 2,
    sample: async () =>
      TEXTS.map((text, i) =>
        completionOf(task.question('train', Math.floor(i / 3), 1), text, {
          ...{ group: Math.floor(i / 3), truncated: i % 4 === 1 },
        }),
      ),
    reward: async () => ({ totals: REWARDS, terms: new Map(), metrics: {} }),
    withReference: async (examples) =>
      examples.map((example, i) =>
        withColumns(example, { ref: example.completion.map(() => ref[i]) }),
      ),
    score: async (examples) => ({
      logprobs: examples.map(({ completion: c }) => new Float32Array(c.length).fill(LOGP)),
      values: examples.map(({ completion: c }) => Float32Array.from(c, (_, t) => 0.25 + 0.125 * t)),
    }),
  });
  const parsed = parsedOf(experiment);
  const row = { step: 1 };
  for (const [name, value] of Object.entries(report.metrics)) Object.assign(row, { [name]: value });
  const batch = stepBatch(report.samples, row, parsed.method);
  if (!batch) throw new Error('the step has no batch');
  return { batch, lesson: lessons[0], report };
}

type Batch = Awaited<ReturnType<typeof play>>['batch'];

/** One loss on all kept answers of a batch, unmoved. */
function under({ groups, size, settings, trained }: Batch, loss: EveryLoss) {
  const answers = groups.flatMap((group) => group.answers);
  const all = underEveryLoss(
    answers,
    answers.map(({ old }) => old),
    size,
    (one) => settingsUnder(one, settings, trained),
  );
  const found = all.find((one) => one.loss === loss);
  if (!found) throw new Error(`${loss} is not there`);
  return found.answers;
}

function expectRows(
  actual: readonly ArrayLike<number>[],
  expected: readonly ArrayLike<number>[],
  digits = 12,
) {
  expect(actual.length).toBe(6);
  actual.forEach((row, i) => {
    expect(row.length).toBe(expected[i].length);
    Array.from(row).forEach((value, t) => {
      expect(value, `answer ${i}, token ${t}`).toBeCloseTo(expected[i][t], digits);
    });
  });
}

describe('the coefficients beside each other', () => {
  test.each(LOSS_TYPES)('are those of a %s step that was played', async (loss_type) => {
    const { batch, lesson } = await play({
      loss_type,
      epsilon_high: loss_type === 'cispo' ? 5 : null,
    });
    expect(batch.trained).toBe(loss_type);
    expectRows(
      under(batch, loss_type).map(({ coefficients }) => coefficients),
      lesson.slopes,
    );
    expect(lesson.slopes.flat().some((slope) => slope !== 0)).toBe(true);
  });

  test.each([
    { mask_truncated_completions: true },
    { scale_rewards: 'none' },
    { importance_sampling_level: 'sequence' },
  ])('and of one with %o', async (changes) => {
    const { batch, lesson } = await play({ loss_type: 'dapo', ...changes });
    expectRows(
      under(batch, 'dapo').map(({ coefficients }) => coefficients),
      lesson.slopes,
    );
  });

  test('and of one with a reference, whose log-probs the samples have with four decimals', async () => {
    const { batch, lesson } = await play({ loss_type: 'grpo', beta: 0.2 });
    const rows = under(batch, 'grpo');
    expectRows(
      rows.map(({ coefficients }) => coefficients),
      lesson.slopes,
    );
    const [{ coefficients, policy }] = rows;
    expect(coefficients[0]).not.toBe(policy[0]);
  });

  test('and of a PPO step, whose advantages the samples have with four decimals', async () => {
    const { batch, lesson } = await play({ name: 'ppo', num_ppo_epochs: 1 });
    expect([batch.trained, batch.critic]).toEqual(['ppo', 'run']);
    expectRows(
      under(batch, 'ppo').map(({ coefficients }) => coefficients),
      lesson.slopes,
      5,
    );
  });
});

describe('a batch', () => {
  test('knows the tokens of answers that were not kept', async () => {
    const { batch, lesson } = await play({ loss_type: 'dapo' });
    expect(batch.groups.length).toBe(2);
    const tokens = lesson.examples.reduce((sum, { completion }) => sum + completion.length, 0);
    expect(batch.size).toEqual({ completions: 9, activeTokens: tokens });
  });

  test('of answers that nothing rewards is none', async () => {
    const { report } = await play({});
    const { method } = parsedOf({ task: APART });
    const bare = report.samples.map((group) => ({
      ...group,
      completions: group.completions.map(({ reward, ...record }) => record),
    }));
    expect(stepBatch(bare, { step: 1, 'completions/mean_length': 5 }, method)).toBeNull();
    expect(stepBatch(report.samples, undefined, method)).toBeNull();
  });
});

describe('a policy that has moved', () => {
  test('has the coefficients of a later pass, and the tokens that are held are those that the metrics count', async () => {
    const { batch, lesson } = await play({ loss_type: 'dapo', epsilon_high: 0.28 });
    const answers = batch.groups.flatMap((group) => group.answers);
    const logp = answers.map((answer) => moved(answer, { by: 'update', amount: 0.7 }));
    for (const loss of LOSS_TYPES) {
      const settings = settingsUnder(loss, batch.settings, 'dapo');
      const later = grpoLoss(settings);
      const examples = lesson.examples.map((example) =>
        withColumns(example, { old: example.completion.map(() => LOGP) }),
      );
      const kept = examples.slice(0, answers.length);
      let at = 0;
      const spans = logp.map(({ length }) => {
        at += length;
        return { start: at - length, length };
      });
      const { coefficients } = later.of(examples)({
        ...{ examples: kept, spans, column: (name) => flat(kept, name) },
        ...{ logp: logp.flat(), entropy: new Float64Array(at) },
      });
      const shown = underEveryLoss(answers, logp, batch.size, () => settings)[
        EVERY_LOSS.indexOf(loss)
      ].answers;
      expectRows(
        shown.map((one) => one.coefficients),
        spans.map(({ start, length }) =>
          Array.from(coefficients ?? []).slice(start, start + length),
        ),
      );
      const metrics = later.metrics(1);
      const flags = shown.map(({ held }) => held);
      const tokens = flags.flat();
      const sequence = loss === 'gspo';
      const share = sequence
        ? flags.filter(([first]) => first).length / flags.length
        : tokens.filter(Boolean).length / tokens.length;
      if (loss !== 'cispo') expect(share).toBeCloseTo(metrics['clip_ratio/region_mean'] ?? -1, 12);
      if (sequence) expect(share).toBeGreaterThan(0);
    }
  });

  test('moves where the token was unlikely, by the sign of the advantage, or alike', () => {
    const answer = {
      ...{ old: [Math.log(0.5), Math.log(0.9)], advantages: [1, -1], critic: [0, 0] },
      truncated: false,
    };
    const by = (name: 'update' | 'sign' | 'alike') =>
      moved(answer, { by: name, amount: 0.4 }).map((logp, t) => logp - answer.old[t]);
    expect(by('alike')).toEqual([expect.closeTo(0.4), expect.closeTo(0.4)]);
    expect(by('sign')).toEqual([expect.closeTo(0.4), expect.closeTo(-0.4)]);
    expect(by('update')).toEqual([expect.closeTo(0.2), expect.closeTo(-0.04)]);
  });

  test('is bounded by the run’s bounds, and under gspo and cispo by those of their papers', () => {
    const settings = { ...OBJECTIVE_DEFAULTS, epsilon: 0.1, epsilon_high: 0.3 };
    expect(settingsUnder('dapo', settings, 'grpo')).toMatchObject({
      epsilon: 0.1,
      epsilon_high: 0.3,
    });
    expect(settingsUnder('cispo', settings, 'grpo')).toMatchObject({ epsilon_high: 5 });
    expect(settingsUnder('gspo', settings, 'grpo')).toMatchObject({ epsilon: 3e-4 });
    expect(settingsUnder('grpo', settings, 'cispo')).toMatchObject({
      epsilon: 0.2,
      epsilon_high: null,
    });
  });
});
