/** AIRL's step on a script: who is told from whom, what is paid for which token, in which order, and who may ask the verifier. No model. */
import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../experiment/schema.ts';
import { constant, type Example } from '../learn/example.ts';
import { flat } from '../learn/learn.ts';
import { Replay } from '../learn/replay.ts';
import { meanOf } from '../rewards/combine.ts';
import type { Completion } from '../rewards/reward.ts';
import { createTask } from '../tasks/index.ts';
import type { Task, Verdict } from '../tasks/task.ts';
import { methodOf } from './index.ts';
import type { Step } from './method.ts';
import { APART, completionOf, LOGP, tokenizer } from './testing.ts';

const task = createTask(APART);
const [first, second] = [0, 1].map((i) => task.question('train', i, 1));
const expertOf = (question: typeof first) => task.expertTrace(question, {} as never);

const RIGHT = [expertOf(first), expertOf(second)];
const WRONG = '1+1=0;0';
/** Two answers to each of two questions. */
const answers = [
  completionOf(first, RIGHT[0]),
  completionOf(first, WRONG),
  completionOf(second, WRONG, { group: 1 }),
  completionOf(second, '9', { group: 1, truncated: true }),
];

function verdictOf({ question, text }: Completion): Verdict {
  const verdict = task.verify?.(question, text);
  if (!verdict) throw new Error('no verifier');
  return verdict;
}

interface Lesson {
  readonly learner: string;
  readonly passes: number;
  readonly examples: readonly Example[];
  /** dLoss/dlogp, or dLoss/dlogit of the discriminator, per example. */
  readonly slopes: readonly (readonly number[])[];
}

interface Script {
  readonly method?: object;
  readonly completions?: readonly Completion[];
  readonly index?: number;
  readonly store?: Replay;
  readonly positions?: number;
  /** The discriminator's logits after so many updates. */
  readonly logits?: (example: Example, updates: number) => ArrayLike<number>;
  readonly verdict?: (completion: Completion) => Verdict;
  readonly inTask?: Task;
}

const byLength = ({ completion }: Example): Float32Array =>
  Float32Array.from(completion, (_, t) => 0.5 - t / 4);

async function play({
  method = {},
  completions = answers,
  index = 100,
  store = new Replay('rollouts', 50),
  positions = 128,
  logits = byLength,
  verdict = verdictOf,
  inTask = task,
}: Script = {}) {
  const parsed = parseExperiment({
    ...{ policy: 'policies/chain-dialects', task: APART, steps: 200 },
    method: {
      ...{ name: 'airl', num_generations: 2, prompts_per_step: 2, reward_updates: 2 },
      ...{ replay_share: 0, perturbed_share: 0, scale_rewards: 'none' },
      ...method,
    },
  });
  if (!parsed.ok) throw new Error(parsed.problems[0].message);
  const lessons: Lesson[] = [];
  const log: string[] = [];
  let updates = 0;
  let asked = 0;
  const step: Partial<Step> = {
    ...{ index, steps: 200, seed: 1, task: inTask, tokenizer, sampleGroups: 2, positions },
    sample: async () => [...completions],
    store: () => store,
    verdicts: (all) => {
      asked += 1;
      return all.map(verdict);
    },
    rate: (peak) => peak,
    score: async (examples, learner = 'policy') => {
      log.push(`score ${learner}`);
      const values = examples.map((example) => Float32Array.from(logits(example, updates)));
      return { logprobs: examples.map(() => new Float32Array()), values };
    },
    withReference: async (examples) =>
      examples.map((example) => ({
        ...example,
        columns: { ...example.columns, ref: constant(LOGP, example.completion.length) },
      })),
    learn: async (examples, loss, { passes = 1 }, learner = 'policy') => {
      log.push(`learn ${learner}`);
      let start = 0;
      const spans = examples.map(({ completion: { length } }) => {
        start += length;
        return { start: start - length, length };
      });
      const own = learner === 'discriminator';
      const values = examples.flatMap((example) => [
        ...Float32Array.from(logits(example, updates)),
      ]);
      const all = new Float64Array(start).fill(LOGP);
      let slopes: readonly number[] = [];
      for (let pass = 0; pass < passes; pass++) {
        const gradient = loss(examples)({
          ...{ examples, spans, column: (name) => flat(examples, name) },
          ...(own
            ? { values, logp: new Float32Array(), entropy: new Float32Array() }
            : { logp: all, entropy: new Float64Array(start) }),
        });
        slopes = Array.from((own ? gradient.valueCoefficients : gradient.coefficients) ?? []);
      }
      if (own) updates += passes;
      lessons.push({
        ...{ learner, passes, examples },
        slopes: spans.map(({ start: from, length }) => slopes.slice(from, from + length)),
      });
      return {
        updates: Array.from({ length: passes }, () => ({ gradNorm: 1, finite: true })),
        logprobs: examples.map(({ completion: c }) => new Float32Array(c.length).fill(LOGP)),
      };
    },
  };
  const report = await methodOf(parsed.experiment.method).step(step as Step);
  const of = (learner: string) => lessons.find((lesson) => lesson.learner === learner);
  return { report, lessons, log, store, asked, taught: of('discriminator'), learned: of('policy') };
}

