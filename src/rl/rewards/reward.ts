/**
 * What a reward term is. One interface for rules (answer, format), for terms that ask a model (transfer, self-aligned) and
 * for terms that learn (critics, learned rewards). Adding a term takes one file that exports a `RewardKind` and one line in
 * `index.ts`.
 */
import type { SamplingSettings } from '../../kernels/sample/sample.ts';
import type { Receiver, ReceiverBackend } from '../../model/receiver.ts';
import type { Tokenizer } from '../../model/tokenizer.ts';
import { type Described, flag, number, type Shape, type Values } from '../experiment/field.ts';
import type { RandomStream } from '../random.ts';
import type { Question, Task } from '../tasks/task.ts';

/** One completion as terms see it. Terms read it and never change it. */
export interface Completion {
  /** Who wrote it: `solver`. */
  readonly role: string;
  readonly question: Question;
  /** Completions of one question share a group. Groups are numbered 0, 1, 2, ... and follow each other in the batch. */
  readonly group: number;
  /** What the model read, where that is not the question's own prompt. */
  readonly prompt?: string;
  readonly promptIds: readonly number[];
  /** Token ids, end token included where it was sampled. Empty, as is `logprobs`, where text is scored without a model. */
  readonly completionIds: readonly number[];
  /** The text without the end token. */
  readonly text: string;
  /** Log-probability of each completion token when it was sampled, nats, at the sampling temperature. */
  readonly logprobs: readonly number[];
  /** True where the token budget ended before the end token. */
  readonly truncated: boolean;
}

/** A prompt and a completion to be scored, as token ids. */
export interface TokenPair {
  readonly promptIds: readonly number[];
  readonly completionIds: readonly number[];
}

/** The policy as it was when it sampled the batch, asked without gradient. */
export interface PolicyService {
  /** Log-probability of every completion token given what is before it, nats, at the sampling temperature. */
  logprobs(pairs: readonly TokenPair[]): Promise<readonly (readonly number[])[]>;
  /** The most tokens that a pair may have; no bound where it is absent. */
  readonly positions?: number;
  /** `addSpecial` (default false) adds what the tokenizer puts around a prompt, such as `<bos>`. */
  encode(text: string, options?: { readonly addSpecial?: boolean }): readonly number[];
  decode(ids: readonly number[]): string;
  /** The end token; null where the tokenizer has none. */
  readonly eosId: number | null;
}

/** Opens receivers for terms. Each is opened once and kept for the whole run. */
export interface ReceiverService {
  /**
   * @param id a bundled model's folder such as `receivers/chain-nano-b`, `policy` (the policy as it was before the run), or a
   *   person's own decoder as `own/NAME`, for which the backend is always `onnx`
   * @throws BadConfig where there is no such model; BadFile
   */
  open(id: string, backend: ReceiverBackend): Promise<Receiver>;
  /** Closes all of them. */
  close(): void;
}

/** Models with a scalar head that terms ask and nobody trains. */
export interface FrozenModels {
  /** The policy's, which they all read. */
  readonly tokenizer: Tokenizer;
  /**
   * What a term's model says at every completion token.
   * @throws BatonError `BadConfig` on the setting that names the model, where a number is not finite
   */
  values(term: string, pairs: readonly TokenPair[]): Promise<readonly Float32Array[]>;
}

