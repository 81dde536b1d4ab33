/** What a step asks of its learners, with generators that answer at once. */
import { describe, expect, it, vi } from 'vitest';
import type { AdamWSettings } from '../../kernels/optimizer/adamw.ts';
import type { PackedBatch } from '../../model/batch.ts';
import type { GenerateRequest, Generator } from '../../model/generate.ts';
import type { Learner, TokenScores } from '../../model/learner.ts';
import type { Tokenizer } from '../../model/tokenizer.ts';
import { type Experiment, parseExperiment } from '../experiment/schema.ts';
import type { Loss } from '../learn/learn.ts';
import { methods } from '../methods/index.ts';
import { streamKey } from '../random.ts';
import { createTask } from '../tasks/index.ts';
import { PhaseTimer } from './phase-timer.ts';
import { LearnerPart } from './state.ts';
import { StepRun } from './step-run.ts';

const parsed = parseExperiment({
  ...{ seed: 7, task: { id: 'chain' }, policy: 'policies/chain-nano' },
  method: { prompts_per_step: 2, max_completion_length: 8 },
});
if (!parsed.ok) throw new Error(parsed.problems.map((p) => p.message).join());
const { experiment } = parsed;

/** One token a character. */
const tokenizer = {
  encode: (text: string) => [1, ...Array.from(text, (c) => c.charCodeAt(0))],
  decode: (ids: readonly number[]) => String.fromCharCode(...ids),
} as unknown as Tokenizer;

/** Writes the number of the sequence, and keeps what it was asked. */
function generatorOf(sequences: number) {
  const asked: GenerateRequest[] = [];
  const generator = {
    options: { sequences, promptTokens: 1000, positions: 60, budget: 8 },
    generate: async (request: GenerateRequest) => {
      asked.push(request);
      const { prompts, copies, uid } = request;
      return Array.from({ length: prompts.length * copies }, (_, i) => ({
        ...{ ids: [65 + uid + i], logprobs: [-1], truncated: false },
      }));
    },
  } as unknown as Generator;
  return { asked, generator };
}

function step(
  index = 3,
  sequences = 4,
  learners: ReadonlyMap<string, LearnerPart> = new Map(),
  settings = experiment,
) {
  const [policy, other] = [generatorOf(sequences), generatorOf(sequences)];
  const run = new StepRun(index, {
    ...{ experiment: settings, tokenizer, task: createTask(experiment.task), terms: [] },
    generators: new Map([
      ['policy', policy.generator],
      ['judge', other.generator],
    ]),
    ...{ learners, copies: new Map(), stores: new Map(), receivers: undefined },
    plan: { microBatchTokens: 64, tokenBucket: 8 },
    ...{ timer: new PhaseTimer(() => 0), good: () => undefined },
  });
  return { run, policy, other };
}

const question = createTask(experiment.task).question('train', 0, 1);
const request = (prompts: readonly string[]) => ({
  ...{ role: 'critic', copies: 2, stream: 'verdicts' },
  asked: prompts.map((prompt) => ({ question, prompt })),
});

it('completes any prompts in waves that fit, each prompt a group, each completion with noise of its own', async () => {
  const { run, policy } = step();
  const prompts = ['one', 'two', 'three', 'four', 'five'];
  const written = await run.write(request(prompts));
  expect(policy.asked.map(({ prompts: own, uid }) => [own.length, uid])).toEqual([
    [2, 0],
    [2, 4],
    [1, 8],
  ]);
  expect(written.map(({ text }) => text).join('')).toBe('ABCDEFGHIJ');
  expect(written.map(({ group }) => group)).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
  expect(written.map(({ prompt }) => prompt)).toEqual(prompts.flatMap((p) => [p, p]));
  expect(new Set(written.map(({ role }) => role))).toEqual(new Set(['critic']));
});

it('draws by the name of the stream and by the step, and refuses a stream twice', async () => {
  const { run, policy } = step(3);
  await run.write(request(['one']));
  expect(policy.asked[0].key).toEqual(streamKey(7, 'write/verdicts/3'));
  await expect(run.write(request(['two']))).rejects.toThrow(/verdicts/);
  await run.write({ ...request(['two']), stream: 'replayed' });
  expect(policy.asked).toHaveLength(2);
});

it('asks the learner that is named, and refuses one that does not write', async () => {
  const { run, policy, other } = step();
  await run.write({ ...request(['one']), learner: 'judge', budget: 5 });
  expect([policy.asked.length, other.asked.length]).toEqual([0, 1]);
  expect(other.asked[0].budgets).toEqual([5]);
  const nobody = { ...request(['one']), learner: 'nobody', stream: 'more' };
  await expect(run.write(nobody)).rejects.toThrow(RangeError);
});

