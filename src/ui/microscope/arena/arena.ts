/**
 * The arena: two answers to one question, one of them the expert's, and critics that say which. Who is who stays hidden until a person has said
 * what they think, or asks to see it. It knows neither DOM nor React, and models compute in workers of their own.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { BatonError, badConfig, type ErrorReport, toReport } from '../../../errors.ts';
import { surfaceForm } from '../../../rl/critic/surface.ts';
import { type CriticVerdict, turned } from '../../../rl/critic/verdict.ts';
import type { Instrument } from '../instrument.ts';
import { type Judgement, judgePair, VERDICT_TOKENS } from '../judge.ts';
import { hasCritic } from '../judged-task.ts';
import type { ModelChoice } from '../models.ts';
import { scopeTask } from '../scope-tasks.ts';
import type { Subject } from '../subject.ts';
import { type ArenaPair, madePair } from './pair.ts';
import type { RunPair } from './run-pairs.ts';
import { mostSaid, NO_CALLS, type Tally, withCall, withCritic } from './tally.ts';

/** A critic that is asked. */
export interface Judge {
  readonly label: string;
  readonly model: ModelChoice;
  /** False where it was trained to give its verdict at once. */
  readonly reasoning: boolean;
}

export interface JudgeRow {
  readonly judge: Judge;
  readonly status: 'judging' | 'done' | 'failed';
  /** Null until it is there. */
  readonly judgement: Judgement | null;
  readonly problem: ErrorReport | null;
}

export interface ArenaData {
  /** Null where no question is asked, or its task has no critic. */
  readonly pair: ArenaPair | null;
  /** What the visitor thinks; null until they say it. */
  readonly called: CriticVerdict | null;
  /** Whether it is shown who wrote which. */
  readonly revealed: boolean;
  /** Whether the visitor has looked at what the run's critic said, before they called the pair. */
  readonly peeked: boolean;
  readonly judges: readonly JudgeRow[];
  /** What is wrong with a pair that somebody wrote, or that a run kept. */
  readonly problem: ErrorReport | null;
  /** The visitor's calls and the critic's. */
  readonly tally: Tally;
}

const FRESH = {
  ...{ called: null, revealed: false, peeked: false },
  ...{ judges: [], problem: null },
} as const;

/** Verdicts of each critic in each order. */
export const TRIES = 8;
/** Longer text is no answer of any task. */
export const LONGEST_ANSWER = 64;
/** What the arena opens on, unless a task with a critic is looked at: its bundled policy knows the critic's form. */
const FIRST_TASK = 'chain-critic';

export class ArenaMicroscope implements Instrument<ArenaData> {
  readonly store: StoreApi<ArenaData> = createStore<ArenaData>(() => ({
    ...{ pair: null, ...FRESH, tally: NO_CALLS },
  }));
  readonly #subject: Subject;
  #awake = false;
  #job: AbortController | null = null;

