/**
 * The transfer microscope: a policy answers, receivers finish its answer from every cut. It holds the data and gives the work
 * to the models, one request at a time each; what is wanted no longer is cancelled. It knows neither DOM nor React, and the
 * models compute in workers of their own.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { judgeOfTransfer } from '../../../rl/evaluate/evaluate.ts';
import { streamKey } from '../../../rl/random.ts';
import { finish } from '../../../rl/rewards/transfer/finish.ts';
import type { Instrument } from '../instrument.ts';
import type { Model } from '../model-session.ts';
import type { ModelChoice, ModelRef } from '../models.ts';
import { answerIds, SAMPLING, SEED, sampleAnswer, writtenAnswer } from '../policy-answer.ts';
import type { Subject } from '../subject.ts';
import { readLanes, writeLanes } from './address.ts';
import { type Answer, readAnswer } from './answer.ts';
import { cutOrder } from './cuts.ts';
import {
  freshData,
  freshLane,
  nextPlace,
  type Place,
  poolAt,
  type TransferData,
  withBeside,
  withLane,
  withMoreToDo,
  withReceiver,
  withReceivers,
  withSubject,
  withTries,
} from './transfer-data.ts';

export interface TransferOptions {
  /** Milliseconds that a cut rests before work under way elsewhere makes room for it. */
  readonly settleMs?: number;
}

/** Numbers set aside for the tries at one cut: more tries extend a pool and change none of it. */
const TRIES_PER_CUT = 1024;

interface Job {
  readonly place: Place;
  readonly abort: AbortController;
}

export class TransferMicroscope implements Instrument<TransferData> {
  readonly store: StoreApi<TransferData>;
  readonly #subject: Subject;
  readonly #settleMs: number;
  /** Requests under way, by the receiver's key. */
  readonly #jobs = new Map<string, Job>();
  readonly #orders = new WeakMap<Answer, readonly number[]>();
  #answering: AbortController | null = null;
  #settling: ReturnType<typeof setTimeout> | null = null;
  #awake = false;

