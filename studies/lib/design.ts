/** What a study compares: parts, each with arms that differ in one thing, and seeds. */
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
  /** What differs from the part's base. Objects are merged, lists (the rewards) are replaced. */
  readonly change: Change;
  /** Seeds of this arm alone; those of the part where left out. */
  readonly seeds?: readonly number[];
  /** The arm whose learning rate this one tries; see tuning.ts. */
  readonly trialOf?: string;
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
  /** Held by the model before training, and by those whose critic has the policy's weights, compares and reasons; none where left out. */
  readonly tournament?: {
    /** Answers in the largest one. */
    readonly answers: number;
    /** Token budget of a verdict. */
    readonly verdict: number;
  };
  /** Only of these arms; all where left out. */
  readonly arms?: readonly string[];
}

/** Learning rates that arms of a part are tried at before their own runs, with one seed: the same budget for all of them. */
export interface Tuning {
  readonly learning_rates: readonly number[];
  /** The arms that are tried; all where left out. The others keep the rate of the base. */
  readonly arms?: readonly string[];
  /** None of the part's own. */
  readonly seed: number;
}

/** One setting of a study: what is run there, and what is kept of it. */
export interface Part {
  /** Short, for folders and figures: lower case, digits and dashes. */
  readonly id: string;
  readonly title: string;
  /** What it asks, a paragraph. */
  readonly question: string;
  /** Where its raw data stand in the study's `raw`; its id where left out. */
  readonly folder?: string;
  /** Was run before and stands as it is: only `--part` does what is missing of it. */
  readonly past?: true;
  readonly base: Differences;
  /** In the order in which they are run within a seed and stand in tables. */
  readonly arms: readonly Arm[];
  readonly seeds: readonly number[];
  /** Absent where the learning rate is that of the base. */
  readonly tuning?: Tuning;
  /** Numbers of the metrics rows that the report draws; `eval/*` and some about length are always kept. */
  readonly metrics: readonly string[];
  readonly evaluation: StudyEvaluation | null;
}

/** Everything about a study that can be written down. */
export interface StudyDesign {
  /** Name of the study, its folder and its report. */
  readonly name: string;
  readonly title: string;
  /** What it asks, a paragraph. */
  readonly question: string;
  /** Nothing to keep: its report and data stay in .cache/studies/NAME/results. */
  readonly trial?: true;
  /** In the order in which they are run and stand in the report. */
  readonly parts: readonly Part[];
}
