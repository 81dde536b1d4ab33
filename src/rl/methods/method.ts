/**
 * What a method is: one way to turn questions into an update. GRPO, PPO and supervised fine-tuning are methods. Adding one takes
 * one file that exports a `Method` and one line in `index.ts` (CONTRIBUTING.md, "Add a method").
 *
 * A method says what a step does, in the order of its paper, with what the runner hands it. The runner counts steps, retries a
 * failed one, goes back after a number that is not finite, evaluates and saves. It knows no method.
 */

import type { ModelConfig } from '../../model/config.ts';
import type { Tokenizer } from '../../model/tokenizer.ts';
import type { RewardUse } from '../airl/reward-model.ts';
import type { GameSettings } from '../critic/game.ts';
import type { Shape, Values } from '../experiment/field.ts';
import type { Example } from '../learn/example.ts';
import type { Learned, Loss } from '../learn/learn.ts';
import type { OfflineLine, OfflineLoss } from '../learn/offline.ts';
import type { Replay } from '../learn/replay.ts';
import type { Scores } from '../learn/score.ts';
import type { SampleGroup } from '../records.ts';
import type { CombinedRewards } from '../rewards/combine.ts';
import type { Completion } from '../rewards/reward.ts';
import type { Question, Task, Verdict } from '../tasks/task.ts';

/** Which row a scalar head reads, and whether its gradient flows into the trunk. */
export interface ScalarNeed {
  /** The token's own row (`at`), or the row that predicts the token (`before`). */
  readonly rows: 'before' | 'at';
  readonly trunk: 'shared' | 'detached';
}

/** A learner that a method wants. */
export interface LearnerNeed {
  /** The method's setting that is its peak learning rate. Default: `learning_rate`. */
  readonly rate?: string;
  /** What errors call it. Default: its name. */
  readonly called?: string;
  /** The method's setting that is its gradient clip. Default: `max_grad_norm`. */
  readonly clip?: string;
  /** True: a frozen copy of its initial weights is kept beside it. */
  readonly reference?: boolean;
  readonly scalar?: ScalarNeed;
  /** False: it has a scalar head alone and predicts no tokens. Default true. */
  readonly tokenHead?: boolean;
  /** Of a learner with a scalar head that is a reward model: it is saved and exported beside the policy. */
  readonly reward?: RewardUse;
  /** True: a further learner that completes prompts. The policy always does. */
  readonly writes?: boolean;
  /**
   * Of a further learner: a model of its own size, which may follow from the policy's, with fresh weights from a seed; or the model of a folder, with its
   * scalar head if it has one; `setting` is the path of the setting that names the folder. Absent: a copy of the policy.
   */
  readonly from?:
    | {
        readonly model: ModelConfig | ((policy: ModelConfig) => ModelConfig);
        readonly seed: number;
      }
    | { readonly folder: string; readonly setting: string };
  /** True: a further learner that is never trained, and so is no part of the run's state. A scalar head then comes from a folder. */
  readonly frozen?: boolean;
  /** True: a further learner that holds the policy as it was when the step last called `renew`. It is never trained itself, and is part of the state. */
  readonly renewed?: boolean;
}

/** What the prompt of a role may be made of, in tokens. */
export interface PromptParts {
  /** The task's longest question. */
  readonly question: number;
  /** The longest completion of the solver. */
  readonly completion: number;
  /** Tokens of any text. */
  count(text: string): number;
}

/** What a role reads and writes beyond the solver's questions and answers. */
export interface RoleNeed {
  /** Most tokens of its prompt. */
  prompt(parts: PromptParts): number;
  /** Most tokens that it writes. Default: `max_completion_length`. */
  readonly budget?: number;
  /** The method's setting that is this budget. Default: `max_completion_length`. */
  readonly setting?: string;
}

export interface Needs {
  /** The learner that samples, is evaluated and is exported. */
  readonly policy: LearnerNeed;
  /** Further learners by name. */
  readonly learners?: Readonly<Record<string, LearnerNeed>>;
  /** Stores of past examples by name, each with the most examples that it holds. */
  readonly stores?: Readonly<Record<string, number>>;
  /** Further roles by name, for which `write` makes prompts. */
  readonly roles?: Readonly<Record<string, RoleNeed>>;
  /** True where a step continues partial answers: a prompt may then be as long as a question with its whole answer. */
  readonly continues?: boolean;
  /** The most examples that one update learns from; what a GPU's micro-batches are planned for. Default: the completions of a step. */
  readonly examples?: number;
  /** True where a step learns from pairs of examples, which one micro-batch must hold. */
  readonly pairs?: boolean;
}