  constructor(subject: Subject, { settleMs = 120 }: TransferOptions = {}) {
    this.#subject = subject;
    this.#settleMs = settleMs;
    this.store = createStore<TransferData>(() => freshData(subject.data.task));
    subject.store.subscribe(() => this.#follow());
  }

  get data(): TransferData {
    return this.store.getState();
  }

  /** Lets the policy of a lane answer once more, from other random numbers. */
  newAnswer(lane: number): void {
    if (lane === 0) {
      this.#subject.again();
      return;
    }
    this.#cancel();
    const number = (this.data.lanes[lane].number ?? -1) + 1;
    this.#set(withLane(this.data, lane, { given: null, number, status: 'waiting', problem: null }));
    void this.#answer();
  }

  /** Lets another policy answer; it starts with its first answer. */
  choosePolicy(lane: number, policy: ModelChoice): void {
    if (lane === 0) this.#subject.answerBy(policy);
    else this.compare(policy);
  }

  /** Sets a second policy below the first, or takes it away again. */
  compare(policy: ModelChoice | null, number = 0, cut: number | null = null): void {
    this.#cancel();
    const [first] = this.data.lanes;
    const lanes = policy ? [first, { ...freshLane(policy), number, wantedCut: cut }] : [first];
    this.#set({ ...this.data, lanes, active: 0 });
    void this.#answer();
  }

  /** Sets a written answer below the first. */
  setBeside(text: string, cut: number | null = null): void {
    this.#cancel();
    this.#set({ ...withBeside(this.data, writtenAnswer(text), cut), active: 0 });
    void this.#answer();
  }

  /** Sets the expert's two answers to the question below one another. */
  showPair(): void {
    const { question } = this.data;
    const pair = question && this.#subject.pairTo(question);
    if (!pair) return;
    this.#subject.write(pair[0]);
    this.setBeside(pair[1]);
  }

  moveCut(lane: number, cut: number): void {
    const { answer } = this.data.lanes[lane];
    const most = answer ? answer.tokens.length : 0;
    const at = Math.min(most, Math.max(0, Math.round(cut)));
    this.#set({ ...withLane(this.data, lane, { cut: at }), active: lane });
    if (this.#settling !== null) clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#settle(), this.#settleMs);
  }

  /** Lists the tries of another lane. */
  look(lane: number): void {
    if (lane !== this.data.active) this.moveCut(lane, this.data.lanes[lane].cut);
  }

  setTries(tries: number): void {
    this.#set(withMoreToDo({ ...this.data, tries }));
    this.#schedule();
  }

  chooseReceivers(models: readonly ModelChoice[]): void {
    this.#set(withReceivers(this.data, models));
    for (const [key, job] of this.#jobs) {
      if (!models.some(({ ref }) => ref.key === key)) job.abort.abort();
    }
    this.#schedule();
  }

  /** Draws the band and the base rate of this receiver. */
  lift(key: string): void {
    this.#set({ ...this.data, lifted: key });
  }

  /** Opens a receiver that failed once more. */
  retry(key: string): void {
    this.#set(withReceiver(this.data, key, () => ({ status: 'waiting', problem: null })));
    this.#schedule();
  }

  /** Lets a policy that failed answer once more. */
  retryAnswer(lane: number): void {
    this.#set(withLane(this.data, lane, { status: 'waiting', problem: null }));
    void this.#answer();
  }

  setAwake(awake: boolean): void {
    if (awake === this.#awake) return;
    this.#awake = awake;
    if (!awake) this.#cancel();
    else if (!this.#follow()) void this.#answer();
  }

  writeAddress(query: URLSearchParams): void {
    if (this.data.question) writeLanes(query, this.data);
  }

  readAddress(query: URLSearchParams): void {
    if (!this.#subject.data.question) return;
    const { cuts, second, beside } = readLanes(query);
    this.#set(withLane(this.data, 0, { wantedCut: cuts[0] ?? null }));
    if (beside !== undefined) this.setBeside(beside, cuts[1] ?? null);
    else if (second) this.compare(second.policy, second.number, cuts[1] ?? null);
  }

  /** Takes up what is looked at. @returns whether anything was new */
  #follow(): boolean {
    if (!this.#awake) return false;
    const data = withSubject(this.data, this.#subject.data);
    if (data === this.data) return false;
    this.#cancel();
    this.#set(data);
    void this.#answer();
    return true;
  }

  #set(data: TransferData): void {
    this.store.setState(data, true);
    this.#subject.session.need(this, [
      ...data.lanes.map(({ policy }) => policy.ref.key),
      ...data.receivers.map(({ model }) => model.ref.key),
    ]);
  }

  #cancel(): void {
    this.#answering?.abort();
    this.#answering = null;
    for (const { abort } of this.#jobs.values()) abort.abort();
    if (this.#settling !== null) clearTimeout(this.#settling);
    this.#settling = null;
  }

  /** Lets the policies answer that have not yet, one after the other, then sets the receivers to work. */
  async #answer(): Promise<void> {
    if (this.#answering || !this.#awake) return;
    const abort = new AbortController();
    this.#answering = abort;
    for (let lane = 0; lane < this.data.lanes.length && !abort.signal.aborted; lane++) {
      const { status } = this.data.lanes[lane];
      if (status === 'waiting' || status === 'answering')
        await this.#answerLane(lane, abort.signal);
      if (!abort.signal.aborted) this.#schedule();
    }
    if (this.#answering === abort) this.#answering = null;
    this.#schedule();
  }

  async #answerLane(lane: number, signal: AbortSignal): Promise<void> {
    const { question } = this.data;
    const { policy, number } = this.data.lanes[lane];
    if (!question) return;
    this.#set(withLane(this.data, lane, { status: 'answering' }));
    const known = lane === 0 ? this.#subject.data.answer : this.data.lanes[lane].given;
    const problem = await this.#subject.session.use(policy.ref, signal, async (model) => {
      const { key } = policy.ref;
      const { budget } = this.#subject.about;
      const asked = { key, number: number ?? 0, budget, signal };
      const given = known ?? (await sampleAnswer(model, question, asked));
      if (signal.aborted) return;
      const ids = answerIds(model, given);
      const { truncated } = given;
      const answer = readAnswer(this.#subject.task, question, { ids, truncated }, model.tokenizer);
      this.#orders.set(answer, cutOrder(answer.tokens.length, answer.steps));
      const { wantedCut } = this.data.lanes[lane];
      const cut = Math.min(answer.tokens.length, wantedCut ?? middleStep(answer));
      const ready = {
        status: 'ready',
        given,
        answer,
        cut,
        wantedCut: null,
        problem: null,
      } as const;
      this.#set(withMoreToDo(withLane(this.data, lane, ready)));
      if (lane === 0) this.#subject.keep(given);
    });
    if (problem) {
      const failed = { status: 'failed', given: known, answer: null, problem } as const;
      this.#set(withLane(this.data, lane, failed));
    }
  }

  /** Gives every receiver that rests its next work. */
  #schedule(): void {
    if (!this.#awake || !this.data.question) return;
    for (const { model } of this.data.receivers) void this.#work(model.ref);
  }

  async #work(ref: ModelRef): Promise<void> {
    const { key } = ref;
    const { session } = this.#subject;
    const find = () => this.data.receivers.find(({ model }) => model.ref.key === key);
    const receiver = find();
    if (!receiver || receiver.status === 'failed' || this.#jobs.has(key)) return;
    const place = nextPlace(this.data, receiver, (answer) => this.#order(answer));
    if (!place) {
      const settled = this.data.lanes.some(({ status }) => status === 'ready');
      if (settled && receiver.status !== 'done') this.#status(key, 'done');
      return;
    }
    const job = { place, abort: new AbortController() };
    this.#jobs.set(key, job);
    if (!session.has(ref)) this.#status(key, 'loading');
    const problem = await session.use(ref, job.abort.signal, async (model) => {
      if (find()?.status !== 'working') this.#status(key, 'working');
      await this.#finish(key, model, job);
    });
    if (problem) {
      this.#set(withReceiver(this.data, key, () => ({ status: 'failed', problem })));
    }
    this.#jobs.delete(key);
    if (this.#awake && this.data.question) void this.#work(ref);
  }

  async #finish(key: string, model: Model, { place, abort }: Job): Promise<void> {
    const { question, tries } = this.data;
    if (!question) return;
    const [pool] = await finish(model, judgeOfTransfer(this.#subject.task), {
      items: [{ question, prefix: place.prefix, budget: this.#subject.about.budget }],
      copies: tries - place.have,
      sampling: SAMPLING,
      key: streamKey(SEED, `microscope/finish/${key}/${question.prompt}`),
      uid: place.cut * TRIES_PER_CUT + place.have,
      signal: abort.signal,
    });
    if (!abort.signal.aborted) this.#set(withTries(this.data, key, place, pool));
  }

  /** After the cut has come to rest: work elsewhere makes room where nothing is known here. */
  #settle(): void {
    this.#settling = null;
    const { lanes, active, receivers, tries } = this.data;
    const { answer, cut } = lanes[active];
    if (!answer) return;
    for (const receiver of receivers) {
      const job = this.#jobs.get(receiver.model.ref.key);
      const pool = poolAt(receiver, answer, cut);
      const known = pool === null || (pool?.length ?? 0) >= tries;
      const here = job?.place.cut === cut && job.place.prefix === answer.prefixes[cut];
      if (job && !known && !here) job.abort.abort();
    }
    this.#schedule();
  }

  #status(key: string, status: 'loading' | 'working' | 'done'): void {
    this.#set(withReceiver(this.data, key, () => ({ status })));
  }

  #order(answer: Answer): readonly number[] {
    return this.#orders.get(answer) ?? cutOrder(answer.tokens.length, answer.steps);
  }
}

/** Where the cut stands at first: after the step nearest to the middle, unless that is far from it. */
function middleStep({ tokens, steps }: Answer): number {
  const middle = tokens.length / 2;
  const away = (step: number) => Math.abs(step - middle);
  const [nearest] = steps.toSorted((a, b) => away(a) - away(b));
  return nearest !== undefined && away(nearest) <= middle / 2 ? nearest : Math.floor(middle);
}
