/** OPSD on a script: who teaches, what it reads, and what is paid for which token. No model. */
import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../experiment/schema.ts';
import { type Example, withColumns } from '../learn/example.ts';
import type { Completion } from '../rewards/reward.ts';
import { createTask } from '../tasks/index.ts';
import type { Step } from './method.ts';
import { APART, completionOf, LOGP, playStep, tokenizer } from './testing.ts';

const task = createTask(APART);
const [first, second] = [0, 1].map((i) => task.question('train', i, 1));
const textOf = (ids: readonly number[]) => tokenizer.decode([...ids]);
const trace = (question: typeof first) => task.expertTrace(question, {} as never);
const shown = ({ prompt }: typeof first, text: string) => `${prompt.slice(0, -1)}^${text}:`;

/** Two answers to the first question and one to the second. */
const answers = [
  completionOf(first, '1+1=2;2'),
  completionOf(first, '9', { truncated: true }),
  completionOf(second, '1', { group: 1 }),
];

/** Under the teacher each token is less likely than the one before. */
const taughtOf = ({ completion }: Example) => completion.map((_, t) => -t / 4);

async function play(method: object = {}, completions: readonly Completion[] = answers) {
  const asked: { readonly who: string; readonly examples: readonly Example[] }[] = [];
  const means: Partial<Step> = {
    sample: async () => [...completions],
    withReference: async (examples) => {
      asked.push({ who: 'start', examples });
      return examples.map((example) => withColumns(example, { ref: taughtOf(example) }));
    },
    score: async (examples) => {
      asked.push({ who: 'current', examples });
      return { logprobs: examples.map((example) => Float32Array.from(taughtOf(example))) };
    },
  };
  const own = { name: 'opsd', prompts_per_step: 2, loss_type: 'dr_grpo', ...method };
  return { ...(await playStep({ task: APART, method: own }, means)), asked };
}

describe('the teacher', () => {
  it('is the policy before the run, with the expert’s trace of its question in the prompt and the policy’s own tokens after it', async () => {
    const { asked } = await play();
    expect(asked.map(({ who }) => who)).toEqual(['start']);
    expect(asked[0].examples.map(({ prompt }) => textOf(prompt))).toEqual(
      [first, first, second].map((question) => shown(question, trace(question))),
    );
    expect(asked[0].examples.map(({ completion }) => completion)).toEqual(
      answers.map(({ completionIds }) => completionIds),
    );
  });

  it('is the policy as it is now, or reads the answer alone, where that is asked for', async () => {
    const { asked } = await play({ teacher: 'current', shown: 'answer' });
    expect(asked.map(({ who }) => who)).toEqual(['current']);
    expect(textOf(asked[0].examples[2].prompt)).toBe(shown(second, task.expertAnswer(second)));
  });

  it('is refused where its prompt leaves no room, by the setting to change', async () => {
    await expect(play({ max_completion_length: 120 })).rejects.toMatchObject({
      ...{ kind: 'BadConfig', field: 'method.max_completion_length' },
    });
  });
});

describe('what is learned', () => {
  it('is to write what the teacher finds likelier, each token by itself', async () => {
    const { lessons, report } = await play();
    const [{ examples, slopes }] = lessons;
    const paid = answers.map(({ completionIds }) => completionIds.map((_, t) => -t / 4 - LOGP));
    // From the question alone.
    expect(examples.map(({ prompt }) => textOf(prompt))).toEqual(
      [first, first, second].map(({ prompt }) => prompt),
    );
    expect(slopes).toEqual(paid.map((row) => row.map((r) => expect.closeTo(-r / (3 * 64), 12))));
    const all = paid.flat();
    const mean = all.reduce((a, b) => a + b) / all.length;
    expect(report.metrics['teacher/divergence']).toBeCloseTo(-mean, 12);
    const [{ completions }] = report.samples;
    expect(completions[0].tokens.taught).toEqual(paid[0]);
    expect(completions[0].tokens.advantage).toEqual(paid[0]);
  });

  it('counts what follows where the discount says so', async () => {
    const { lessons } = await play({ gamma: 0.5 });
    const [a, b] = [0, -0.25].map((teacher) => teacher - LOGP);
    expect(lessons[0].slopes[2]).toEqual(
      [a + 0.5 * b, b].map((advantage) => expect.closeTo(-advantage / (3 * 64), 12)),
    );
  });

  it('is nothing of an answer without tokens, which nobody is asked about', async () => {
    const empty = { ...answers[1], completionIds: [], logprobs: [], text: '' };
    const { asked, lessons, report } = await play({}, answers.with(1, empty));
    expect(asked[0].examples).toHaveLength(2);
    expect(lessons[0].examples[1]).toMatchObject({ weightless: true });
    for (const [name, value] of Object.entries(report.metrics))
      expect(Number.isNaN(value), name).toBe(false);
  });

  it('pays a policy that writes as its teacher nothing', async () => {
    const same = answers.map((answer) => ({
      ...answer,
      logprobs: answer.completionIds.map((_, t) => -t / 4),
    }));
    const { lessons, report } = await play({}, same);
    expect(lessons[0].examples.every(({ weightless }) => weightless)).toBe(true);
    expect(report.metrics['teacher/divergence']).toBeCloseTo(0, 12);
  });

  it('does not depend on the verifier', async () => {
    const { report, lessons } = await play();
    const lying = await playStep(
      { task: APART, method: { name: 'opsd', prompts_per_step: 2, loss_type: 'dr_grpo' } },
      {
        sample: async () => [...answers],
        withReference: async (examples) =>
          examples.map((example) => withColumns(example, { ref: taughtOf(example) })),
        verdicts: (all) => all.map(() => ({ correct: true, wellFormed: true, answer: null })),
      },
    );
    expect(lying.lessons).toEqual(lessons);
    expect(lying.report.metrics.accuracy).not.toBe(report.metrics.accuracy);
  });
});

it.each([
  ['method.loss_type', { loss_type: 'gspo' }],
  ['method.dialects', { dialects: 'unheard' }],
  ['method.teacher', { teacher: 'somebody' }],
  ['method.delta', { delta: 1.1 }],
])('refuses by name: %s', (field, method) => {
  const parsed = parseExperiment({ task: APART, method: { name: 'opsd', ...method } });
  expect(parsed).toMatchObject({ ok: false, problems: [{ field }] });
});

it('takes the rest as it is', () => {
  expect(parseExperiment({ task: APART, method: { name: 'opsd' } }).ok).toBe(true);
});
