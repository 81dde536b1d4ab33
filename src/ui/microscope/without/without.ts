/**
 * The microscope "Without the question": an answer that a person edits, and how much more likely each of its tokens is when the
 * policy knows the question. One request at a time; an edit ends the one before. It knows neither DOM nor React, and the model
 * computes in a worker of its own.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { BatonError, badConfig, type ErrorReport, toReport } from '../../../errors.ts';
import { streamKey } from '../../../rl/random.ts';
import { type AnswerKind, answerKinds } from '../../../rl/tasks/answer-kinds.ts';
import type { TaskId } from '../../../rl/tasks/index.ts';
import type { Question, Task } from '../../../rl/tasks/task.ts';
import { type ModelChoice, type ModelRef, policiesOf } from '../transfer/models.ts';
import { BUDGET, defaultTask } from '../transfer/transfer.ts';
import { type AnswerScore, AnswerScorer, type ScoringModel } from './score-answers.ts';

/** A kind of answer with its scores; null until they are known, or where the policy cannot read it. */
export interface KindRow {
  readonly kind: AnswerKind;
  readonly score: AnswerScore | null;
}

export interface WithoutData {
  readonly task: TaskId;
  readonly policy: ModelChoice;
  readonly question: Question | null;
  readonly kinds: readonly KindRow[];
  /** The answer as it stands in the field. */
  readonly text: string;
  /** The last answer that was scored; another than `text` while that is on its way. */
  readonly score: AnswerScore | null;
  readonly status: 'resting' | 'loading' | 'scoring' | 'answering' | 'ready' | 'failed';
  /** What is wrong with the text. */
  readonly textProblem: ErrorReport | null;
  /** What is wrong with the model. */
  readonly problem: ErrorReport | null;
  /** Number of the policy's next answer to this question. */
  readonly next: number;
}

export interface WithoutOptions {
  readonly open: (ref: ModelRef, signal: AbortSignal) => Promise<ScoringModel>;
  /** Milliseconds that the text rests before it is scored. */
  readonly settleMs?: number;
}

/** Longer text is not taken. */
export const LONGEST_TEXT = 600;
const SEED = 0;
const SAMPLING = { temperature: 1, topK: 0, topP: 1, minP: 0, greedy: false } as const;

interface Opened {
  readonly key: string;
  readonly abort: AbortController;
  readonly model: Promise<{ readonly model: ScoringModel; readonly scorer: AnswerScorer }>;
}

function freshData(task: TaskId): WithoutData {
  return {
    task,
    policy: policiesOf(task)[0],
    ...{ question: null, kinds: [], text: '', score: null },
    ...{ status: 'resting', textProblem: null, problem: null, next: 0 },
  };
}

export class WithoutMicroscope {
  readonly store: StoreApi<WithoutData>;
  readonly #options: WithoutOptions;
  readonly #tasks = new Map<TaskId, Task>();
  #opened: Opened | null = null;
  #job: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #awake = true;

  constructor(options: WithoutOptions, task: TaskId = 'countdown') {
    this.#options = options;
    this.store = createStore<WithoutData>(() => freshData(task));
  }

  get data(): WithoutData {
    return this.store.getState();
  }

  get task(): Task {
    return this.taskOf(this.data.task);
  }

  taskOf(id: TaskId): Task {
    const known = this.#tasks.get(id) ?? defaultTask(id);
    this.#tasks.set(id, known);
    return known;
  }

  chooseTask(task: TaskId): void {
    if (task === this.data.task) return;
    this.#cancel();
    this.#closeModel();
    this.store.setState(freshData(task), true);
  }

  /** Asks a question; the answer begins as given, or as the concise right one. */
  ask(question: Question, text?: string): void {
    const kinds = answerKinds(this.task, question).map((kind) => ({ kind, score: null }));
    const first = text ?? kinds[0].kind.text ?? '';
    this.#set({ question, kinds, text: first, score: null, textProblem: null, next: 0 });
    this.#start(0);
  }

  /** Shows what a link says. */
  restore(task: TaskId, question: Question, policy: ModelChoice | undefined, text?: string): void {
    this.chooseTask(task);
    if (policy) this.#set({ policy });
    this.ask(question, text?.slice(0, LONGEST_TEXT));
  }

  /** The answer becomes this; it is scored once it has rested. */
  type(text: string): void {
    this.#set({ text: text.slice(0, LONGEST_TEXT), textProblem: null });
    this.#start(this.#options.settleMs ?? 150);
  }

  choosePolicy(policy: ModelChoice): void {
    if (policy.ref.key === this.data.policy.ref.key) return;
    this.#cancel();
    this.#closeModel();
    const kinds = this.data.kinds.map(({ kind }) => ({ kind, score: null }));
    this.#set({ policy, kinds, score: null, textProblem: null, next: 0 });
    this.#start(0);
  }

