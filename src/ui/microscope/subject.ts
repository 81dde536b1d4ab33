/**
 * What all microscopes look at: a question of a task, a policy, and one answer. It stays the same when another microscope is
 * shown. It knows neither DOM nor React.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { randomStream } from '../../rl/random.ts';
import type { Question, Task } from '../../rl/tasks/task.ts';
import { ModelSession, type OpenModel } from './model-session.ts';
import { type ModelChoice, policiesOf } from './models.ts';
import { type GivenAnswer, SEED, writtenAnswer } from './policy-answer.ts';
import { openTask, type ScopeTask, scopeTask } from './scope-tasks.ts';

export interface SubjectData {
  /** By its id among the microscopes' tasks. */
  readonly task: string;
  readonly question: Question | null;
  readonly policy: ModelChoice;
  /** Null until somebody gives one: a microscope samples it, or a person writes it. */
  readonly answer: GivenAnswer | null;
  /** Number of the answer that the policy gives next, from 0. */
  readonly next: number;
  /** Another answer to the question, which opens beside this one where a microscope shows two; null where there is none. */
  readonly beside: string | null;
}

const fresh = (task: string): SubjectData => ({
  ...{ task, question: null, policy: policiesOf(task)[0], answer: null, next: 0 },
  beside: null,
});

export class Subject {
  readonly store: StoreApi<SubjectData>;
  readonly session: ModelSession;
  readonly #tasks = new Map<string, Task>();

  constructor(openModel: OpenModel, task = 'countdown') {
    this.session = new ModelSession(openModel);
    this.store = createStore<SubjectData>(() => fresh(task));
  }

  get data(): SubjectData {
    return this.store.getState();
  }

  /** The task as the microscopes ask it. */
  get task(): Task {
    return this.taskOf(this.data.task);
  }

  /** What the microscopes know of it. */
  get about(): ScopeTask {
    return scopeTask(this.data.task);
  }

  taskOf(id: string): Task {
    const task = this.#tasks.get(id) ?? openTask(id);
    this.#tasks.set(id, task);
    return task;
  }

  chooseTask(task: string): void {
    if (task !== this.data.task) this.#set(fresh(task));
  }

  /** Asks a question of the present task. Where the task opens on two answers of the expert, they are there at once. */
  ask(question: Question): void {
    const [answer = null, beside = null] = this.pairTo(question) ?? [];
    this.#set({
      question,
      answer: answer === null ? null : writtenAnswer(answer),
      beside,
      next: 0,
    });
  }

  /** The expert's two answers to a question; null where the task does not open on two. */
  pairTo(question: Question): readonly string[] | null {
    const { pair } = this.about;
    if (!pair) return null;
    const random = () => randomStream(SEED, `microscope/pair/${question.prompt}`);
    return pair.ways.map((way) => this.task.expertTrace(question, random(), way));
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
