/** The examples of a step of supervised training: expert traces or bare answers, with the weight of each token in the loss. */
import { BatonError, badConfig } from '../../errors.ts';
import type { Tokenizer } from '../../model/tokenizer.ts';
import { type RandomStream, randomStream } from '../random.ts';
import { annotator, promptWith } from '../roles/annotator.ts';
import type { Question, Task, TraceOptions } from '../tasks/task.ts';
import { endOf } from './after-reasoning.ts';
import { constant, type Example } from './example.ts';

export interface LessonSettings {
  readonly seed: number;
  /** Sequences a step. */
  readonly batchSize: number;
  /** The expert's reasoning and answer, or the answer alone. */
  readonly target: 'trace' | 'answer';
  readonly traces: TraceOptions;
  /** Traces of the expert critic among them; none where left out. */
  readonly critic?: CriticLessons;
  /** Sequences in which the expert is the annotator, who is shown something of its own; none where left out. */
  readonly annotator?: AnnotatorLessons;
  /** Weight of a token of the question in the loss; a token of the answer has 1. */
  readonly promptWeight: number;
  /** Most tokens of a question and its answer together. */
  readonly positions: number;
  /** The setting that the error names where a sequence is too long. */
  readonly positionsField: string;
}

/** How often, and how, the expert writes as a critic. */
export interface CriticLessons {
  /** Share of the sequences. */
  readonly share: number;
  /** Share of its verdicts that follow its comparison; the others are random. */
  readonly follows: number;
}

/** How often the expert is shown something, and what: its answer, to which it reasons, or its trace, which it writes again. */
export interface AnnotatorLessons {
  /** Share of the sequences. */
  readonly share: number;
  readonly shows: 'answer' | 'trace';
}

/**
 * The sequences of one step: sequence number step * batch_size + i takes its question from the tasks in turn, with its own random trace.
 * The column `weight` holds each token's weight; `answer` is 1 for tokens of the answer and 0 for those of the question before it.
 * @throws BadConfig where a sequence is longer than the model can read
 */
export function lessonOf(
  practice: readonly Task[],
  tokenizer: Tokenizer,
  settings: LessonSettings,
  step: number,
): Example[] {
  const { seed, batchSize, promptWeight } = settings;
  const end = endOf(tokenizer);
  return Array.from({ length: batchSize }, (_, i): Example => {
    const index = step * batchSize + i;
    const task = practice[index % practice.length];
    const question = task.question('train', Math.floor(index / practice.length), seed);
    const { text, role, read } = lessonAt(task, question, settings, index);
    const prompt = tokenizer.encode(read, { addSpecial: true });
    const answer = [...written(tokenizer, text), end];
    requireRoom(prompt.length + answer.length, settings);
    const common = { question, role, group: i, truncated: false };
    if (promptWeight === 0) {
      const ones = constant(1, answer.length);
      return { ...common, prompt, completion: answer, columns: { weight: ones, answer: ones } };
    }
    // Nothing comes before the first token, so it cannot be predicted.
    const [first, ...rest] = prompt;
    const weigh = (question: number) =>
      Float64Array.from([...rest.map(() => question), ...answer.map(() => 1)]);
    return {
      ...{ ...common, prompt: [first], completion: [...rest, ...answer] },
      columns: { weight: weigh(promptWeight), answer: weigh(0) },
    };
  });
}

interface Lesson {
  readonly role: string;
  /** What the model reads. */
  readonly read: string;
  /** What it learns to write. */
  readonly text: string;
}

/** What the expert writes about one question, as solver or as critic. */
function lessonAt(task: Task, question: Question, settings: LessonSettings, index: number): Lesson {
  const { seed, target, traces, critic, annotator: hinted } = settings;
  const read = question.prompt;
  if (critic && critic.share > 0) {
    const random = randomStream(seed, 'pretrain/critic', index);
    if (random.uniform() < critic.share) return comparison(task, question, traces, critic, random);
  }
  if (hinted && hinted.share > 0) {
    const random = randomStream(seed, 'pretrain/annotator', index);
    if (random.uniform() < hinted.share)
      return annotation(task, question, traces, hinted.shows, random);
  }
  const text =
    target === 'answer'
      ? task.expertAnswer(question)
      : task.expertTrace(question, randomStream(seed, 'pretrain/trace', index), traces);
  return { role: 'expert', read, text };
}

/** Reasoning to the answer that is shown, or the trace that is. Who knows the answer neither slips nor gives up, and is not mistaken. */
function annotation(
  task: Task,
  question: Question,
  traces: TraceOptions,
  shows: AnnotatorLessons['shows'],
  random: RandomStream,
): Lesson {
  const { name: role, prompt, read } = annotator(task);
  const careful = { ...traces, slips: 0, giveUp: 0, dialectSlips: {}, misconceptions: {} };
  const trace = task.expertTrace(question, random, careful);
  if (shows === 'trace') return { role, read: promptWith(task, question, trace), text: trace };
  const reasoning = read(question, trace);
  if (reasoning === null) {
    throw badConfig(
      'annotator_share',
      `The task ${task.id} does not tell an answer from what leads to it`,
      'Leave the setting out.',
    );
  }
  return { role, read: prompt(question), text: reasoning + task.expertAnswer(question) };
}

/** A pair of the right answer and, as often as not, a wrong one or the same, in an order that is drawn. */
function comparison(
  task: Task,
  question: Question,
  traces: TraceOptions,
  { follows }: CriticLessons,
  random: RandomStream,
): Lesson {
  const { critic: kind } = task;
  const right = kind?.answer(question, task.expertAnswer(question)) ?? null;
  if (!kind || right === null) {
    throw badConfig('critic_share', `The task ${task.id} has no critic`, 'Leave the setting out.');
  }
  const other = random.below(2) === 0 ? right : kind.wrong(question, random);
  const [first, second] = random.below(2) === 0 ? [right, other] : [other, right];
  return {
    role: 'critic',
    read: kind.prompt(question, first, second),
    text: kind.trace(question, first, second, random, { ...traces, follows }),
  };
}

/** The tokens of what an expert wrote. @throws BadConfig naming the character of the expert's that the tokenizer does not have */
export function written(tokenizer: Tokenizer, text: string): readonly number[] {
  try {
    return tokenizer.encode(text);
  } catch (error) {
    if (!(error instanceof BatonError) || error.field !== 'text') throw error;
    throw badConfig(
      'policy',
      `The expert writes ${JSON.stringify(text.slice(0, 60))}. ${error.message}`,
      'Take a policy whose tokenizer has it, or a dialect without it.',
    );
  }
}

function requireRoom(length: number, { positions, positionsField }: LessonSettings): void {
  if (length <= positions) return;
  throw badConfig(
    positionsField,
    `A question with its trace has ${length} tokens; the model reads ${positions}`,
    'Allow more positions, or take a shorter task or style.',
  );
}
