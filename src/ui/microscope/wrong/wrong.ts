/**
 * The microscope "Where did it go wrong": a trace that a person may edit, and what a learned reward says at each of its tokens. One request at a time; an edit ends
 * the one before. It knows neither DOM nor React, and the models compute in workers of their own.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { BatonError, type ErrorReport, toReport } from '../../../errors.ts';
import type { RewardReader } from '../../../receiver/receiver-client.ts';
import type { Granularity, Reading } from '../../../rl/airl/granularity.ts';
import { PERTURBATIONS, type Perturbation, perturb } from '../../../rl/airl/perturb.ts';
import { type RewardReading, readingOf } from '../../../rl/airl/reward-model.ts';
import { randomStream } from '../../../rl/random.ts';
import { hasVerifier, type Question, type Task } from '../../../rl/tasks/task.ts';
import type { Instrument } from '../instrument.ts';
import { ModelSession, type OpenReward } from '../model-session.ts';
import { type ModelChoice, notedFor, rewardsOf } from '../models.ts';
import { OneJob } from '../one-job.ts';
import { type GivenAnswer, SEED, sampleAnswers } from '../policy-answer.ts';
import type { Subject } from '../subject.ts';
import { likelihood, type ReadTrace, readWith } from './trace.ts';
import { drawAnswers, NOTHING_DRAWN, QUESTIONS, type WhichData } from './which.ts';

/** The task that it opens on where no question is asked and nothing reads the one that is chosen. */
const FIRST_TASK = 'chain-carry';
/** Answers that are drawn at once in search of a wrong one. */
const TRIES = 16;
/** Errors of each kind that are tried in search of one whose place the verifier can tell. */
const FAULTS_TRIED = 8;
const GRANULARITIES: readonly Granularity[] = ['sparse', 'step', 'interval', 'dense'];
const LONGEST_INTERVAL = 64;
/** How a model is read whose config.json does not say. */
const UNSAID: RewardReading = { granularity: 'dense', interval: 8, reward_clip: 3 };

export interface WrongData {
  readonly question: Question | null;
  readonly reward: ModelChoice;
  /** How the reward model was read when it was trained. */
  readonly trained: RewardReading;
  /** How it is read here; null as it was trained. */
  readonly chosen: Reading | null;
  /** The last trace that was read; another than the subject's while that is on its way. */
  readonly trace: ReadTrace | null;
  /** The trace before it was edited; null where it was not. */
  readonly before: ReadTrace | null;
  /** What the trace is beyond its text, in words; null where a person wrote it or a policy. */
  readonly origin: string | null;
  readonly status: 'resting' | 'loading' | 'reading' | 'answering' | 'ready' | 'failed';
  /** What is wrong with the text. */
  readonly textProblem: ErrorReport | null;
  /** What is wrong with the reward model, or with the policy where it was to answer. */
  readonly problem: ErrorReport | null;
  /** Why the policy says nothing of the trace. */
  readonly policyProblem: ErrorReport | null;
  /** Sixteen answers to each of some questions, to choose from. */
  readonly which: WhichData;
}

export interface WrongOptions {
  /** Milliseconds that the text rests before it is read. */
  readonly settleMs?: number;
}

/** What the fault of an injected error is, in words. */
const FAULTS: Readonly<Record<Perturbation, string>> = {
  operator: 'an operator flipped',
  last: 'the last number off by one',
  digit: 'a digit changed',
  step: 'a step left out',
};

export class WrongMicroscope implements Instrument<WrongData> {
  readonly store: StoreApi<WrongData>;
  readonly rewards: ModelSession<RewardReader>;
  readonly #subject: Subject;
  readonly #settleMs: number;
  readonly #job = new OneJob();
  #awake = false;
  #faults = 0;
  #drawing: AbortController | null = null;
  /** By whom the answers were drawn and read. */
  #drawnBy = '';
  /** What has been read, or is being read. */
  #reading = '';