/** What a term may use besides the batch. */
export interface RewardContext {
  readonly task: Task;
  /** The step the batch belongs to, 0 for lines scored outside a run. */
  readonly step: number;
  /** Random numbers of this term, step and counters (at most two), the same whatever other terms draw. */
  random(...counters: readonly number[]): RandomStream;
  /** Absent where lines are scored without a model; a term that needs it refuses with a `BadConfig` error. */
  readonly policy?: PolicyService;
  /** Absent where nothing can open a receiver; a term that needs one refuses with a `BadConfig` error. */
  readonly receivers?: ReceiverService;
  /** Absent where nothing can open such models; a term that needs one refuses with a `BadConfig` error. */
  readonly frozen?: FrozenModels;
  /** How the batch was sampled. Receivers sample in the same way unless their own settings differ. */
  readonly sampling?: SamplingSettings;
  /** Most tokens of a completion of the batch. */
  readonly budget?: number;
  /** Does work that only measures, so that its time is counted apart from the reward's; absent where nothing is timed. */
  aside?<T>(work: () => Promise<T>): Promise<T>;
  /** Ends long work; a term that waits for models rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What a term used to score one completion, as plain data for people and for `lab reward`. */
export type Used = Readonly<Record<string, unknown>>;

/** One term's result for a batch of N completions. */
export interface TermScores {
  /** N raw values, before the weight. Null means that it cannot be scored, which is not the same as 0. */
  readonly values: readonly (number | null)[];
  /** N lists of one value per completion token, for terms that know where in the text the reward arises; null as above. */
  readonly tokenValues?: readonly (readonly number[] | null)[];
  /** The term's own numbers for the metrics row, named without the term; `leakage` becomes `rewards/transfer/leakage`. */
  readonly metrics?: Readonly<Record<string, number>>;
  /** N records of what was used. */
  readonly used: readonly Used[];
  /** N records for the sample browser; absent where the value says everything. */
  readonly shown?: readonly Used[];
  /**
   * More numbers per completion token that people should see, by name; null for a completion that has none. Records name them
   * `<term>/<name>`; a line in token-numbers.ts says what one means.
   */
  readonly tokens?: Readonly<Record<string, readonly (readonly number[] | null)[]>>;
}

/** A reward term with its settings chosen. */
export interface RewardTerm {
  /** Loads what scoring needs, before the first batch, so that missing parts are reported early. */
  prepare?(receivers: ReceiverService | undefined): Promise<void>;
  /** Scores a batch. Where something that it needs has failed it rejects, and does not score with zeros. */
  score(batch: readonly Completion[], context: RewardContext): Promise<TermScores>;
  /**
   * For terms that learn: whether the batch is scored after the update, in the order of the papers, or before it, so that no answer is
   * scored by what was learned from it. Default: `update-first`.
   */
  readonly order?: 'update-first' | 'score-first';
  /**
   * For terms that learn: called once per step on the fresh batch, by `order` before or after `score`. A number that is not finite is
   * a `NotFinite` with the term's name and the path of its rate.
   * Gives numbers for the metrics row, named as in `TermScores.metrics`.
   */
  update?(
    batch: readonly Completion[],
    context: RewardContext,
  ): Promise<Readonly<Record<string, number>>>;
  /** For terms that learn: everything that a resumed run needs, as named files. */
  save?(): Promise<ReadonlyMap<string, Uint8Array>>;
  /** Restores what `save` gave. @throws BatonError `BadFile` */
  restore?(files: ReadonlyMap<string, Uint8Array>): Promise<void>;
  /** Frees workers and memory. */
  close?(): void;
}

/** A term before its settings are chosen: what the experiment's schema, the panel and the registry hold. */
export interface RewardKind<S extends Shape = Shape> {
  readonly label: string;
  readonly description: string;
  /** The value's definition in one line, as the page shows it. */
  readonly formula: string;
  /** The term's own settings, and those of every term. */
  readonly options: S & CommonOptions;
  /** Whether, with these settings, it must know right from wrong. Such a term is refused for a task without a verifier. */
  needsVerifier?(options: Values<S>): boolean;
  /** The folder of a model with a scalar head that it asks, and the setting that names it. A run opens it as a learner that is not trained. */
  model?(options: Values<S>): { readonly folder: string; readonly setting: string };
  /** The models that continue answers for it on the run's own device, as `ReceiverService` knows them. */
  receivers?(options: Values<S>): readonly string[];
  /** Why it cannot score a task's completions, as a clause that begins with "which"; undefined where it can. Such a term is refused for the task. */
  objection?(task: Task): string | undefined;
  /** True where the value says nothing of the answer: such a term is there to compare others with. */
  readonly control?: true;
  create(options: Values<S>): RewardTerm;
}

/** What every term can be set to besides its weight. Terms do not look at these: `scoreBatch` carries them out. */
const commonOptions = {
  permuted: flag({
    label: 'Permuted',
    help: 'Control: shuffles the values among the answers to each question before they are paid. The term keeps its size and spread and says nothing, so what still changes is not its doing. Values per token are not paid then.',
    default: false,
  }),
};

type CommonOptions = typeof commonOptions;

/** Declares a kind of term from its own settings, its weight among them. The settings of every term follow them. */
export function defineReward<S extends Shape>(
  kind: Omit<RewardKind<S>, 'options'> & { readonly options: S },
): RewardKind<S> {
  return { ...kind, options: { ...kind.options, ...commonOptions } };
}

/** The setting of the weight, which every term declares with its own default. @param words the term's own label, help or source, where it has any */
export function weight(defaultWeight: number, words: Partial<Described> = {}) {
  return number({
    label: 'Weight',
    help: 'What the value is multiplied with before all terms are added. 0 only watches it.',
    source: 'trl',
    ...words,
    min: -10,
    max: 10,
    default: defaultWeight,
    live: true,
  });
}
