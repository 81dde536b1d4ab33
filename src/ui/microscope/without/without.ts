/**
 * The microscope "Without the question": an answer that a person edits, and how much more likely each of its tokens is when the
 * policy knows the question. One request at a time; an edit ends the one before. It knows neither DOM nor React, and the model
 * computes in a worker of its own.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { BatonError, type ErrorReport, toReport } from '../../../errors.ts';
import { type AnswerKind, answerKinds } from '../../../rl/tasks/answer-kinds.ts';
import type { Question } from '../../../rl/tasks/task.ts';
import type { Instrument } from '../instrument.ts';
import type { Model } from '../model-session.ts';
import { OneJob } from '../one-job.ts';
import { sampleAnswer } from '../policy-answer.ts';
import type { Subject } from '../subject.ts';
import { EditCompare } from './edit-compare.ts';
import { type AnswerScore, AnswerScorer } from './score-answers.ts';

/** A kind of answer with its scores; null until they are known, or where the policy cannot read it. */
export interface KindRow {
  readonly kind: AnswerKind;
  readonly score: AnswerScore | null;
}

export interface WithoutData {
  /** The question that the kinds answer. */
  readonly question: Question | null;
  /** Key of the policy that has scored, or is about to. */
  readonly reader: string;
  readonly kinds: readonly KindRow[];
  /** The last answer that was scored; another than the subject's while that is on its way. */
  readonly score: AnswerScore | null;
  readonly status: 'resting' | 'loading' | 'scoring' | 'answering' | 'ready' | 'failed';
  /** What is wrong with the text. */
  readonly textProblem: ErrorReport | null;
  /** What is wrong with the model. */
  readonly problem: ErrorReport | null;
}

export interface WithoutOptions {
  /** Milliseconds that the text rests before it is scored. */
  readonly settleMs?: number;
}

const NOTHING: WithoutData = {
  ...{ question: null, reader: '', kinds: [], score: null },
  ...{ status: 'resting', textProblem: null, problem: null },
};

export class WithoutMicroscope implements Instrument<WithoutData> {
  readonly store: StoreApi<WithoutData> = createStore<WithoutData>(() => NOTHING);
  /** The answer before its edits. */
  readonly edits: EditCompare;
  readonly #subject: Subject;
  readonly #settleMs: number;
  readonly #scorers = new WeakMap<Model, AnswerScorer>();
  readonly #job = new OneJob();
  #awake = false;

  constructor(subject: Subject, { settleMs = 150 }: WithoutOptions = {}) {
    this.#subject = subject;
    this.#settleMs = settleMs;
    this.edits = new EditCompare(subject);
    subject.store.subscribe(() => this.#follow());
  }

  get data(): WithoutData {
    return this.store.getState();
  }

  /** The policy answers the question, and its answer becomes the text. */
  async answer(): Promise<void> {
    const { question, policy, next } = this.#subject.data;
    if (!question) return;
    await this.#attempt('answering', async (model, signal) => {
      const { key } = policy.ref;
      const given = await sampleAnswer(model, question, {
        key,
        number: next,
        budget: this.#subject.about.budget,
        signal,
      });
      if (!signal.aborted) this.#subject.keep(given);
    });
  }

  /** Opens a model that failed once more. */
  retry(): void {
    this.#start(0);
  }

  setAwake(awake: boolean): void {
    if (awake === this.#awake) return;
    this.#awake = awake;
    if (awake) this.#follow();
    else {
      this.#job.cancel();
      this.edits.stop();
    }
  }

  /** Takes up what is looked at. Where there is no answer yet, it is the concise right one. */
  #follow(): void {
    if (!this.#awake) return;
    const { question, policy, answer } = this.#subject.data;
    const asked = question !== this.data.question;
    const read = policy.ref.key !== this.data.reader;
    const fresh = { reader: policy.ref.key, score: null, textProblem: null };
    if (asked) {
      const kinds = question ? answerKinds(this.#subject.task, question) : [];
      this.#set({ ...fresh, question, kinds: kinds.map((kind) => ({ kind, score: null })) });
    } else if (read) {
      const kinds = this.data.kinds.map(({ kind }) => ({ kind, score: null }));
      this.#set({ ...fresh, kinds });
    }
    if (question && !answer) {
      this.#subject.write(this.data.kinds[0].kind.text ?? '');
      return;
    }
    if (answer?.text !== this.data.score?.text) this.#set({ textProblem: null });
    this.#start(asked || read ? 0 : this.#settleMs);
  }

  #set(change: Partial<WithoutData>): void {
    this.store.setState(change);
  }

  #start(delay: number): void {
    this.#job.cancel();
    if (!this.#awake || !this.#subject.data.question) return;
    this.#job.after(delay, () => void this.#score());
  }

  #score(): Promise<void> {
    return this.#attempt('scoring', async (model, signal) => {
      const { question, answer } = this.#subject.data;
      if (!question || !answer) return;
      const scorer = this.#scorer(model);
      const beside = await this.#scoreKinds(scorer, question, signal);
      const { task } = this.#subject;
      try {
        const scores = await scorer.score(task, question, [...beside, answer.text], signal);
        if (signal.aborted) return;
        const score = scores[scores.length - 1];
        this.edits.follow(score);
        this.#set({ score, textProblem: null, status: 'ready' });
      } catch (error) {
        if (signal.aborted || !isAboutText(error)) throw error;
        this.#set({ score: null, textProblem: toReport(error), status: 'ready' });
      }
    });
  }

  #scorer(model: Model): AnswerScorer {
    const scorer = this.#scorers.get(model) ?? new AnswerScorer(model);
    this.#scorers.set(model, scorer);
    return scorer;
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
      const scores = await scorer.score(this.#subject.task, question, readable, signal);
      if (signal.aborted) return readable;
      const kinds = this.data.kinds.map(({ kind }) => ({
        kind,
        score: scores.find(({ text }) => text === kind.text) ?? null,
      }));
      this.#set({ kinds });
    }
    return readable;
  }

  /** Does work with the policy; the work before it ends. */
  async #attempt(
    status: 'scoring' | 'answering',
    work: (model: Model, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    this.#job.cancel();
    if (!this.#awake) return;
    const signal = this.#job.begin();
    const { session, data } = this.#subject;
    this.#set({ status: session.has(data.policy.ref) ? status : 'loading', problem: null });
    const problem = await session.use(data.policy.ref, signal, async (model) => {
      this.#set({ status });
      await work(model, signal);
    });
    if (problem) this.#set({ status: 'failed', problem });
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
