/** The subject of the microscopes in the address, so that a link opens the same question and the same answer. */
import { POLICIES } from '../../rl/experiment/catalog.ts';
import { policiesOf, taskOfModel } from './models.ts';
import { LONGEST_TEXT, writtenAnswer } from './policy-answer.ts';
import { isScopeTask } from './scope-tasks.ts';
import type { Subject, SubjectData } from './subject.ts';

const MOST_ANSWERS = 1_000_000;

/** What an address says of the subject; whatever is missing or not understood is left out. */
export interface SubjectAddress {
  readonly task: string;
  /** The prompt, as the task reads it. */
  readonly question: string;
  /** The policies that are named, the subject's first. */
  readonly policies: readonly string[];
  /** Numbers of their answers, from 0. */
  readonly answers: readonly number[];
  /** The answer where it was written. */
  readonly text: string | undefined;
}

/**
 * Writes what is looked at. A policy of the lab cannot be linked to, so its answer is written out, as one is that a person
 * wrote.
 */
export function writeSubject(query: URLSearchParams, data: SubjectData): void {
  const { task, question, policy, answer, next } = data;
  if (!question) return;
  const bundled = policy.ref.kind === 'bundled';
  query.set('task', task);
  query.set('question', question.prompt);
  const number = answer ? answer.number : next;
  if (bundled) query.set('policy', policy.ref.key);
  if (bundled && number !== null) query.set('answer', String(number + 1));
  else if (answer) query.set('text', answer.text);
}

/** Reads an address; undefined where it asks no question. The question itself is the task's to judge. */
export function readSubject(query: URLSearchParams): SubjectAddress | undefined {
  const question = query.get('question')?.slice(0, LONGEST_TEXT);
  const task = query.get('task') ?? 'countdown';
  if (!question || !isScopeTask(task)) return undefined;
  return {
    task,
    question,
    policies: words(query, 'policy')
      .filter((id) => taskOfModel(id) === task && POLICIES.some(({ value }) => value === id))
      .slice(0, 2),
    answers: numbers(query, 'answer').map((number) =>
      Math.min(MOST_ANSWERS, Math.max(0, number - 1)),
    ),
    text: query.get('text')?.slice(0, LONGEST_TEXT),
  };
}

/** Numbers of an address, with spaces between; what is no whole number counts as 0. */
export function numbers(query: URLSearchParams, name: string): number[] {
  return words(query, name).map((word) => (/^\d{1,6}$/.test(word) ? Number(word) : 0));
}

function words(query: URLSearchParams, name: string): string[] {
  return (query.get(name) ?? '').split(' ').filter((word) => word !== '');
}

/** Shows what an address says. @throws BadConfig where the task does not take its question */
export function restoreSubject(subject: Subject, address: SubjectAddress): void {
  const { task, text, answers, policies } = address;
  const question = subject.taskOf(task).readQuestion(address.question);
  const policy = policiesOf(task).find(({ ref }) => ref.key === policies[0]);
  subject.restore({
    task,
    question,
    ...(policy && { policy }),
    answer: text === undefined ? null : writtenAnswer(text),
    next: answers[0] ?? 0,
  });
}