const textOf = ({ completion }: Example) => tokenizer.decode([...completion]);
const roles = (lesson?: Lesson) => lesson?.examples.map(({ role }) => role);
const column = (lesson: Lesson | undefined, name: string) =>
  lesson?.examples.map(({ columns }) => Array.from(columns[name]));

describe('the discriminator', () => {
  it('tells the step’s completions from one expert each, equal experts as one that counts twice', async () => {
    const { taught } = await play();
    expect(roles(taught)).toEqual(['expert', 'solver', 'solver', 'expert', 'solver', 'solver']);
    expect(taught?.examples.filter(({ role }) => role === 'expert').map(textOf)).toEqual(RIGHT);
    expect(column(taught, 'copies')?.map(([count]) => count)).toEqual([2, 1, 1, 2, 1, 1]);
    expect(column(taught, 'expert')?.map(([label]) => label)).toEqual([1, 0, 0, 1, 0, 0]);
    expect(taught?.passes).toBe(2);
    for (const { prompt, question } of taught?.examples ?? [])
      expect(prompt).toEqual(tokenizer.encode(question?.prompt ?? '', { addSpecial: true }));
  });

  it.each([
    ['sparse', {}],
    ['step', {}],
    ['interval', { interval: 4 }],
    ['dense', {}],
  ])('is read and taught at the places of its granularity (%s)', async (granularity, more) => {
    const { taught } = await play({ method: { granularity, ...more } });
    const read = column(taught, 'read') ?? [];
    taught?.slopes.forEach((slopes, i) => {
      expect(slopes.map((slope) => Number(slope !== 0))).toEqual(read[i]);
    });
    // 1+1=0;0 and the end token.
    expect(read[2]).toEqual(
      {
        sparse: [0, 0, 0, 0, 0, 0, 0, 1],
        step: [0, 0, 0, 0, 0, 1, 1, 1],
        interval: [0, 0, 0, 1, 0, 0, 0, 1],
        dense: [1, 1, 1, 1, 1, 1, 1, 1],
      }[granularity],
    );
    expect(read[5]).toEqual([1]);
  });

  it('is shown perturbed experts, evenly spread, each with its own question', async () => {
    const { taught, report } = await play({ method: { perturbed_share: 0.5 } });
    const perturbed = taught?.examples.filter(({ role }) => role === 'perturbed') ?? [];
    expect(perturbed.map(({ group }) => group)).toEqual([0, 1]);
    for (const example of perturbed) {
      expect(textOf(example)).not.toBe(RIGHT[example.group]);
      expect(example.prompt).toEqual(answers[2 * example.group].promptIds);
      expect(example.columns.expert[0]).toBe(0);
    }
    expect(report.metrics['discriminator/perturbed']).not.toBeNull();
  });

  it('is shown completions of earlier steps, after their own questions, and keeps those of this one', async () => {
    const store = new Replay('rollouts', 50);
    const method = { replay_share: 0.5 };
    await play({ method, store, index: 97 });
    expect(store.size).toBe(4);
    const { taught, report } = await play({ method, store });
    const replayed = taught?.examples.filter(({ role }) => role === 'replayed') ?? [];
    expect(replayed.map(textOf).sort()).toEqual(answers.map(({ text }) => text).sort());
    for (const { prompt, question } of replayed)
      expect(prompt).toEqual(tokenizer.encode(question?.prompt ?? '', { addSpecial: true }));
    expect(report.metrics['discriminator/replay_age']).toBe(3);
    expect(store.size).toBe(8);
  });

  it('compares pairs of one question at the last token where its loss is GAD’s', async () => {
    const store = new Replay('rollouts', 50);
    const method = {
      ...{ reward_loss: 'pairwise', granularity: 'sparse', replay_share: 0.5 },
      perturbed_share: 0.25,
    };
    await play({ method, store });
    const { taught } = await play({ method, store });
    expect(taught?.examples.length).toBe(2 * (4 + 1 + 4));
    taught?.examples.forEach(({ role, pair, prompt, completion }, i) => {
      expect([role === 'expert', pair]).toEqual([i % 2 === 0, Math.floor(i / 2)]);
      expect(prompt).toEqual(taught.examples[i - (i % 2)].prompt);
      expect(taught.slopes[i].map((slope) => slope !== 0)).toEqual(
        completion.map((_, t) => t === completion.length - 1),
      );
    });
  });

  it('learns from wrong experts where the control asks for them', async () => {
    const { taught, report } = await play({ method: { expert_noise: 1 } });
    const experts = taught?.examples.filter(({ role }) => role === 'expert') ?? [];
    for (const example of experts) {
      const { group } = example;
      expect(task.verify?.([first, second][group], textOf(example)).correct).toBe(false);
    }
    expect(report.metrics['discriminator/expert_wrong']).toBe(1);
    expect((await play()).report.metrics).not.toHaveProperty('discriminator/expert_wrong');
  });

  it('learns nothing in a step without any expert’s trace, and the step goes on', async () => {
    const silent = Object.assign(createTask(APART), { expertTrace: () => '' });
    const { taught, learned, report } = await play({ inTask: silent });
    expect(taught).toBeUndefined();
    expect(learned?.examples.length).toBe(4);
    expect(report.metrics).toMatchObject({ 'discriminator/experts': 0 });
  });

  it('refuses an expert’s trace that does not fit, by the setting to change', async () => {
    const refused = { kind: 'BadConfig', field: 'method.max_completion_length' };
    await expect(play({ positions: 12 })).rejects.toMatchObject(refused);
  });
});

