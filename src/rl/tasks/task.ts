/**
 * What a task is: questions by counters, an expert, and an exact verifier where there can be one. Adding a task takes one file
 * that exports a `TaskKind` and one line in `index.ts`.
 *
 * All text of a task uses only characters that the bundled tokenizer knows.
 */
import type { AloneVerdict, CriticVerdict } from '../critic/verdict.ts';
import type { Shape, Values } from '../experiment/field.ts';
import type { RandomStream } from '../random.ts';
import type { ChatterKind } from './chatter.ts';

/**
 * Which questions: to learn from, held out but of the same kind, or out of distribution (another kind by construction).
 * The three never share a multiset of numbers (or a path of hops), whatever the seed.
 */
export type Split = 'train' | 'test' | 'ood';

export const SPLITS: readonly Split[] = ['train', 'test', 'ood'];

/** One question. `Data` is plain JSON that only the task reads. */
export interface Question<Data = unknown> {
  /** What the model reads, and all that it reads. */
  readonly prompt: string;
  /** The question in words, such as `Make 21 from 2, 5 and 8`. */
  readonly title: string;
  readonly data: Data;
}

/** What the verifier says of one completion. */
export interface Verdict {
  readonly correct: boolean;
  /** True where the whole completion has the task's form, right or wrong. */
  readonly wellFormed: boolean;
  /**
   * The answer in canonical form, so that equal answers can be counted for maj@k; null where none can be read.
   * For one question, equal answers are always equally right or wrong.
   */
  readonly answer: string | null;
  /** Why it is wrong, in a few words, such as `8-2=5 is false`. Absent where it is right. */
  readonly note?: string;
  /**
   * The first step at fault, from 0, as `stepBoundaries` counts them; an answer that stands apart counts as a step. Absent where no step is at fault
   * (a wrong completion may just end too early) and where the completion cannot be read. It may be there where the answer is right all the same.
   */
  readonly firstWrong?: number;
}

/** A way to write steps: the page marks answers with its label. */
export interface Dialect {
  readonly id: string;
  readonly label: string;
  /** What it looks like, in one sentence. */
  readonly help: string;
}

/** A mistake that an expert makes again and again, and goes on from. */
export interface Misconception {
  readonly id: string;
  /** What the expert does, after "it", such as `forgets every carry, as in 58+17=65`. */
  readonly said: string;
}

/** How a completion is written, right or wrong. */
export interface Manner {
  /** The dialect of its steps, by id; null where it has no steps or is none of the task's dialects. */
  readonly dialect: string | null;
  /** Where it says nothing new: character offsets, from and to, rising and apart. */
  readonly chatter: readonly (readonly [from: number, to: number])[];
}

export type TraceStyle = 'terse' | 'wordy' | 'mixed';

/** How expert traces are written. */
export interface TraceOptions {
  /**
   * Weights of 0, 1, 2, ... failed tries before the right one; they need not sum to 1. Only tasks whose answers are found
   * by trying have failed tries; others refuse any weight beyond the first.
   */
  readonly failedTries?: readonly number[];
  /**
   * Chance that a trace with failed tries stops on the last of them, without the right one. A model that has only seen traces
   * end at the target never stops on a miss, and every wrong answer runs to the token limit. Giving up now and then keeps wrong
   * answers short, and leaves trying on as something to learn. Default 0; tasks without tries ignore it.
   */
  readonly giveUp?: number;
  /**
   * Chance that a step's result is written wrong by one or by ten; the trace goes on from it and ends wrong. A model that learned
   * from such a careless expert knows more than it shows, and reinforcement can bring that out quickly. Default 0; only
   * tasks whose steps are not judged one by one have slips, others ignore it.
   */
  readonly slips?: number;
  /**
   * Chances of the task's misconceptions, by id, at each step where they can happen; the trace goes on from what they give. Unlike slips they are the
   * same mistake each time. Default: none.
   */
  readonly misconceptions?: Readonly<Record<string, number>>;
  /** `any` writes `3*7` as often as `7*3`; `larger-first` halves the facts that a very small model must learn. */
  readonly operands?: 'any' | 'larger-first';
  /**
   * Bare steps, steps with words around them, or each of the two as often as the other. Default `terse`; tasks whose answers have
   * no words ignore it.
   */
  readonly style?: TraceStyle;
  /** Weights of the task's dialects, by id; they need not sum to 1. Each trace draws one. Default: the task's first alone. */
  readonly dialects?: Readonly<Record<string, number>>;
  /** Chance of a slip in a step of this dialect, in place of `slips`. */
  readonly dialectSlips?: Readonly<Record<string, number>>;
  /** The most chatter, 0 to 3: each trace draws its own level, from none to this. Default 0; tasks without chatter ignore it. */
  readonly chatter?: number;
  /** What is said: fillers, or the question once more. Default `filler`. */
  readonly chatterKind?: ChatterKind;
  /** Whether a check of the whole finds slips, and the answer follows the check. Default false. */
  readonly checkRepairs?: boolean;
}

/** How the expert critic's traces are written. What leads to the verdict is written as `TraceOptions` say. */
export interface CriticTraceOptions extends TraceOptions {
  /** Chance that the verdict follows what the reasoning found; otherwise it is drawn at random. Default 0.4. */
  readonly follows?: number;
  /** Whether a tie may be said. Default true. */
  readonly ties?: boolean;
  /** Whether the reasoning stands before the verdict. Default true. */
  readonly reasoning?: boolean;
}

/**
 * How a critic judges the answers of a task in pairs, without a verifier. All answers that it is shown come from `answer` and are in one
 * surface form (`src/rl/critic/surface.ts`).
 */