  constructor(subject: Subject, openReward: OpenReward, { settleMs = 150 }: WrongOptions = {}) {
    this.#subject = subject;
    this.#settleMs = settleMs;
    this.rewards = new ModelSession(openReward);
    this.store = createStore<WrongData>(() => ({
      ...{ question: null, reward: rewardsOf(subject.data.task)[0], trained: UNSAID, chosen: null },
      ...{ trace: null, before: null, origin: null, status: 'resting' },
      ...{ textProblem: null, problem: null, policyProblem: null, which: NOTHING_DRAWN },
    }));
    subject.store.subscribe(() => this.#follow());
  }

  get data(): WrongData {
    return this.store.getState();
  }

  /** Lets another reward model read the trace. Where the policy was still looking for one, it goes on. */
  readBy(reward: ModelChoice): void {
    if (this.#take(reward)) this.retry();
  }

  /** @returns whether it is another one than before */
  #take(reward: ModelChoice): boolean {
    const other = reward.ref.key !== this.data.reward.ref.key;
    // What is noted of it depends on the task.
    this.#set({ reward, ...(other && { trained: UNSAID, trace: null, before: null }) });
    return other;
  }

  /** Reads the same numbers in another way. */
  read(chosen: Reading | null): void {
    this.#set({ chosen });
  }

  /** The policy's next answer becomes the trace. */
  answer(): Promise<void> {
    return this.#answering(1);
  }

  /** The policy's next wrong answer becomes the trace; where the next sixteen are right, the first of them does. */
  wrongAnswer(): Promise<void> {
    return this.#answering(TRIES);
  }

  /** An expert's answer becomes the trace. */
  expert(): void {
    const { question } = this.#subject.data;
    if (!question) return;
    this.#give(this.#expertOf(question), 'The expert’s');
  }

  /** An expert's answer with one error becomes the trace; each time with the next kind that it has room for. */
  injected(): void {
    const { question } = this.#subject.data;
    if (!question) return;
    const text = this.#expertOf(question);
    const { task } = this.#subject;
    const boundaries = task.stepBoundaries(text);
    for (let tried = 0; tried < FAULTS_TRIED * PERTURBATIONS.length; tried += 1) {
      const kind = PERTURBATIONS[this.#faults % PERTURBATIONS.length];
      const random = randomStream(SEED, `microscope/inject/${question.prompt}`, this.#faults);
      this.#faults += 1;
      const made = perturb(text, boundaries, random, [kind]);
      if (!made || !isAtAStep(task, question, made.text)) continue;
      this.#give(made.text, `The expert’s with ${FAULTS[made.kind]}`);
      return;
    }
    this.#give(text, 'The expert’s, which has no place for an error');
  }

  /** One of the answers that were drawn becomes the trace. */
  lookAt(question: Question, text: string): void {
    this.#subject.ask(question);
    this.#give(text, `One of sixteen answers of ${this.#subject.data.policy.name}`);
  }

  /** Draws sixteen answers to each of so many questions. What is drawn already stays. */
  async draw(wanted: number): Promise<void> {
    this.stopDrawing();
    const drawing = new AbortController();
    this.#drawing = drawing;
    const { reward, which } = this.data;
    this.rewards.need(this, [reward.ref.key]);
    const { signal } = drawing;
    const tell = (change: Partial<WhichData>) => {
      if (!signal.aborted) this.#set({ which: { ...this.data.which, ...change } });
    };
    const kept = which.drawn.slice(0, wanted);
    tell({ drawn: kept });
    const { rewards } = this;
    const subject = this.#subject;
    await drawAnswers({ subject, rewards, reward, signal, tell }, { wanted, drawn: kept });
    if (kept.length === wanted) tell({ status: 'ready', wanted });
  }

  /** Keeps what has been drawn, and draws no more. */
  stopDrawing(): void {
    this.#drawing?.abort();
    this.#drawing = null;
    const { which } = this.data;
    if (which.status !== 'loading' && which.status !== 'drawing') return;
    this.#set({ which: { ...which, status: which.drawn.length > 0 ? 'ready' : 'resting' } });
  }

  /** Does once more what is to be done, as after a failure. */
  retry(): void {
    this.#reading = '';
    this.#follow();
  }

  setAwake(awake: boolean): void {
    if (awake === this.#awake) return;
    this.#awake = awake;
    if (!awake) {
      this.#job.cancel();
      this.stopDrawing();
      return;
    }
    const { question, task } = this.#subject.data;
    if (question === null && rewardsOf(task)[0].note !== '') this.#subject.chooseTask(FIRST_TASK);
    this.#reading = '';
    this.#follow();
  }

  /** Before a question is asked, only what is not as every visit begins. */
  writeAddress(query: URLSearchParams): void {
    const { reward, chosen, which } = this.data;
    const { task, question } = this.#subject.data;
    const said = question !== null || reward.ref.key !== rewardsOf(task)[0].ref.key;
    if (said && reward.ref.kind === 'bundled') query.set('reward', reward.ref.key);
    if (chosen) query.set('read', readingWord(chosen));
    if (question && which.status !== 'resting') query.set('which', String(which.wanted));
  }

  readAddress(query: URLSearchParams): void {
    const key = query.get('reward');
    const reward = rewardsOf(this.#subject.data.task).find(({ ref }) => ref.key === key);
    const chosen = readingFrom(query.get('read') ?? '');
    if (chosen) this.#set({ chosen });
    if (reward) this.readBy(reward);
    if (!this.#subject.data.question) return;
    const wanted = QUESTIONS.find((count) => String(count) === query.get('which'));
    if (wanted) void this.draw(wanted);
  }

  #expertOf(question: Question): string {
    return this.#subject.task.expertTrace(
      question,
      randomStream(SEED, `microscope/expert/${question.prompt}`),
    );
  }

  #give(text: string, origin: string): void {
    this.#set({ origin, before: null, trace: null });
    this.#subject.write(text);
  }

  /** Takes up what is looked at. Where there is no answer yet, it is a wrong one of the policy. */
  #follow(): void {
    if (!this.#awake) return;
    const { question, policy, answer, task } = this.#subject.data;
    const asked = question !== this.data.question;
    if (asked) {
      const [first] = rewardsOf(task);
      const { reward } = this.data;
      // A reward model of the question's task comes before one that was chosen for another.
      const stays = question === null || first.note !== '' || (reward.task ?? task) === task;
      this.#take(stays ? notedFor(reward, task) : first);
      this.#set({ question, trace: null, before: null, origin: null });
    }
    this.#forgetOthers();
    if (!question) return;
    this.rewards.need(this, [this.data.reward.ref.key]);
    if (!answer) {
      this.#reading = '';
      this.#set({ origin: null, before: null });
      void this.wrongAnswer();
      return;
    }
    const wanted = `${question.prompt}\n${policy.ref.key}\n${answer.text}`;
    if (wanted === this.#reading) return;
    if (answer.number !== null || asked) this.#set({ origin: null, before: null });
    this.#reading = wanted;
    this.#start(asked || answer.number !== null ? 0 : this.#settleMs);
  }

  /** Answers of another policy, or under another reward model, are not compared. */
  #forgetOthers(): void {
    const { task, policy } = this.#subject.data;
    const by = [task, policy.ref.key, this.data.reward.ref.key].join(' ');
    if (by === this.#drawnBy) return;
    this.#drawnBy = by;
    this.stopDrawing();
    this.#set({ which: { ...NOTHING_DRAWN, wanted: this.data.which.wanted } });
  }

  #set(change: Partial<WrongData>): void {
    this.store.setState(change);
  }

  #start(delay: number): void {
    this.#job.cancel();
    if (!this.#awake || !this.#subject.data.question) return;
    this.#job.after(delay, () => void this.#read());
  }

  /** The reward model first; then, beside it, the policy. */
  async #read(): Promise<void> {
    const signal = this.#job.begin();
    const { question, answer, policy } = this.#subject.data;
    if (!question || !answer) return;
    const { ref } = this.data.reward;
    this.#set({ status: this.rewards.has(ref) ? 'reading' : 'loading', problem: null });
    const problem = await this.rewards.use(ref, signal, async (reward) => {
      this.#set({ status: 'reading', trained: readingOf(reward.config) ?? UNSAID });
      try {
        const verdict = this.#subject.task.verify?.(question, answer.text) ?? null;
        const trace = await readWith(reward, question, answer, verdict, signal);
        if (!signal.aborted) this.#keep(trace, answer);
      } catch (error) {
        if (signal.aborted || !isAboutText(error)) throw error;
        this.#set({ trace: null, textProblem: toReport(error), status: 'ready' });
      }
    });
    if (signal.aborted) return;
    if (problem) this.#set({ status: 'failed', problem });
    const { trace } = this.data;
    if (problem || trace?.text !== answer.text) return;
    const silent = await this.#subject.session.use(policy.ref, signal, async (model) => {
      const logprobs = await likelihood(model, trace, answer, signal);
      if (!signal.aborted) this.#set({ trace: { ...trace, logprobs } });
    });
    if (!signal.aborted) this.#set({ policyProblem: silent });
  }

