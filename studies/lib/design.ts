/** What a study compares: arms that differ in one thing, and seeds. */
import type { Differences } from '../../src/rl/experiment/presets/preset.ts';
import type { MethodSettings } from '../../src/rl/experiment/schema.ts';

type KeysOf<T> = T extends unknown ? keyof T : never;

/**
 * What an arm changes. Of the method also what another method has not; `undefined` takes a setting of the base away. A test makes
 * sure that the result is an experiment, for every arm.
 */
export type Change = Omit<Differences, 'method'> & {
  readonly method?: { readonly [K in KeysOf<MethodSettings>]?: unknown };
};

/** One way to train; compared with the others seed by seed. */
export interface Arm {
  /** Short, for file names: lower case, digits and dashes. */
  readonly id: string;
  /** As the report calls it. */
  readonly label: string;
  /** What differs from the study's base. Objects are merged, lists (the rewards) are replaced. */
  readonly change: Change;
}

/** What is asked of the model before and after training. */
export interface StudyEvaluation {
  readonly splits: readonly ('test' | 'ood')[];
  /** Questions, the same for all. */
  readonly prompts: number;
  /** Answers to each: the largest k of maj@k and pass@k. */
  readonly samples: number;
  /** Token budget of an answer; that of the training where left out. Questions out of distribution may need more. */
  readonly budget?: number;
  /** Ids of bundled models that finish the answers, those not trained with among them; left out where that is not asked. */
  readonly receivers?: readonly string[];
  /** Answers of each question that they finish, each from ten cuts. 1 where left out. */
  readonly answersHandedOver?: number;
  /** Only of these arms; all where left out. */
  readonly arms?: readonly string[];
}

/** Everything about a study that can be written down: what is run, and what is kept of it. */
export interface StudyDesign {
  /** Name of the study, its folder and its report. */
  readonly name: string;
  readonly title: string;
  /** What it asks, a paragraph. */
  readonly question: string;
  /** Nothing to keep: its report and data stay in .cache/studies/NAME/results. */
  readonly trial?: true;
  readonly base: Differences;
  /** In the order in which they are run within a seed and stand in tables. */
  readonly arms: readonly Arm[];
  readonly seeds: readonly number[];
  /** Numbers of the metrics rows that the report draws; `eval/*` and some about length are always kept. */
  readonly metrics: readonly string[];
  readonly evaluation: StudyEvaluation | null;
}
