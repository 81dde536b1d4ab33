/**
 * The transfer microscope: a policy answers, receivers finish its answer from every cut. It holds the data and gives the work
 * to the models, one request at a time each; what is asked for no longer is cancelled. It knows neither DOM nor React, and the
 * models compute in workers of their own.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { BatonError, badConfig, toReport } from '../../../errors.ts';
import { judgeOfTransfer } from '../../../rl/evaluate/evaluate.ts';
import { parseExperiment, REWARDS_OF_ANY_TASK } from '../../../rl/experiment/schema.ts';
import { streamKey } from '../../../rl/random.ts';
import { finish } from '../../../rl/rewards/transfer/finish.ts';
import { createTask, type TaskId } from '../../../rl/tasks/index.ts';
import type { Question, Task } from '../../../rl/tasks/task.ts';
import { type Answer, readAnswer } from './answer.ts';
import { cutOrder } from './cuts.ts';
import type { ModelChoice, ModelRef } from './models.ts';
import {
  freshData,
  freshLane,
  nextPlace,
  type Place,
  poolAt,
  type TransferData,
  withLane,
  withMoreToDo,
  withQuestion,
  withReceiver,
  withReceivers,
  withTries,
} from './transfer-data.ts';

/** A model that goes on with token sequences, wherever it computes. */
export type Model = Parameters<typeof finish>[0];

export interface TransferOptions {
  /** Opens a model. @throws BadFile, BadConfig, OutOfMemory and the like, as they are shown. */
  readonly open: (ref: ModelRef, signal: AbortSignal) => Promise<Model>;
  /** Milliseconds that a cut rests before work under way elsewhere makes room for it. */
  readonly settleMs?: number;
}

/** Most tokens of an answer, and of what a receiver adds to one, whatever the cut. */
export const BUDGET = 64;
/** Numbers set aside for the tries at one cut: more tries extend a pool and change none of it. */
const TRIES_PER_CUT = 1024;
/** Everything is drawn as trained: from the model's own distribution. */
const SAMPLING = { temperature: 1, topK: 0, topP: 1, minP: 0, greedy: false } as const;
const SEED = 0;

interface Job {
  readonly place: Place;
  readonly abort: AbortController;
}

export class TransferMicroscope {
  readonly store: StoreApi<TransferData>;
  readonly #options: TransferOptions;
  readonly #tasks = new Map<TaskId, Task>();
  readonly #opened = new Map<
    string,
    { readonly model: Promise<Model>; readonly abort: AbortController }
  >();
  /** Requests under way, by the receiver's key. */
  readonly #jobs = new Map<string, Job>();
  readonly #orders = new WeakMap<Answer, readonly number[]>();
  #answering: AbortController | null = null;
  #settling: ReturnType<typeof setTimeout> | null = null;
  #awake = true;

  constructor(options: TransferOptions, task: TaskId = 'countdown') {
    this.#options = options;
    this.store = createStore<TransferData>(() => freshData(task));
  }

  get data(): TransferData {
    return this.store.getState();
  }

  /** The task as the microscope asks it, with its default settings. */
  get task(): Task {
    return this.taskOf(this.data.task);
  }

  taskOf(id: TaskId): Task {
    const known = this.#tasks.get(id);
    if (known) return known;
    const task = defaultTask(id);
    this.#tasks.set(id, task);
    return task;
  }

  chooseTask(task: TaskId): void {
    if (task === this.data.task) return;
    this.#cancel();
    this.store.setState(freshData(task, this.data.tries), true);
    this.#closeUnused();
  }

  /** Asks a question of the present task. */
  ask(question: Question): void {
    this.#cancel();
    this.#set(withQuestion(this.data, question));
    void this.#answer();
  }

  /** Shows what a link says: a question of a task, who answers it, which of their answers, and where these are cut. */
  restore(
    task: TaskId,
    question: Question,
    lanes: readonly { policy: ModelChoice; number: number; cut: number | null }[],
  ): void {
    this.#cancel();
    const fresh = withQuestion(freshData(task, this.data.tries), question);
    const restored = lanes.map(({ policy, number, cut }) => ({
      ...freshLane(policy),
      number,
      wantedCut: cut,
    }));
    this.#set({ ...fresh, lanes: restored.length > 0 ? restored : fresh.lanes });
    this.#closeUnused();
    void this.#answer();
  }

  /** Lets a policy answer once more, from other random numbers. */
  newAnswer(lane: number): void {
    this.#cancel();
    const { number } = this.data.lanes[lane];
    this.#set(withLane(this.data, lane, { number: number + 1, status: 'waiting', problem: null }));
    void this.#answer();
  }

  /** Lets another policy answer; it starts with its first answer. */
  choosePolicy(lane: number, policy: ModelChoice): void {
    this.#cancel();
    this.#set(withLane(this.data, lane, freshLane(policy)));
    this.#closeUnused();
    void this.#answer();
  }

  /** Sets a second policy below the first, or takes it away again. */
  compare(policy: ModelChoice | null): void {
    this.#cancel();
    const [first] = this.data.lanes;
    const lanes = policy ? [first, freshLane(policy)] : [first];
    this.#set({ ...this.data, lanes, active: 0 });
    this.#closeUnused();
    void this.#answer();
  }