/** Every pass shuffles the examples again and cuts them into minibatches. Each minibatch is one update. */
export interface Shuffle {
  /** Name of the random stream that shuffles. */
  readonly stream: string;
  readonly minibatches: number;
}

/** How the learner goes over the examples of a step. */
export interface Passes {
  /** Default 1. */
  readonly passes?: number;
  /** Absent: one update per pass, with the examples in the given order. */
  readonly shuffle?: Shuffle;
  /** The column that receives the log-probs of the first pass. */
  readonly fill?: string;
  /** Peak learning rate of the scalar head. It follows the same schedule. */
  readonly scalarRate?: number;
}

/** The beginning of an answer. */
export interface Begun {
  readonly completion: Completion;
  /** How many of its tokens are kept. */
  readonly at: number;
}

/** A prompt for a role, and the question that it is about. */
export interface Written {
  readonly question: Question;
  readonly prompt: string;
}

/** Prompts to complete. */
export interface WriteRequest {
  /** Who writes. A role other than the solver is named in `needs`. */
  readonly role: string;
  readonly asked: readonly Written[];
  /** Completions of each prompt. */
  readonly copies: number;
  /** Who plays the role. Default: the policy. */
  readonly learner?: string;
  /** Name of the random stream, which the step counts. No two calls of a step have the same. */
  readonly stream: string;
  /** Most tokens to write. Default: what `needs` says of the role, else `max_completion_length`. */
  readonly budget?: number;
}

/** What the runner hands a method for one step. Calls that use the device take turns. */
export interface Step {
  /** From 0. */
  readonly index: number;
  /** Steps of the whole run. */
  readonly steps: number;
  readonly seed: number;
  readonly task: Task;
  readonly tokenizer: Tokenizer;
  /** How many questions have their samples kept for people to read. */
  readonly sampleGroups: number;
  /** Most tokens of a prompt and its completion together. */
  readonly positions: number;
  /** Answers to the step's questions: `copies` to each, next to each other. By default the policy's, else those of another learner that writes. */
  sample(copies: number, learner?: string): Promise<Completion[]>;
  /** `copies` continuations of each beginning. Gives whole answers, the kept tokens included. */
  goOn(begun: readonly Begun[], copies: number): Promise<Completion[]>;
  /**
   * Completions of any prompts, `copies` of each, next to each other. Each prompt is a group.
   * @throws BadConfig where a prompt is too long for the room that `needs` asked for; RangeError for a stream that the step has drawn from
   */
  write(request: WriteRequest): Promise<Completion[]>;
  /** A store that `needs` names, of past items as plain JSON. It is part of the run's state. */
  store(name: string): Replay;
  /** What the verifier says; null where the task has none. It is logged, and pays nothing by itself. */
  verdicts(completions: readonly Completion[]): (Verdict | null)[];
  /** The experiment's reward terms. Terms that learn do so first, once per step: a second call passes `learn: false`. */
  reward(
    completions: readonly Completion[],
    more?: { readonly learn: boolean },
  ): Promise<CombinedRewards>;
  /** Scores under a learner (by default the policy), without gradient. */
  score(examples: readonly Example[], learner?: string): Promise<Scores>;
  /** The examples with a column `ref`: log-probs under the frozen reference. */
  withReference(examples: readonly Example[], learner?: string): Promise<Example[]>;
  /** Makes a `renewed` learner the policy as it is now. Only before the step trains. */
  renew(learner: string): Promise<void>;
  /** The learning rate in this step, by the schedule, for a given peak. */
  rate(peak: number): number;
  /**
   * Trains a learner (by default the policy), at its own rate and clip. AdamW counts the updates that the learner has had; a minibatch
   * that had no examples counts too.
   */
  learn(
    examples: readonly Example[],
    loss: Loss,
    passes: Passes,
    learner?: string,
  ): Promise<Learned>;
}

export type Metrics = Readonly<Record<string, number | null | undefined>>;

/** The outcome of a step. */
export interface StepReport {
  /** In the order in which the row has them. */
  readonly metrics: Metrics;
  readonly samples: readonly SampleGroup[];
  /** Tokens trained on, prompts included. */
  readonly tokens: number;
}