describe('the reward', () => {
  it('is the clipped logit, filled back, and the mean over tokens makes GRPO’s advantages', async () => {
    const logits = ({ completion }: Example) => completion.map((_, t) => t - 4);
    const method = { granularity: 'interval', interval: 3, reward_clip: 2 };
    const { learned, report } = await play({ method, logits });
    // 1+1=0;0 and its end: read at 2, 5 and 7 as -2, 1 and 3, which is clipped.
    const wrong = [-2, -2, -2, 1, 1, 1, 2, 2];
    const sample = report.samples[0].completions[1];
    expect(sample.tokens.learned_reward).toEqual(wrong);
    expect(sample.tokens.learned_logit).toEqual([-4, -3, -2, -1, 0, 1, 2, 3]);
    // The other answer to the second question has one token, whose reward is -2.
    const lead = ((meanOf(wrong) ?? 0) + 2) / 2;
    const advantages = column(learned, 'advantage') ?? [];
    expect(advantages[2]).toEqual(wrong.map(() => expect.closeTo(lead, 12)));
    expect(advantages[3]).toEqual([expect.closeTo(-lead, 12)]);
    expect(report.metrics['rewards/learned/mean']).toBeCloseTo(Number(report.metrics.reward), 12);
  });

  it('permuted is another’s of the group, on every token alike, and the records say whose', async () => {
    const completions = Array.from({ length: 6 }, (_, i) =>
      completionOf(first, i % 2 === 0 ? RIGHT[0] : '9', { group: 0 }),
    );
    const logits = ({ completion }: Example) => completion.map(() => completion.length / 8);
    const method = { num_generations: 6, prompts_per_step: 1 };
    const plain = await play({ completions, method, logits });
    const control = await play({ completions, method: { ...method, permuted: true }, logits });
    const own = plain.report.samples[0].completions.map(({ rewards }) => rewards.learned);
    const records = control.report.samples[0].completions;
    expect(records.map(({ rewards }) => rewards.learned)).not.toEqual(own);
    const mean = meanOf(own.map(Number)) ?? 0;
    records.forEach(({ rewards, shown, tokens }, i) => {
      expect(shown?.learned.measured).toBe(own[i]);
      expect(rewards.learned).toBe(own[Number(shown?.learned.permuted_from)]);
      expect(tokens.learned_reward).toEqual(completions[i].completionIds.map(() => own[i]));
      const advantages = column(control.learned, 'advantage')?.[i];
      expect(advantages).toEqual(
        completions[i].completionIds.map(() => expect.closeTo(Number(rewards.learned) - mean, 12)),
      );
    });
    expect(control.taught).toEqual(plain.taught);
  });

  it('token by token is compared with the group’s last tokens and discounted from the end', async () => {
    const logits = ({ completion }: Example) => completion.map((_, t) => t / 8);
    const method = { advantage_form: 'token', gamma: 0.5 };
    const { learned, report } = await play({ method, logits });
    const [, , long, short] = column(learned, 'advantage') ?? [];
    // Last rewards 7/8 and 0.
    const s = 7 / 8 / Math.SQRT2 + 1e-4;
    const a = Array.from({ length: 8 }, (_, t) => (t / 8 - 7 / 16) / s);
    expect(long[7]).toBeCloseTo(a[7], 12);
    expect(long[5]).toBeCloseTo(a[5] + 0.5 * (a[6] + 0.5 * a[7]), 12);
    expect(short[0]).toBeCloseTo(-7 / 16 / s, 12);
    expect(report.samples[1].completions[0].tokens.advantage?.length).toBe(8);
  });

  it('pushes the policy towards what the discriminator takes for the expert’s', async () => {
    const likes = ({ completion }: Example) =>
      completion.map(() => (completion.length > 1 ? 1 : -1));
    const { learned } = await play({ logits: likes });
    const [, , liked, disliked] = learned?.slopes ?? [];
    for (const slope of liked) expect(slope).toBeLessThan(0);
    for (const slope of disliked) expect(slope).toBeGreaterThan(0);
  });

  it('teaches nothing, and is a number, where the discriminator has collapsed', async () => {
    for (const advantage_form of ['mean', 'token'])
      for (const logit of [0, 1e30, -1e30]) {
        const logits = ({ completion }: Example) => completion.map(() => logit);
        const { learned, report } = await play({ method: { advantage_form }, logits });
        expect(new Set(learned?.slopes.flat().map(Math.abs))).toEqual(new Set([0]));
        expect(learned?.examples.every(({ weightless }) => weightless)).toBe(true);
        expect(report.metrics['discriminator/clipped']).toBe(logit === 0 ? 0 : 1);
        for (const [name, value] of Object.entries(report.metrics))
          expect(Number.isNaN(value), name).toBe(false);
      }
  });

  it('leaves a completion without tokens out', async () => {
    const empty: Completion = { ...answers[1], completionIds: [], logprobs: [], text: '' };
    const { learned, taught, store } = await play({ completions: answers.with(1, empty) });
    expect(
      column(learned, 'advantage')
        ?.slice(0, 2)
        .flat()
        .every((a) => a === 0),
    ).toBe(true);
    expect(roles(taught)).toEqual(['expert', 'solver', 'expert', 'solver', 'solver']);
    expect(store.size).toBe(3);
  });
});