  moveCut(lane: number, cut: number): void {
    const { answer } = this.data.lanes[lane];
    const most = answer ? answer.tokens.length : 0;
    const at = Math.min(most, Math.max(0, Math.round(cut)));
    this.#set({ ...withLane(this.data, lane, { cut: at }), active: lane });
    if (this.#settling !== null) clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#settle(), this.#options.settleMs ?? 120);
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
    this.#closeUnused();
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

  /** Rests while nobody looks: what is under way is cancelled and goes on when awake again. */
  setAwake(awake: boolean): void {
    if (awake === this.#awake) return;
    this.#awake = awake;
    if (!awake) this.#cancel();
    else void this.#answer();
  }

  /** Gives back every model. */
  close(): void {
    this.#awake = false;
    this.#cancel();
    for (const key of [...this.#opened.keys()]) this.#closeModel(key);
  }

  #set(data: TransferData): void {
    this.store.setState(data, true);
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
    try {
      const model = await this.#open(policy.ref);
      if (signal.aborted) return;
      const prompt = model.tokenizer.encode(question.prompt, { addSpecial: true });
      const [sampled] = await model.complete({
        prompts: [prompt],
        copies: 1,
        budgets: [Math.min(BUDGET, model.positions - prompt.length)],
        sampling: SAMPLING,
        key: streamKey(SEED, `microscope/answer/${policy.ref.key}/${question.prompt}`),
        uid: number,
        signal,
      });
      if (signal.aborted) return;
      const answer = readAnswer(this.task, question, sampled, model.tokenizer);
      this.#orders.set(answer, cutOrder(answer.tokens.length, answer.steps));
      const { wantedCut } = this.data.lanes[lane];
      const cut = Math.min(answer.tokens.length, wantedCut ?? middleStep(answer));
      const change = { status: 'ready', answer, cut, wantedCut: null, problem: null } as const;
      this.#set(withMoreToDo(withLane(this.data, lane, change)));
    } catch (error) {
      if (signal.aborted || isCancelled(error)) return;
      this.#closeModel(policy.ref.key);
      this.#set(
        withLane(this.data, lane, { status: 'failed', answer: null, problem: toReport(error) }),
      );
    }
  }

  /** Gives every receiver that rests its next work. */
  #schedule(): void {
    if (!this.#awake || !this.data.question) return;
    for (const { model } of this.data.receivers) void this.#work(model.ref);
  }

  async #work(ref: ModelRef): Promise<void> {
    const { key } = ref;
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
    try {
      if (!this.#opened.has(key)) this.#status(key, 'loading');
      const model = await this.#open(ref);
      if (!job.abort.signal.aborted) {
        if (find()?.status !== 'working') this.#status(key, 'working');
        await this.#finish(key, model, job);
      }
    } catch (error) {
      if (!job.abort.signal.aborted && !isCancelled(error)) {
        this.#closeModel(key);
        const problem = toReport(error);
        this.#set(withReceiver(this.data, key, () => ({ status: 'failed', problem })));
      }
    } finally {
      this.#jobs.delete(key);
    }
    if (this.#awake && this.data.question) void this.#work(ref);
  }

  async #finish(key: string, model: Model, { place, abort }: Job): Promise<void> {
    const { question, tries } = this.data;
    if (!question) return;
    const [pool] = await finish(model, judgeOfTransfer(this.task), {
      items: [{ question, prefix: place.prefix, budget: BUDGET }],
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

  #open(ref: ModelRef): Promise<Model> {
    const known = this.#opened.get(ref.key);
    if (known) return known.model;
    const abort = new AbortController();
    const model = this.#options.open(ref, abort.signal);
    this.#opened.set(ref.key, { model, abort });
    // Who waits for it is told of a failure; here it must only not count as unhandled.
    model.catch(() => undefined);
    return model;
  }

  #closeUnused(): void {
    const { lanes, receivers } = this.data;
    const used = new Set([
      ...lanes.map(({ policy }) => policy.ref.key),
      ...receivers.map(({ model }) => model.ref.key),
    ]);
    for (const key of [...this.#opened.keys()]) if (!used.has(key)) this.#closeModel(key);
  }

  #closeModel(key: string): void {
    const opened = this.#opened.get(key);
    if (!opened) return;
    this.#opened.delete(key);
    opened.abort.abort();
    opened.model.then(
      (model) => model.close(),
      () => undefined,
    );
  }
}

/** A task with its default settings. */
export function defaultTask(id: TaskId): Task {
  const parsed = parseExperiment({ task: { id }, rewards: REWARDS_OF_ANY_TASK });
  if (!parsed.ok) throw badConfig('task', parsed.problems[0].message);
  return createTask(parsed.experiment.task);
}

/** Where the cut stands at first: after the step nearest to the middle, unless that is far from it. */
function middleStep({ tokens, steps }: Answer): number {
  const middle = tokens.length / 2;
  const away = (step: number) => Math.abs(step - middle);
  const [nearest] = steps.toSorted((a, b) => away(a) - away(b));
  return nearest !== undefined && away(nearest) <= middle / 2 ? nearest : Math.floor(middle);
}

function isCancelled(error: unknown): boolean {
  return error instanceof BatonError && error.kind === 'Cancelled';
}
