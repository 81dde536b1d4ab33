/**
 * What all microscopes look at: a question of a task, a policy, and one answer. It stays the same when another microscope is
 * shown. It knows neither DOM nor React.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { badConfig } from '../../errors.ts';
import { parseExperiment } from '../../rl/experiment/schema.ts';
import { createTask, type TaskId } from '../../rl/tasks/index.ts';
import type { Question, Task } from '../../rl/tasks/task.ts';
import { ModelSession, type OpenModel } from './model-session.ts';
import { type ModelChoice, policiesOf } from './models.ts';
import { type GivenAnswer, writtenAnswer } from './policy-answer.ts';

export interface SubjectData {
  readonly task: TaskId;
  readonly question: Question | null;
  readonly policy: ModelChoice;
  /** Null until somebody gives one: a microscope samples it, or a person writes it. */
  readonly answer: GivenAnswer | null;
  /** Number of the answer that the policy gives next, from 0. */
  readonly next: number;
}

const fresh = (task: TaskId): SubjectData => ({
  ...{ task, question: null, policy: policiesOf(task)[0], answer: null, next: 0 },
});

export class Subject {
  readonly store: StoreApi<SubjectData>;
  readonly session: ModelSession;
  readonly #tasks = new Map<TaskId, Task>();

  constructor(openModel: OpenModel, task: TaskId = 'countdown') {
    this.session = new ModelSession(openModel);
    this.store = createStore<SubjectData>(() => fresh(task));
  }

  get data(): SubjectData {
    return this.store.getState();
  }

  /** The task with its default settings, as the microscopes ask it. */
  get task(): Task {
    return this.taskOf(this.data.task);
  }

  taskOf(id: TaskId): Task {
    const task = this.#tasks.get(id) ?? defaultTask(id);
    this.#tasks.set(id, task);
    return task;
  }

  chooseTask(task: TaskId): void {
    if (task !== this.data.task) this.#set(fresh(task));
  }

  /** Asks a question of the present task. */
  ask(question: Question): void {
    this.#set({ question, answer: null, next: 0 });
  }

  /** Lets another policy answer, beginning with its first answer. */
  answerBy(policy: ModelChoice): void {
    if (policy.ref.key !== this.data.policy.ref.key) this.#set({ policy, answer: null, next: 0 });
  }

  /** Lets another policy read the answer, which stays as it is. */
  readBy(policy: ModelChoice): void {
    if (policy.ref.key === this.data.policy.ref.key) return;
    const { answer } = this.data;
    this.#set({ policy, answer: answer && writtenAnswer(answer.text), next: 0 });
  }

  /** The answer becomes this text. */
  write(text: string): void {
    const answer = writtenAnswer(text);
    if (answer.text !== this.data.answer?.text) this.#set({ answer });
  }

  /** Keeps what the policy has sampled. */
  keep(answer: GivenAnswer): void {
    const { next } = this.data;
    this.#set({ answer, next: answer.number === null ? next : answer.number + 1 });
  }

  /** Wants another answer of the policy, from other random numbers. */
  again(): void {
    this.#set({ answer: null });
  }

  /** Shows what a link says. */
  restore(said: Partial<SubjectData> & Pick<SubjectData, 'task' | 'question'>): void {
    this.#set({ ...fresh(said.task), ...said });
  }

  #set(change: Partial<SubjectData>): void {
    const policy = change.policy ?? this.data.policy;
    this.store.setState(change);
    this.session.need(this, [policy.ref.key]);
  }
}

/** A task with its default settings. */
export function defaultTask(id: TaskId): Task {
  const parsed = parseExperiment({ task: { id } });
  if (!parsed.ok) throw badConfig('task', parsed.problems[0].message);
  return createTask(parsed.experiment.task);
}