/** Something that is allowed and may surprise. */
export interface Remark {
  /** What will happen, in a few words without a full stop. */
  readonly title: string;
  /** Why, and what would change it: whole sentences. */
  readonly text: string;
}

/** Settings that are each allowed but do not go together. The message continues a sentence that starts with the setting's name. */
export interface Contradiction {
  readonly key: string;
  readonly message: string;
}

/** A level that curves are compared with: a dotted line across their plot. */
export interface ChartLevel {
  readonly value: number;
  /** Said at the line; no two levels of a chart have the same. */
  readonly name: string;
}

/** A chart that only this method has. */
export interface OwnChart {
  /** The column of its first curve in a metrics row. */
  readonly column: string;
  /** What the first curve is called where there are more. */
  readonly name?: string;
  /** Further curves on the same axis. */
  readonly beside?: readonly { readonly column: string; readonly name: string }[];
  readonly title: string;
  readonly unit?: string;
  /** All its quantities are shares, 0 to 1. */
  readonly share?: boolean;
  readonly levels?: readonly ChartLevel[];
  /** One line under the chart, and a longer explanation behind its help button. */
  readonly note?: string;
  readonly help?: string;
}

/** A critic outside of training: the game, and the token budget of a verdict with its reasoning. */
export interface CriticUse extends GameSettings {
  readonly budget: number;
  /** The learner that plays it. Default: the policy. */
  readonly learner?: string;
}

/** Which of the curves that only some methods have can show anything. */
export interface MethodCharts {
  /** Whether the ratio to the policy that sampled can leave 1, so that clipping can act; null where nothing is sampled, and so there is no ratio. */
  readonly ratio: 'always-1' | 'moves' | null;
  /** True where the divergence from the frozen reference is measured. */
  readonly reference: boolean;
  /** True where a critic predicts values. */
  readonly values: boolean;
  /** Answers are compared within a group, so that one whose answers all scored the same teaches nothing. */
  readonly groups: boolean;
  /** What the loss is, or why its value says little: a line or two under its chart. */
  readonly lossNote?: string;
  /** The large chart of a method without reward terms. Absent: the loss. */
  readonly main?: OwnChart;
  readonly own?: readonly OwnChart[];
  /** Steps at the start in which the policy is not trained, so that its charts are empty, and why: a sentence. */
  readonly alone?: { readonly steps: number; readonly why: string };
  /** What the verifier does where it does not pay, said where accuracy is drawn: a clause after "the verifier". */
  readonly watched?: string;
}

/** The usual clause. */
export const WATCHED = 'is watched and pays nobody';

/** How a reward per token becomes advantages (`src/rl/airl/returns.ts`). */
export interface TokenRewardUse {
  /** The weight of the next token's advantage, 0 to 1. */
  readonly gamma: number;
  /** Whether rewards are compared within their group. */
  readonly center_rewards: boolean;
}

export interface Method<S extends Shape = Shape> {
  readonly label: string;
  readonly description: string;
  /** Its settings: its own, and `common`. */
  readonly options: S;
  /** Whether it uses the reward terms. */
  readonly rewarded: boolean;
  needs(settings: Values<S>): Needs;
  /** What its charts can show. */
  charts(settings: Values<S>): MethodCharts;
  /** The most completions that a step samples at once. */
  completions(settings: Values<S>): number;
  contradictions?(settings: Values<S>): readonly Contradiction[];
  /** What it cannot do with a task. */
  objections?(task: Task, settings: Values<S>): readonly Contradiction[];
  /** What a person should know before such a run of so many steps. It is allowed all the same. */
  remarks?(settings: Values<S>, steps: number): readonly Remark[];
  /** How it makes advantages of a reward per token. Absent where its rewards are of whole completions. */
  tokenRewards?(settings: Values<S>): TokenRewardUse;
  /** How its critic compares two answers, or why it does not. Absent where the method has no critic. */
  critic?(settings: Values<S>): CriticUse | Contradiction;
  step(step: Step, settings: Values<S>): Promise<StepReport>;
  /**
   * The loss on given numbers, without a model. `lab loss` prints it, so that outside programs can check it.
   * @throws BadFile naming what a line lacks
   */
  offline(lines: readonly OfflineLine[], settings: Values<S>): OfflineLoss;
}

/** Declares a method; exists so that TypeScript infers the settings' types. */
export function defineMethod<S extends Shape>(method: Method<S>): Method<S> {
  return method;
}