it('refuses a prompt that is too long with its budget, and asks nothing', async () => {
  const { run, policy } = step();
  await expect(run.write(request(['short', 'x'.repeat(52)]))).rejects.toMatchObject({
    kind: 'BadConfig',
    field: 'method.max_completion_length',
    message: expect.stringMatching(/critic has 53 tokens and 8 more/),
  });
  expect(policy.asked).toEqual([]);
});

it('samples and goes on with the streams and numbers of before', async () => {
  const { run, policy } = step(3);
  const answers = await run.sample(2);
  expect(policy.asked[0]).toMatchObject({ key: streamKey(7, 'sample'), uid: 12, budgets: [8, 8] });
  expect(answers.map(({ role, prompt }) => [role, prompt])).toEqual(
    answers.map(() => ['solver', undefined]),
  );
  const begun = answers.map((completion) => ({ completion, at: 1 }));
  const rests = await run.goOn(begun, 2);
  const [, first, second] = policy.asked;
  expect(first).toMatchObject({ key: streamKey(7, 'go-on/3'), uid: 0, budgets: [7, 7] });
  expect(second).toMatchObject({ uid: 4 });
  expect(rests.map(({ group }) => group)).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
});

describe('learning', () => {
  /** A learner that keeps AdamW's settings of its updates. Its log-probs can be spoiled. */
  function part(name: string, logprob = -1) {
    const updates: AdamWSettings[] = [];
    const learner = {
      accumulate: async ({ targetCount }: PackedBatch, of: (scores: TokenScores) => unknown) => {
        const logprobs = new Float32Array(targetCount).fill(logprob);
        of({ logprobs, entropies: logprobs });
      },
      update: async (settings: AdamWSettings) => {
        updates.push(settings);
        return { gradNorm: 1, finite: true };
      },
      snapshot: () => undefined,
    };
    return { updates, part: new LearnerPart(name, learner as unknown as Learner) };
  }

  const examples = Array.from({ length: 4 }, () => ({
    ...{ role: 'solver', group: 0, truncated: false, columns: {} },
    ...{ prompt: [1], completion: [2, 3] },
  }));
  const loss: Loss = () => () => ({ loss: 0 });
  const steps = (updates: readonly AdamWSettings[]) => updates.map((settings) => settings.step);

  it('counts the updates of each learner on, over calls and over steps', async () => {
    const [policy, judge] = [part('policy'), part('judge')];
    const learners = new Map([
      ['policy', policy.part],
      ['judge', judge.part],
    ]);
    const shuffle = { stream: 'test', minibatches: 2 };
    const first = step(0, 4, learners).run;
    await first.learn(examples, loss, {});
    await first.learn(examples, loss, { passes: 2, shuffle });
    const second = step(1, 4, learners).run;
    await second.learn(examples, loss, { shuffle }, 'judge');
    await second.learn(examples, loss, {});
    // One example fills one of two minibatches; the count goes on as if it filled both.
    await second.learn(examples.slice(1, 2), loss, { shuffle }, 'judge');
    await second.learn(examples, loss, {}, 'judge');
    expect(steps(policy.updates)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(steps(judge.updates)).toEqual([1, 2, 3, 5]);
  });

  it('counts the policy of an earlier build’s checkpoint by the steps done', async () => {
    const policy = part('policy');
    const { run } = step(10, 4, new Map([['policy', policy.part]]));
    await run.learn(examples, loss, { passes: 3 });
    expect(steps(policy.updates)).toEqual([31, 32, 33]);
  });

  it('gives each learner its own rate and clip, and names whose number was not finite', async () => {
    const need = { rate: 'entropy_coef', clip: 'delta' };
    vi.spyOn(methods.grpo, 'needs').mockReturnValue({ policy: {}, learners: { judge: need } });
    const method = { ...experiment.method, entropy_coef: 0.25, delta: 3 };
    const [policy, judge] = [part('policy'), part('judge')];
    const bad = part('judge', Number.NaN).part;
    const withJudge = (own: LearnerPart) =>
      step(
        0,
        4,
        new Map([
          ['policy', policy.part],
          ['judge', own],
        ]),
        { ...experiment, method } as Experiment,
      ).run;
    await withJudge(judge.part).learn(examples, loss, {}, 'judge');
    await withJudge(judge.part).learn(examples, loss, {});
    expect(judge.updates[0]).toMatchObject({ learningRate: 0.25, maxGradNorm: 3 });
    const { learning_rate: learningRate, max_grad_norm: maxGradNorm } = experiment.method;
    expect(policy.updates[0]).toMatchObject({ learningRate, maxGradNorm });
    await expect(withJudge(bad).learn(examples, loss, {}, 'judge')).rejects.toMatchObject({
      ...{ kind: 'NonFinite', learner: 'judge', field: 'method.entropy_coef' },
    });
    vi.restoreAllMocks();
  });
});