  /** The policy answers the question, and its answer becomes the text. */
  async answer(): Promise<void> {
    const { question, next, policy } = this.data;
    if (!question) return;
    await this.#attempt('answering', async ({ model }, signal) => {
      const prompt = model.tokenizer.encode(question.prompt, { addSpecial: true });
      const room = model.positions - prompt.length;
      if (room < 1) {
        throw badConfig('question', 'The question leaves no room for an answer', 'Ask less.');
      }
      const [sampled] = await model.complete({
        prompts: [prompt],
        copies: 1,
        budgets: [Math.min(BUDGET, room)],
        sampling: SAMPLING,
        key: streamKey(SEED, `microscope/answer/${policy.ref.key}/${question.prompt}`),
        uid: next,
        signal,
      });
      if (signal.aborted) return;
      const ids = sampled.ids.filter((id) => id !== model.tokenizer.eosId);
      this.#set({ next: next + 1 });
      this.type(model.tokenizer.decode(ids));
    });
  }

  /** Opens a model that failed once more. */
  retry(): void {
    this.#start(0);
  }

  /** Rests while nobody looks. */
  setAwake(awake: boolean): void {
    if (awake === this.#awake) return;
    this.#awake = awake;
    if (awake) this.#start(0);
    else this.#cancel();
  }

  close(): void {
    this.#awake = false;
    this.#cancel();
    this.#closeModel();
  }

  #set(change: Partial<WithoutData>): void {
    this.store.setState(change);
  }

  #cancel(): void {
    this.#job?.abort();
    this.#job = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #start(delay: number): void {
    this.#cancel();
    if (!this.#awake || !this.data.question) return;
    this.#timer = setTimeout(() => void this.#score(), delay);
  }

  #score(): Promise<void> {
    return this.#attempt('scoring', async ({ scorer }, signal) => {
      const { question } = this.data;
      if (!question) return;
      const beside = await this.#scoreKinds(scorer, question, signal);
      const { text } = this.data;
      try {
        const scores = await scorer.score(this.task, question, [...beside, text], signal);
        if (signal.aborted) return;
        this.#set({ score: scores[scores.length - 1], textProblem: null, status: 'ready' });
      } catch (error) {
        if (signal.aborted || !isAboutText(error)) throw error;
        this.#set({ score: null, textProblem: toReport(error), status: 'ready' });
      }
    });
  }

  /** Scores the kinds that are not yet, as one group. @returns the texts of those that the policy can read */
  async #scoreKinds(
    scorer: AnswerScorer,
    question: Question,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const readable = this.data.kinds.flatMap(({ kind: { text } }) =>
      text !== null && canRead(scorer, question, text) ? [text] : [],
    );
    const missing = this.data.kinds.some(
      ({ kind, score }) => score === null && kind.text !== null && readable.includes(kind.text),
    );
    if (missing) {
      const scores = await scorer.score(this.task, question, readable, signal);
      if (signal.aborted) return readable;
      const kinds = this.data.kinds.map(({ kind }) => ({
        kind,
        score: scores.find(({ text }) => text === kind.text) ?? null,
      }));
      this.#set({ kinds });
    }
    return readable;
  }

  /** Does work with the open model; the work before it ends. */
  async #attempt(
    status: 'scoring' | 'answering',
    work: (opened: Awaited<Opened['model']>, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    this.#cancel();
    if (!this.#awake) return;
    const job = new AbortController();
    this.#job = job;
    const { signal } = job;
    this.#set({ status: this.#opened ? status : 'loading', problem: null });
    try {
      const opened = await this.#open();
      if (signal.aborted) return;
      this.#set({ status });
      await work(opened, signal);
    } catch (error) {
      if (signal.aborted || (error instanceof BatonError && error.kind === 'Cancelled')) return;
      this.#closeModel();
      this.#set({ status: 'failed', problem: toReport(error) });
    } finally {
      if (this.#job === job) this.#job = null;
    }
  }

  #open(): Opened['model'] {
    const { ref } = this.data.policy;
    if (this.#opened?.key === ref.key) return this.#opened.model;
    this.#closeModel();
    const abort = new AbortController();
    const model = this.#options
      .open(ref, abort.signal)
      .then((model) => ({ model, scorer: new AnswerScorer(model) }));
    // Who waits for it is told of a failure; here it must only not count as unhandled.
    model.catch(() => undefined);
    this.#opened = { key: ref.key, abort, model };
    return model;
  }

  #closeModel(): void {
    const opened = this.#opened;
    this.#opened = null;
    if (!opened) return;
    opened.abort.abort();
    opened.model.then(
      ({ model }) => model.close(),
      () => undefined,
    );
  }
}

function isAboutText(error: unknown): boolean {
  return error instanceof BatonError && error.kind === 'BadConfig';
}

function canRead(scorer: AnswerScorer, question: Question, text: string): boolean {
  try {
    scorer.check(question, text);
    return true;
  } catch (error) {
    if (isAboutText(error)) return false;
    throw error;
  }
}
