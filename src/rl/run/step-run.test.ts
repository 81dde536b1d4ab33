/** What a step asks of its learners, with generators that answer at once. */
import { expect, it } from 'vitest';
import type { GenerateRequest, Generator } from '../../model/generate.ts';
import type { Tokenizer } from '../../model/tokenizer.ts';
import { parseExperiment } from '../experiment/schema.ts';
import { streamKey } from '../random.ts';
import { createTask } from '../tasks/index.ts';
import { PhaseTimer } from './phase-timer.ts';
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

function step(index = 3, sequences = 4) {
  const [policy, other] = [generatorOf(sequences), generatorOf(sequences)];
  const run = new StepRun(index, {
    ...{ experiment, tokenizer, task: createTask(experiment.task), terms: [] },
    generators: new Map([
      ['policy', policy.generator],
      ['judge', other.generator],
    ]),
    ...{ learners: new Map(), stores: new Map(), receivers: undefined },
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