  constructor(subject: Subject) {
    this.#subject = subject;
    subject.store.subscribe(() => this.#follow());
  }

  get data(): ArenaData {
    return this.store.getState();
  }

  /** Shows a pair that a run's critic saw. What cannot be read as a question of the task is said, and nothing else changes. */
  take(seen: RunPair, task: string): void {
    try {
      const now = this.#subject.data;
      const same = now.task === task && now.question?.prompt === seen.prompt;
      if (!same) {
        const asked = this.#subject.taskOf(task).readQuestion(seen.prompt);
        this.#subject.restore({ task, question: asked });
      }
      const { question } = this.#subject.data;
      if (!question) return;
      const { first, second, expert } = seen;
      this.#show({ question, first, second, expert, seen });
    } catch (error) {
      this.#set({ problem: reported(error) });
    }
  }

  /** Shows two answers that a person wrote, in the form in which critics see them. */
  write(first: string, second: string): void {
    const { question } = this.#subject.data;
    if (!question) return;
    const [one, other] = [surfaceForm(first), surfaceForm(second)];
    const problem = textProblem(one, other);
    if (problem) this.#set({ problem });
    else this.#show({ question, first: one, second: other, expert: null, seen: null });
  }

  /** What the visitor thinks. It also shows who wrote which. A call counts where the visitor could not know: see `fairPair`. */
  call(called: CriticVerdict): void {
    const { tally } = this.data;
    const fair = fairPair(this.data);
    this.#set({
      ...{ called, revealed: true },
      ...(fair && { tally: withCall(tally, fair.key, fair.expert, called, fair.critic) }),
    });
  }

  /** Shows what the run's critic said; a call after that does not count. */
  peek(): void {
    this.#set({ peeked: true });
  }

  reveal(): void {
    this.#set({ revealed: true });
  }

  /** Asks critics about the pair, one after the other. One that fails takes no other along. */
  async ask(judges: readonly Judge[]): Promise<void> {
    const { pair } = this.data;
    const { task, session } = this.#subject;
    if (!pair || !hasCritic(task)) return;
    this.#job?.abort();
    const job = new AbortController();
    this.#job = job;
    const rows = judges.map(
      (judge): JudgeRow => ({ judge, status: 'judging', judgement: null, problem: null }),
    );
    this.#set({ judges: rows });
    session.need(
      this,
      judges.map(({ model }) => model.ref.key),
    );
    for (const { model, reasoning } of judges) {
      const problem = await session.use(model.ref, job.signal, async (opened) => {
        const judgement = await judgePair(opened, task.critic, pair, {
          ...{ tries: TRIES, budget: VERDICT_TOKENS, reasoning, signal: job.signal },
        });
        this.#change(job, model, { status: 'done', judgement });
        this.#count(job, pair, judgement);
      });
      if (problem) this.#change(job, model, { status: 'failed', problem });
      if (job.signal.aborted) return;
    }
    this.#job = null;
  }

  setAwake(awake: boolean): void {
    if (awake === this.#awake) return;
    this.#awake = awake;
    if (!awake) {
      this.#rest();
      return;
    }
    const { question, task } = this.#subject.data;
    if (question === null && !scopeTask(task).critic) this.#subject.chooseTask(FIRST_TASK);
    this.#follow();
  }

  writeAddress(query: URLSearchParams): void {
    const { pair } = this.data;
    if (!pair || pair.expert !== null) return;
    query.set('first', pair.first);
    query.set('second', pair.second);
  }

  readAddress(query: URLSearchParams): void {
    const [first, second] = [query.get('first'), query.get('second')];
    if (first !== null && second !== null) this.write(first, second);
  }

  /** Another question, or the question's answer in another microscope, makes another pair. */
  #follow(): void {
    if (!this.#awake) return;
    const { question, answer } = this.#subject.data;
    if (question === this.data.pair?.question) return;
    const { task } = this.#subject;
    const able = question !== null && hasCritic(task);
    this.#show(able ? madePair(task, question, answer?.text ?? null) : null);
  }

  #show(pair: ArenaPair | null): void {
    this.#rest();
    this.store.setState({ pair, ...FRESH });
  }

  #set(change: Partial<ArenaData>): void {
    this.store.setState(change);
  }

  /** Ends what is under way and gives the models back; what was not judged yet is asked for again by a person. */
  #rest(): void {
    this.#job?.abort();
    this.#job = null;
    this.#subject.session.need(this, []);
    this.#set({ judges: this.data.judges.filter(({ status }) => status !== 'judging') });
  }

  /** Of several critics the last one counts: the others are what it is compared with. */
  #count(job: AbortController, pair: ArenaPair, { orders }: Judgement): void {
    if (job.signal.aborted || this.data.judges.some(({ status }) => status === 'judging')) return;
    const said = orders.flatMap((order) => order.said.map(({ verdict }) => verdict));
    this.#set({ tally: withCritic(this.data.tally, keyOf(pair), mostSaid(said)) });
  }

  #change(job: AbortController, model: ModelChoice, change: Partial<JudgeRow>): void {
    if (job.signal.aborted) return;
    this.#set({
      judges: this.data.judges.map((row) =>
        row.judge.model === model ? { ...row, ...change } : row,
      ),
    });
  }
}

/**
 * The pair, if a call of it counts: one of the answers is the expert's and the other another, nothing gives away which, and no critic has
 * said what it thinks.
 */
function fairPair({ pair, revealed, peeked, judges }: ArenaData) {
  if (!pair || pair.expert === null || pair.first === pair.second) return null;
  if (revealed || peeked || judges.length > 0) return null;
  const { expert, seen } = pair;
  const said = seen?.verdicts.map(({ verdict, turned: other }) =>
    verdict && other ? turned(verdict) : verdict,
  );
  return { key: keyOf(pair), expert, critic: said ? mostSaid(said) : null };
}

function keyOf({ question, first, second, seen }: ArenaPair): string {
  return [seen?.step ?? '', question.prompt, first, second].join(' ');
}

function textProblem(first: string, second: string): ErrorReport | null {
  const empty = first === '' || second === '';
  if (empty) return said('An answer is missing', 'Write both answers.');
  const long = Math.max(first.length, second.length) > LONGEST_ANSWER;
  return long ? said(`An answer has more than ${LONGEST_ANSWER} characters`, 'Shorten it.') : null;
}

function said(message: string, remedy: string): ErrorReport {
  return toReport(badConfig('pair', message, remedy));
}

function reported(error: unknown): ErrorReport {
  if (error instanceof BatonError) return toReport(error);
  throw error;
}