export interface TaskCritic<Data = unknown> {
  /** A completion's answer without what leads to it; null where it has none. Never throws. */
  answer(question: Question<Data>, completion: string): string | null;
  /** What the critic reads: the question and two answers. */
  prompt(question: Question<Data>, first: string, second: string): string;
  /** How to read what it writes before its verdict: a sentence for people. */
  readonly legend: string;
  /** The expert critic's reasoning and verdict (see `CriticTraceOptions`), drawn from `random`, without the end token. */
  trace(
    question: Question<Data>,
    first: string,
    second: string,
    random: RandomStream,
    options?: CriticTraceOptions,
  ): string;
  /** Reads the critic's text; null unless it ends with a tagged verdict. Never throws. */
  read(text: string): CriticVerdict | null;
  /** A wrong answer of the kind that a policy gives, drawn from `random`: with it a warm start makes pairs. */
  wrong(question: Question<Data>, random: RandomStream): string;
  /** The same for a critic that judges one answer alone: an ablation. */
  readonly alone: {
    prompt(question: Question<Data>, answer: string): string;
    trace(
      question: Question<Data>,
      answer: string,
      random: RandomStream,
      options?: CriticTraceOptions,
    ): string;
    read(text: string): AloneVerdict | null;
  };
}

/** A task with its settings chosen. */
export interface Task<Data = unknown> {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** How to read a question and an answer as they are written: a sentence or two for people. Signs stand between backticks. */
  readonly legend: string;
  /**
   * The prompt with the question emptied and the template kept: what stands in every prompt whatever is asked, up to the
   * place where the answer begins. The self-aligned reward scores answers after it. It is no question of the task, and a
   * policy has rarely or never seen it.
   */
  readonly emptyPrompt: string;
  /** Characters that no prompt of `question` exceeds. Absent where that is not known without asking many. */
  readonly mostCharacters?: number;
  /**
   * The question number `index` (0, 1, 2, ...) of a split: a pure function of its arguments, so that any step can be drawn
   * again without the steps before it.
   */
  question(split: Split, index: number, seed: number): Question<Data>;
  /**
   * The question that a prompt asks.
   * @throws BatonError `BadConfig` on the field `question` where the prompt is not of this task, or has no solution.
   */
  readQuestion(prompt: string): Question<Data>;
  /**
   * The prompt of a question that is written as its title is, such as a person may type; null where the text is none. The prompt need not
   * be one that `readQuestion` accepts. Absent where titles say less than prompts, or the same.
   */
  promptOfTitle?(text: string): string | null;
  /** The split that a question belongs to; null where it belongs to none (too many numbers, for example). */
  splitOf(question: Question<Data>): Split | null;
  /**
   * The same text for questions that are right or wrong together, such as those about the same numbers: intervals draw them together.
   * Absent where questions have nothing in common; then each prompt stands for itself.
   */
  clusterOf?(question: Question<Data>): string;
  /** The same text for prompts that ask the same in another order or in other words. Absent where other prompts ask something else. */
  sameAs?(question: Question<Data>): string;
  /** The shortest kind of right completion, always the same for a question. No reasoning, no failed tries. */
  expertAnswer(question: Question<Data>): string;
  /**
   * What leads to a completion's answer: the beginning of the text after which `expertAnswer` may stand in place of the answer that is there. Null where it
   * has no such place. Never throws. Absent where answers have no place of their own.
   */
  reasoning?(completion: string): string | null;
  /** A right completion (except for `giveUp`, `slips` and `misconceptions`) with its reasoning, drawn from `random`, without the end token. */
  expertTrace(question: Question<Data>, random: RandomStream, options?: TraceOptions): string;
  /** The misconceptions that its expert can have; absent where there are none. `refusedTraces` refuses others by name. */
  readonly misconceptions?: readonly Misconception[];
  /** Refuses, by name, what its expert does not write; in no time, unlike a trace. @throws BatonError `BadConfig` */
  checkTraces?(options: TraceOptions): void;
  /**
   * Judges a completion's text without its end token. Never throws, whatever the text; takes time linear in its length. Absent
   * where no program can tell right from wrong: then nothing is judged, and what needs a verdict is refused.
   */
  verify?(question: Question<Data>, completion: string): Verdict;
  /** The ways to write steps that `manner` tells apart; absent where there is one way only. */
  readonly dialects?: readonly Dialect[];
  /** How a completion is written. Never throws; takes time linear in its length. Absent where nothing is told apart. */
  manner?(question: Question<Data>, completion: string): Manner;
  /** How a critic judges its answers in pairs; absent where a pair cannot be put to a critic. */
  readonly critic?: TaskCritic<Data>;
  /**
   * Where reasoning may be handed over: character offsets just after each reasoning step and its separator, rising, the
   * last one the text's length; empty for empty text.
   */
  stepBoundaries(completion: string): number[];
}

/** A task whose answers can be judged. */
export type VerifiedTask<Data = unknown> = Task<Data> & Required<Pick<Task<Data>, 'verify'>>;

/** Whether a task's answers can be judged. */
export function hasVerifier(task: Task): task is VerifiedTask {
  return task.verify !== undefined;
}

/** A task before its settings are chosen: what the experiment's schema, the panel and the registry hold. */
export interface TaskKind<S extends Shape = Shape> {
  readonly label: string;
  readonly description: string;
  readonly options: S;
  /** @throws BatonError `BadConfig` where settings contradict each other. */
  create(options: Values<S>): Task;
}

/** Declares a kind of task; exists so that TypeScript infers the settings' types. */
export function defineTask<S extends Shape>(kind: TaskKind<S>): TaskKind<S> {
  return kind;
}
