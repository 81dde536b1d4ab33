/** The subject of the microscopes in the address, so that a link opens the same question and the same answer. */
import { POLICIES } from '../../rl/experiment/catalog.ts';
import type { Option } from '../../rl/experiment/field.ts';
import { REWARD_MODELS } from '../../rl/experiment/reward-models.ts';
import { policiesOf, taskOfModel } from './models.ts';
import { LONGEST_TEXT, writtenAnswer } from './policy-answer.ts';
import { isScopeTask } from './scope-tasks.ts';
import type { Subject, SubjectData } from './subject.ts';

const MOST_ANSWERS = 1_000_000;

/** The task of an address that names none. */
const FIRST_TASK = 'countdown';

/** What an address says of the subject; whatever is missing or not understood is left out. */
export interface SubjectAddress {
  readonly task: string;
  /** The prompt, as the task reads it; undefined where a task or a policy is chosen and nothing is asked yet. */
  readonly question: string | undefined;
  /** The policies that are named, the subject's first. */
  readonly policies: readonly string[];
  /** Numbers of their answers, from 0. */
  readonly answers: readonly number[];
  /** The answer where it was written. */
  readonly text: string | undefined;
}

/**
 * Writes what is looked at. A policy of the lab cannot be linked to, so its answer is written out, as one is that a person
 * wrote. Before a question is asked, only what is not as every visit begins.
 */
export function writeSubject(query: URLSearchParams, data: SubjectData): void {
  const { task, question, policy, answer, next } = data;
  const bundled = policy.ref.kind === 'bundled';
  if (!question) {
    const chosen = bundled && policy.ref.key !== policiesOf(task)[0].ref.key;
    if (chosen || task !== FIRST_TASK) query.set('task', task);
    if (chosen) query.set('policy', policy.ref.key);
    return;
  }
  query.set('task', task);
  query.set('question', question.prompt);
  const number = answer ? answer.number : next;
  if (bundled) query.set('policy', policy.ref.key);
  if (bundled && number !== null) query.set('answer', String(number + 1));
  else if (answer) query.set('text', answer.text);
}

/**
 * Reads an address; undefined where it names no question, task, policy or reward model. A policy alone stands for its task, and so does a reward
 * model. The question itself is the task's to judge.
 */
export function readSubject(query: URLSearchParams): SubjectAddress | undefined {
  const question = query.get('question')?.slice(0, LONGEST_TEXT) || undefined;
  const named = words(query, 'policy').filter((id) => isOneOf(POLICIES, id));
  const [reward] = words(query, 'reward').filter((id) => isOneOf(REWARD_MODELS, id));
  const model = named[0] ?? reward;
  const task = query.get('task') ?? (model && taskOfModel(model)) ?? FIRST_TASK;
  if (!isScopeTask(task)) return undefined;
  const policies = named.filter((id) => taskOfModel(id) === task).slice(0, 2);
  const saysTask = policies.length > 0 || reward !== undefined || query.has('task');
  if (question === undefined && !saysTask) return undefined;
  return {
    ...{ task, question, policies },
    answers: numbers(query, 'answer').map((number) =>
      Math.min(MOST_ANSWERS, Math.max(0, number - 1)),
    ),
    text: query.get('text')?.slice(0, LONGEST_TEXT),
  };
}

const isOneOf = (options: readonly Option[], id: string) =>
  options.some(({ value }) => value === id);

/** Numbers of an address, with spaces between; what is no whole number counts as 0. */
export function numbers(query: URLSearchParams, name: string): number[] {
  return words(query, name).map((word) => (/^\d{1,6}$/.test(word) ? Number(word) : 0));
}

function words(query: URLSearchParams, name: string): string[] {
  return (query.get(name) ?? '').split(' ').filter((word) => word !== '');
}

/** Shows what an address says. @throws BadConfig where the task does not take its question */
export function restoreSubject(subject: Subject, address: SubjectAddress): void {
  const { task, question: asked, text, answers, policies } = address;
  const chosen = policiesOf(task).find(({ ref }) => ref.key === policies[0]);
  const policy = chosen && { policy: chosen };
  if (asked === undefined) {
    subject.restore({ task, question: null, ...policy });
    return;
  }
  subject.restore({
    task,
    question: subject.taskOf(task).readQuestion(asked),
    ...policy,
    answer: text === undefined ? null : writtenAnswer(text),
    next: answers[0] ?? 0,
  });
}
