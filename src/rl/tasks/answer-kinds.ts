/** Kinds of answers to one question, made by the task's expert: what rewards should tell apart, and mostly do not. */
import { BatonError } from '../../errors.ts';
import { randomStream } from '../random.ts';
import type { Question, Task, TraceOptions } from './task.ts';

export type KindId = 'concise' | 'redundant' | 'partly' | 'bare' | 'wrong' | 'copied';

export interface AnswerKind {
  readonly id: KindId;
  readonly label: string;
  /** Null where the task, or this question, has no such answer. */
  readonly text: string | null;
  /** What this one is, or why there is none, in a few words. */
  readonly note: string;
}

/** Questions of the held-out split that are looked at for a right answer that is wrong here. */
const OTHER_QUESTIONS = 50;
const SEED = 0;

/** All kinds, in the order of the table. Each text is what its label says by the task's own verifier. */
export function answerKinds(task: Task, question: Question): readonly AnswerKind[] {
  const concise = trace(task, question, { failedTries: [1], style: 'terse' }) ?? '';
  const kind = (id: KindId, label: string, text: string | null, note: string, none: string) => ({
    id,
    label,
    text,
    note: text === null ? none : note,
  });
  return [
    kind('concise', 'Concise, right', concise, 'every step once', ''),
    kind(
      'redundant',
      'Redundant, right',
      redundant(task, question, concise),
      'right in the end, with more than it takes',
      'the task has none',
    ),
    kind(
      'partly',
      'Partly right',
      partlyRight(task, question, concise),
      'the last result is off by one',
      'one step is right or wrong',
    ),
    kind(
      'bare',
      'Right, no reasoning',
      bare(task, question),
      'the result alone',
      'here the steps are the answer',
    ),
    kind(
      'wrong',
      'Wrong',
      answerToAnother(task, question),
      'the right answer to another question',
      'none was found',
    ),
    kind(
      'copied',
      'Copied question',
      copied(task, question),
      'the question once more',
      'the question is the answer',
    ),
  ];
}

/** An expert's trace with these options; null where the task refuses them. */
function trace(task: Task, question: Question, options: TraceOptions): string | null {
  try {
    const random = randomStream(SEED, `microscope/kinds/${question.prompt}`);
    return task.expertTrace(question, random, options);
  } catch (error) {
    if (error instanceof BatonError && error.kind === 'BadConfig') return null;
    throw error;
  }
}

const isRight = (task: Task, question: Question, text: string): boolean =>
  task.verify(question, text).correct;

/** Failed tries before the right one, or words around the steps, or the same steps twice: the first that the task knows. */
function redundant(task: Task, question: Question, concise: string): string | null {
  const candidates = [
    trace(task, question, { failedTries: [0, 0, 1], style: 'terse' }),
    trace(task, question, { failedTries: [1], style: 'wordy' }),
    `${concise},${concise}`,
  ];
  const longer = (text: string | null): text is string =>
    text !== null && text.length > concise.length && isRight(task, question, text);
  return candidates.find(longer) ?? null;
}

/** All steps but the last stand as they are; the last number is one more than it should be. */
function partlyRight(task: Task, question: Question, concise: string): string | null {
  if (task.stepBoundaries(concise).length < 2) return null;
  const text = concise.replace(/\d+$/, (digits) => String(Number(digits) + 1));
  return text !== concise && !isRight(task, question, text) ? text : null;
}

/** The expert's shortest answer, where that has no step in it. */
function bare(task: Task, question: Question): string | null {
  const text = task.expertAnswer(question);
  return !text.includes('=') && isRight(task, question, text) ? text : null;
}

function answerToAnother(task: Task, question: Question): string | null {
  for (let index = 0; index < OTHER_QUESTIONS; index++) {
    const other = task.question('test', index, SEED);
    const text = trace(task, other, { failedTries: [1], style: 'terse' });
    if (text !== null && !isRight(task, question, text)) return text;
  }
  return null;
}

/** The question without what hands over to the answer. */
function copied(task: Task, question: Question): string | null {
  const { prompt } = question;
  const { emptyPrompt } = task;
  const text = prompt.endsWith(emptyPrompt) ? prompt.slice(0, -emptyPrompt.length) : prompt;
  return isRight(task, question, text) ? null : text;
}
