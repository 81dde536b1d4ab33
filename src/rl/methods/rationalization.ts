/**
 * Rationalization: the policy as it was before the run is shown each question with the expert's answer and writes the reasoning. The policy then learns that
 * reasoning with the expert's answer, from the question alone. It is a baseline of RARO that needs no verifier and no critic.
 *
 * Source: the baselines of Escaping the Verifier (RARO); the idea is that of STaR (Zelikman et al. 2022, arXiv 2203.14465), here without its filter, which
 * would need a verifier. The loss is that of SFT.
 */
import { number } from '../experiment/field.ts';
import { headed } from '../experiment/structure.ts';
import { endOf } from '../learn/after-reasoning.ts';
import { constant, countTokens, type Example } from '../learn/example.ts';
import type { Completion } from '../rewards/reward.ts';
import { ANNOTATOR, ANNOTATOR_SIGNS, annotator } from '../roles/annotator.ts';
import { expertGroups } from '../samples.ts';
import type { Question } from '../tasks/task.ts';
import { defineMethod, type Step } from './method.ts';
import { common, scheduleContradictions } from './settings.ts';
import { sftLoss, sftOffline } from './sft.ts';

const expert = headed('Expert', {
  max_answer_length: number({
    label: 'Longest answer shown',
    help: 'Questions whose expert answer has more tokens are left out: the prompt that shows it must fit.',
    unit: 'tokens',
    min: 1,
    max: 512,
    integer: true,
    default: 32,
  }),
});

/** The policy as it was before the run. */
const START = 'start';

export const rationalization = defineMethod({
  label: 'Rationalization',
  description: 'Learns the reasoning that the policy wrote when it was shown the expert’s answer.',
  options: { ...expert, ...common },
  rewarded: false,
  needs: (settings) => ({
    policy: {},
    learners: { [START]: { frozen: true, writes: true } },
    roles: {
      [ANNOTATOR]: {
        prompt: ({ question }) => question + settings.max_answer_length + ANNOTATOR_SIGNS,
      },
    },
  }),
  charts: () => ({
    ...{ ratio: null, reference: false, values: false, groups: false },
    lossNote: 'Mean negative log-likelihood of a token of the lessons.',
    own: [
      { column: 'rationales/kept', title: 'Lessons', unit: 'share of questions' },
      { column: 'rationales/agree', title: 'Reasoning that ends at the answer', unit: 'share' },
    ],
  }),
  completions: (settings) => settings.prompts_per_step,
  contradictions: scheduleContradictions,
  objections: (task) =>
    task.reasoning
      ? []
      : [
          {
            key: 'name',
            message: `is rationalization; the task ${task.id} does not tell an answer from what leads to it`,
          },
        ],

  async step(step, settings) {
    const role = annotator(step.task);
    const questions = questionsOf(step, settings.prompts_per_step);
    const shown = questions.filter(
      (question) => answerOf(step, question).length <= settings.max_answer_length,
    );
    const written = await step.write({
      ...{ role: ANNOTATOR, learner: START, stream: ANNOTATOR, copies: 1 },
      asked: shown.map((question) => ({ question, prompt: role.prompt(question) })),
    });
    const lessons = written.flatMap((completion) => lessonOf(step, completion) ?? []);
    const examples = lessons.map(({ example }) => example);
    const loss = sftLoss();
    const learned = examples.length === 0 ? null : await step.learn(examples, loss.of, {});
    const agree = lessons.filter((lesson) => lesson.agrees).length;
    return {
      metrics: {
        ...(learned && loss.metrics()),
        'rationales/kept': lessons.length / questions.length,
        'rationales/agree': lessons.length === 0 ? null : agree / lessons.length,
        ...(learned && { grad_norm: learned.updates[0].gradNorm }),
        learning_rate: step.rate(settings.learning_rate),
      },
      samples: expertGroups(
        ...([step.index + 1, step.sampleGroups, step.tokenizer] as const),
        ...([examples, learned?.logprobs ?? []] as const),
      ),
      tokens: countTokens(examples),
    };
  },

  offline: sftOffline,
});

/** The step's questions, those that every method asks. */
function questionsOf({ task, index, seed }: Step, count: number): Question[] {
  return Array.from({ length: count }, (_, p) => task.question('train', index * count + p, seed));
}

function answerOf({ task, tokenizer }: Step, question: Question): readonly number[] {
  return tokenizer.encode(task.expertAnswer(question));
}

interface Lesson {
  readonly example: Example;
  /** Whether the annotator's own answer is the expert's. */
  readonly agrees: boolean;
}

/** The annotator's reasoning with the expert's answer; null where it met its budget, has no place for an answer, or does not fit. */
function lessonOf(step: Step, { question, text, group, truncated }: Completion): Lesson | null {
  const { task, tokenizer } = step;
  const reasoning = truncated ? null : annotator(task).read(question, text);
  if (reasoning === null) return null;
  const prompt = tokenizer.encode(question.prompt, { addSpecial: true });
  const completion = [
    ...tokenizer.encode(reasoning),
    ...answerOf(step, question),
    endOf(tokenizer),
  ];
  if (prompt.length + completion.length > step.positions) return null;
  const ones = constant(1, completion.length);
  return {
    agrees: text.slice(reasoning.length) === task.expertAnswer(question),
    example: {
      ...{ question, role: ANNOTATOR, group, truncated, prompt, completion },
      columns: { weight: ones, answer: ones },
    },
  };
}