describe('the order of a step', () => {
  const grows = ({ completion }: Example, updates: number) => completion.map(() => updates / 4);

  it('is the authors’: the discriminator learns, then scores; the switch turns it', async () => {
    const before = await play({ logits: grows });
    expect(before.log).toEqual(['learn discriminator', 'score discriminator', 'learn policy']);
    expect(before.report.metrics['rewards/learned/mean']).toBe(0.5);
    const after = await play({ logits: grows, method: { reward_order: 'score_first' } });
    expect(after.log).toEqual(['score discriminator', 'learn discriminator', 'learn policy']);
    expect(after.report.metrics['rewards/learned/mean']).toBe(0);
  });

  it('leaves the policy alone during the discriminator’s own steps', async () => {
    const method = { reward_warmup_steps: 5 };
    const early = await play({ index: 4, method });
    expect(early.log).toEqual(['learn discriminator', 'score discriminator']);
    expect(early.report.metrics).toMatchObject({ learning_rate: 0, accuracy: 0.25 });
    expect((await play({ index: 5, method })).learned).toBeDefined();
  });

  it('leaves the discriminator alone after them where it is frozen', async () => {
    const method = { reward_warmup_steps: 5, freeze_reward: true };
    expect((await play({ index: 4, method })).log).toContain('learn discriminator');
    expect((await play({ index: 5, method })).log).toEqual(['score discriminator', 'learn policy']);
  });
});

