/**
 * The answer as it was before somebody edited it, kept beside what it has become. What needs other models, transfer and a critic's verdict, is
 * asked for both on request. It knows neither DOM nor React.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ErrorReport } from '../../../errors.ts';
import { hasVerifier } from '../../../rl/tasks/task.ts';
import { hasCritic } from '../judged-task.ts';
import { type ModelChoice, receiversOf } from '../models.ts';
import type { Subject } from '../subject.ts';
import { type CriticSays, criticSays, finishedShare } from './asked-of-others.ts';
import type { AnswerScore } from './score-answers.ts';

/** What others say of one text; absent while it was not asked, null where they cannot say. */
export interface Said {
  readonly transfer?: number | null;
  readonly critic?: CriticSays | null;
}

export interface EditData {
  /** The score of the text that edits are compared with; null before there is one. */
  readonly base: AnswerScore | null;
  /** By text. */
  readonly said: ReadonlyMap<string, Said>;
  readonly asking: 'transfer' | 'critic' | null;
  readonly problem: ErrorReport | null;
}

const NOTHING: EditData = { base: null, said: new Map(), asking: null, problem: null };

export class EditCompare {
  readonly store: StoreApi<EditData> = createStore<EditData>(() => NOTHING);
  readonly #subject: Subject;
  /** Question and reader that the base is of. */
  #of = '';
  #job: AbortController | null = null;

  constructor(subject: Subject) {
    this.#subject = subject;
  }

  /** Takes up a new score: of another question or reader, or of an answer that the policy gave, it is the base. */
  follow(score: AnswerScore): void {
    const { question, policy, answer } = this.#subject.data;
    const of = `${policy.ref.key} ${question?.prompt}`;
    const edited = of === this.#of && answer?.number == null && this.store.getState().base !== null;
    if (edited) return;
    this.#job?.abort();
    const said = of === this.#of ? this.store.getState().said : NOTHING.said;
    this.#of = of;
    this.store.setState({ ...NOTHING, base: score, said });
  }

  /** What stands there now is what further edits are compared with. */
  keep(score: AnswerScore): void {
    this.store.setState({ base: score });
  }

  /** The receiver that is asked; undefined where nobody can judge what it finishes, or there is none. */
  get receiver(): ModelChoice | undefined {
    return hasVerifier(this.#subject.task) ? receiversOf(this.#subject.data.task)[0] : undefined;
  }

  /** Whether the policy that reads knows the critic's part too. */
  get criticKnown(): boolean {
    return this.#subject.about.critic === true && hasCritic(this.#subject.task);
  }

  /** Lets a receiver finish both texts from every cut. */
  askReceiver(texts: readonly string[]): Promise<void> {
    const { task, about, data } = this.#subject;
    const { receiver } = this;
    const { question } = data;
    if (!receiver || !question || !hasVerifier(task)) return Promise.resolve();
    return this.#ask('transfer', receiver, texts, async (model, text, signal) => ({
      transfer: await finishedShare(model, task, { question, text, budget: about.budget }, signal),
    }));
  }

  /** Asks the policy in the critic's part about both texts, each beside the expert's. */
  askCritic(texts: readonly string[]): Promise<void> {
    const { task, data } = this.#subject;
    const { question, policy } = data;
    if (!question || !hasCritic(task)) return Promise.resolve();
    return this.#ask('critic', policy, texts, async (model, text, signal) => ({
      critic: await criticSays(model, task, { question, text }, signal),
    }));
  }

  stop(): void {
    this.#job?.abort();
    this.#job = null;
    this.store.setState({ asking: null });
    this.#subject.session.need(this, []);
  }

  async #ask(
    asking: 'transfer' | 'critic',
    { ref }: ModelChoice,
    texts: readonly string[],
    of: (
      model: Parameters<typeof finishedShare>[0],
      text: string,
      signal: AbortSignal,
    ) => Promise<Said>,
  ): Promise<void> {
    this.#job?.abort();
    const job = new AbortController();
    this.#job = job;
    this.store.setState({ asking, problem: null });
    const { session } = this.#subject;
    session.need(this, [ref.key]);
    const problem = await session.use(ref, job.signal, async (model) => {
      for (const text of texts) {
        const { said } = this.store.getState();
        if (said.get(text)?.[asking] !== undefined) continue;
        const answer = await of(model, text, job.signal);
        if (job.signal.aborted) return;
        const known = this.store.getState().said;
        const all = new Map(known).set(text, { ...known.get(text), ...answer });
        this.store.setState({ said: all });
      }
    });
    if (this.#job !== job) return;
    this.#job = null;
    this.store.setState({ asking: null, problem });
  }
}