  /** What stood there before a person's edit stays for comparison. */
  #keep(trace: ReadTrace, answer: GivenAnswer): void {
    const { trace: last, before } = this.data;
    const edited = answer.number === null && last !== null && last.text !== trace.text;
    const kept = edited ? (before ?? last) : before;
    this.#set({
      ...{ trace, before: kept?.text === trace.text ? null : kept },
      ...{ textProblem: null, policyProblem: null, status: 'ready' },
    });
  }

  /** Of so many answers the first wrong one becomes the trace, or the first of all. */
  async #answering(count: number): Promise<void> {
    const { question, policy, next } = this.#subject.data;
    if (!question || !this.#awake) return;
    const signal = this.#job.begin();
    const { session, task, about } = this.#subject;
    this.#set({ status: session.has(policy.ref) ? 'answering' : 'loading', problem: null });
    const problem = await session.use(policy.ref, signal, async (model) => {
      this.#set({ status: 'answering' });
      const answers = await sampleAnswers(model, question, count, {
        ...{ key: policy.ref.key, number: next, budget: about.budget, signal },
      });
      if (signal.aborted) return;
      const wrong = answers.find(({ text }) => task.verify?.(question, text).correct === false);
      this.#reading = '';
      this.#subject.keep(wrong ?? answers[0]);
    });
    if (problem) this.#set({ status: 'failed', problem });
  }
}

function isAboutText(error: unknown): boolean {
  return error instanceof BatonError && error.kind === 'BadConfig';
}

/** In the address: `step`, or `interval-8`. */
export function readingWord({ granularity, interval }: Reading): string {
  return granularity === 'interval' ? `interval-${interval}` : granularity;
}

/** What an address says; null where it says nothing that is understood. */
export function readingFrom(word: string): Reading | null {
  const { interval } = UNSAID;
  const [, named, every] = /^([a-z]+)(?:-(\d{1,3}))?$/.exec(word) ?? [];
  const granularity = GRANULARITIES.find((one) => one === named);
  if (!granularity) return null;
  const said = Number(every ?? interval);
  return { granularity, interval: Math.min(LONGEST_INTERVAL, Math.max(1, said)) };
}

/** Whether the verifier can say which step is the first wrong one. Without a verifier every error will do. */
function isAtAStep(task: Task, question: Question, text: string): boolean {
  return !hasVerifier(task) || task.verify(question, text).firstWrong !== undefined;
}