describe('the verifier', () => {
  const turned = (completion: Completion): Verdict => {
    const { correct, ...rest } = verdictOf(completion);
    return { ...rest, correct: !correct };
  };

  it('changes nothing that is learned, kept or paid, whatever it says', async () => {
    const method = { replay_share: 0.5, perturbed_share: 0.5, expert_noise: 0.5 };
    const [honest, lying] = await Promise.all([
      play({ method }),
      play({ method, verdict: turned }),
    ]);
    expect(lying.lessons).toEqual(honest.lessons);
    expect(await lying.store.save()).toEqual(await honest.store.save());
    expect(lying.report.metrics.accuracy).not.toBe(honest.report.metrics.accuracy);
    expect(honest.asked).toBe(1);
  });

  it('moves right completions to the experts under label switching alone', async () => {
    const { taught, report, store } = await play({ method: { label_switching: true } });
    expect(column(taught, 'expert')?.map(([label]) => label)).toEqual([1, 1, 0, 1, 0, 0]);
    expect(roles(taught)?.[1]).toBe('solver');
    expect(report.metrics['discriminator/switched']).toBe(0.25);
    expect(store.size).toBe(3);
  });
});

describe('settings that do not go together', () => {
  const fieldOf = (method: object, more: object = {}) => {
    const parsed = parseExperiment({ task: APART, method: { name: 'airl', ...method }, ...more });
    return parsed.ok ? null : parsed.problems[0].field;
  };

  it.each([
    ['method.advantage_form', { advantage_form: 'token', loss_type: 'gspo' }],
    ['method.advantage_form', { advantage_form: 'token', importance_sampling_level: 'sequence' }],
    ['method.granularity', { reward_loss: 'pairwise' }],
    [
      'method.label_switching',
      { reward_loss: 'pairwise', granularity: 'sparse', label_switching: true },
    ],
    ['method.freeze_reward', { freeze_reward: true, reward_warmup_steps: 0 }],
    ['method.weight_decay', { reward_trunk: 'frozen', weight_decay: 0.1 }],
    ['method.dialects', { dialects: 'unheard' }],
    ['method.interval', { interval: 0 }],
  ])('are refused by name: %s', (field, method) => {
    expect(fieldOf(method)).toBe(field);
  });

  it('do not include the defaults', () => {
    expect(fieldOf({})).toBeNull();
  });
});
