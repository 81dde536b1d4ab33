/** Kinds of answers to one question, made by the task's expert. Rewards should tell them apart, and mostly do not. */
import { BatonError } from '../../errors.ts';
import { randomStream } from '../random.ts';
import { MOST_CHATTER } from './chatter.ts';
import {
  hasVerifier,
  type Question,
  type Task,
  type TraceOptions,
  type VerifiedTask,
} from './task.ts';

export type KindId = 'concise' | 'redundant' | 'partly' | 'bare' | 'wrong' | 'copied';

export interface AnswerKind {
  readonly id: KindId;
  readonly label: string;
  /** Null where the task, or this question, has no such answer. */
  readonly text: string | null;
  /** What this answer is, or why there is none, in a few words. */
  readonly note: string;
}

/** How many held-out questions are searched for a right answer that is wrong here. */
const OTHER_QUESTIONS = 50;
const SEED = 0;

function kind(
  id: KindId,
  label: string,
  text: string | null,
  note: string,
  none: string,
): AnswerKind {
  return { id, label, text, note: text === null ? none : note };
}

/**
 * All kinds, in the order of the table. Each text is what its label says by the task's own verifier; without one there are only
 * the kinds that need no verdict.
 */
export function answerKinds(task: Task, question: Question): readonly AnswerKind[] {
  const concise = trace(task, question, { failedTries: [1], style: 'terse' }) ?? '';
  if (!hasVerifier(task)) return unjudgedKinds(task, question, concise);
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

function unjudgedKinds(task: Task, question: Question, concise: string): AnswerKind[] {
  const other = trace(task, otherQuestion(task, question, 0), { failedTries: [1], style: 'terse' });
  return [
    kind('concise', 'The expert’s', concise, 'not judged', ''),
    kind('wrong', 'To another question', other, 'not judged', 'none was found'),
    kind('copied', 'Copied question', bareQuestion(task, question), 'the question once more', ''),
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

const isRight = (task: VerifiedTask, question: Question, text: string): boolean =>
  task.verify(question, text).correct;

/** Failed tries before the right one, or words around the steps, or chatter, or the same steps twice: the first that the task knows. */
function redundant(task: VerifiedTask, question: Question, concise: string): string | null {
  const candidates = [
    trace(task, question, { failedTries: [0, 0, 1], style: 'terse' }),
    trace(task, question, { failedTries: [1], style: 'wordy' }),
    trace(task, question, { failedTries: [1], chatter: MOST_CHATTER }),
    `${concise},${concise}`,
  ];
  const longer = (text: string | null): text is string =>
    text !== null && text.length > concise.length && isRight(task, question, text);
  return candidates.find(longer) ?? null;
}

/** All steps as they are, except that the last number is one too large, or the last letter one further. */
function partlyRight(task: VerifiedTask, question: Question, concise: string): string | null {
  if (task.stepBoundaries(concise).length < 2) return null;
  const further = (last: string) => {
    if (last < 'a') return `${Number(last) + 1}`;
    return last === 'z' ? 'a' : String.fromCharCode(last.charCodeAt(0) + 1);
  };
  const text = concise.replace(/\d+$|[a-z]$/, further);
  return text !== concise && !isRight(task, question, text) ? text : null;
}

/** The expert's shortest answer, where that has no step in it. */
function bare(task: VerifiedTask, question: Question): string | null {
  const text = task.expertAnswer(question);
  return !text.includes('=') && isRight(task, question, text) ? text : null;
}

function answerToAnother(task: VerifiedTask, question: Question): string | null {
  for (let index = 0; index < OTHER_QUESTIONS; index++) {
    const other = task.question('test', index, SEED);
    const text = trace(task, other, { failedTries: [1], style: 'terse' });
    if (text !== null && !isRight(task, question, text)) return text;
  }
  return null;
}

/** The question as an answer, unless that is right. */
function copied(task: VerifiedTask, question: Question): string | null {
  const text = bareQuestion(task, question);
  return isRight(task, question, text) ? null : text;
}

/** The question without the mark after which the answer starts. */
function bareQuestion({ emptyPrompt }: Task, { prompt }: Question): string {
  return prompt.endsWith(emptyPrompt) ? prompt.slice(0, -emptyPrompt.length) : prompt;
}

/** A question of the held-out split that is not this one. */
function otherQuestion(task: Task, question: Question, index: number): Question {
  const other = task.question('test', index, SEED);
  return other.prompt === question.prompt ? task.question('test', index + 1, SEED) : other;
}
