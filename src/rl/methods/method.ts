/**
 * What a method is: one way to turn questions into an update. GRPO, PPO and supervised fine-tuning are methods. Adding one takes
 * one file that exports a `Method` and one line in `index.ts` (CONTRIBUTING.md, "Add a method").
 *
 * A method says what a step does, in the order of its paper, with what the runner hands it; counting steps, retrying a
 * failed one, going back after a bad number, evaluating and saving are the runner's, which knows no method.
 */
import type { Tokenizer } from '../../model/tokenizer.ts';
import type { Shape, Values } from '../experiment/field.ts';
import type { Example } from '../learn/example.ts';
import type { Learned, Loss } from '../learn/learn.ts';
import type { OfflineLine, OfflineLoss } from '../learn/offline.ts';
import type { Scores } from '../learn/score.ts';
import type { SampleGroup } from '../records.ts';
import type { CombinedRewards } from '../rewards/combine.ts';
import type { Completion } from '../rewards/reward.ts';
import type { Task, Verdict } from '../tasks/task.ts';

/** Where a scalar head reads, and whether its gradient goes on into the trunk. */
export interface ScalarNeed {
  /** At the token's own row, or at the one that predicts it. */
  readonly rows: 'before' | 'at';
  readonly trunk: 'shared' | 'detached';
}

/** A learner that a method wants. */
export interface LearnerNeed {
  /** A frozen copy of its first weights is kept beside it. */
  readonly reference?: boolean;
  readonly scalar?: ScalarNeed;
  /** False: it says nothing of tokens, only what its scalar head says. Default true. */
  readonly tokenHead?: boolean;
}

export interface Needs {
  /** The learner that samples, is evaluated and is exported. */
  readonly policy: LearnerNeed;
  /** Further learners by name; each begins as a copy of the policy. */
  readonly learners?: Readonly<Record<string, LearnerNeed>>;
  /** Stores of past examples by name, with how many examples each holds at most. */
  readonly stores?: Readonly<Record<string, number>>;
  /** True where a step goes on with answers that are begun, so that prompts may be as long as whole answers. */
  readonly continues?: boolean;
}

/** Examples are shuffled anew in every pass and cut into minibatches, an update each. */
export interface Shuffle {
  /** Name of the stream of random numbers. */
  readonly stream: string;
  readonly minibatches: number;
}

/** How the examples of a step are gone through. */
export interface Passes {
  /** Default 1. */
  readonly passes?: number;
  /** Absent: one update a pass, with the examples in their order. */
  readonly shuffle?: Shuffle;
  /** The column that the first pass fills with its own log-probs. */
  readonly fill?: string;
  /** Peak rate of the scalar head, which follows the same schedule. */
  readonly scalarRate?: number;
}

/** An answer that is begun, and where it stops. */
export interface Begun {
  readonly completion: Completion;
  /** Tokens of it that are kept. */
  readonly at: number;
}

/** What the runner hands a method for one step. Each call takes its time on the device; nothing runs side by side. */
export interface Step {
  /** From 0. */
  readonly index: number;
  readonly seed: number;
  readonly task: Task;
  readonly tokenizer: Tokenizer;
  /** Questions whose samples are kept for people. */
  readonly sampleGroups: number;
  /** Most tokens of a prompt and what follows it. */
  readonly positions: number;
  /** The policy's answers to the step's questions: `copies` to each, side by side. */
  sample(copies: number): Promise<Completion[]>;
  /** `copies` ways to go on with each answer from where it stops; gives whole answers, the kept tokens included. */
  goOn(begun: readonly Begun[], copies: number): Promise<Completion[]>;
  /** What the verifier says; null where the task has none. Watched, and never part of a reward by itself. */
  verdicts(completions: readonly Completion[]): (Verdict | null)[];
  /** The experiment's reward terms. Those that learn do so first, once a step: a further call says not to. */
  reward(
    completions: readonly Completion[],
    more?: { readonly learn: boolean },
  ): Promise<CombinedRewards>;
  /** Scores under a learner, by default the policy, without a gradient. */
  score(examples: readonly Example[], learner?: string): Promise<Scores>;
  /** The examples with the column `ref`: log-probs under the frozen reference. */
  withReference(examples: readonly Example[], learner?: string): Promise<Example[]>;
  /** The learning rate that a peak rate has come to in this step. */
  rate(peak: number): number;
  /** Trains a learner, by default the policy. */
  learn(
    examples: readonly Example[],
    loss: Loss,
    passes: Passes,
    learner?: string,
  ): Promise<Learned>;
}

export type Metrics = Readonly<Record<string, number | null | undefined>>;

/** What a step came to. */
export interface StepReport {
  /** In the order of the row. */
  readonly metrics: Metrics;
  readonly samples: readonly SampleGroup[];
  /** Tokens trained on, prompts included. */
  readonly tokens: number;
}

/** Settings that are each allowed and do not go together; the message goes on from the setting's name. */
export interface Contradiction {
  readonly key: string;
  readonly message: string;
}

/** A curve that only this method has. */
export interface OwnChart {
  /** Its column in a metrics row. */
  readonly column: string;
  readonly title: string;
  readonly unit?: string;
}

/** Which of the curves that not every method has can show anything. */
export interface MethodCharts {
  /**
   * Whether the ratio to the policy that sampled can leave 1, so that clipping may show; null where nothing is sampled, and
   * so there is no ratio.
   */
  readonly ratio: 'always-1' | 'moves' | null;
  /** A divergence from the frozen reference is measured. */
  readonly reference: boolean;
  /** There is a critic with values. */
  readonly values: boolean;
  /** Answers are compared within a group, so that one whose answers all scored the same teaches nothing. */
  readonly groups: boolean;
  /** What the loss is, or why its value says little: a line or two under its chart. */
  readonly lossNote?: string;
  readonly own?: readonly OwnChart[];
}

export interface Method<S extends Shape = Shape> {
  readonly label: string;
  readonly description: string;
  /** Its settings: what is its own, and `common`. */
  readonly options: S;
  /** Whether the reward terms have a part in it. */
  readonly rewarded: boolean;
  needs(settings: Values<S>): Needs;
  /** What its charts can show. */
  charts(settings: Values<S>): MethodCharts;
  /** Completions that a step has room for at once. */
  completions(settings: Values<S>): number;
  contradictions?(settings: Values<S>): readonly Contradiction[];
  step(step: Step, settings: Values<S>): Promise<StepReport>;
  /**
   * The loss on numbers that are given, without a model: what `lab loss` prints, for oracles outside.
   * @throws BadFile naming what a line lacks
   */
  offline(lines: readonly OfflineLine[], settings: Values<S>): OfflineLoss;
}

/** Declares a method; exists so that TypeScript infers the settings' types. */
export function defineMethod<S extends Shape>(method: Method<S>): Method<S> {
  return method;
}
