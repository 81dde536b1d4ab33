/** What a preset is: a question worth asking, and the experiment that asks it. */
import type { Value } from '../field.ts';
import type { Experiment, MethodSettings, RewardSettings, TaskSettings } from '../schema.ts';

type PartOf<T> = T extends unknown ? Partial<T> : never;
type Term<T> = T extends { readonly term: infer Name }
  ? Partial<T> & { readonly term: Name }
  : never;

/** The settings in which a preset differs from the defaults. */
export interface Differences {
  readonly seed?: number;
  readonly steps?: number;
  readonly task?: PartOf<TaskSettings>;
  readonly policy?: string;
  readonly method?: Partial<MethodSettings>;
  /** The whole list of terms; their own settings may be left out. */
  readonly rewards?: readonly Term<RewardSettings>[];
  readonly evaluation?: Partial<Experiment['evaluation']>;
  readonly logging?: Partial<Experiment['logging']>;
}

/** What an evaluation on held-out questions at temperature 1 found, one number per seed. Shares are in 0..1. */
export interface Outcome {
  readonly accuracy: readonly number[];
  /** Majorities of sixteen answers that are right. */
  readonly maj_at_16?: readonly number[];
  /** Mean tokens of an answer. */
  readonly tokens?: readonly number[];
  /** Answers written in the public dialect. */
  readonly public?: readonly number[];
  /** Answers that a receiver which took no part in training finishes rightly from a cut anywhere. */
  readonly finished?: readonly number[];
  /** Tokens that are chatter. */
  readonly chatter?: readonly number[];
  /** Over the last twenty steps: of the critic's verdicts on different answers that name one, those that name the expert's. */
  readonly critic?: readonly number[];
  /** Right winners of the critic's tournament among sixteen answers. */
  readonly tournament?: readonly number[];
}

/** What was found when the preset was run, with seeds and spread. */
export interface Measured {
  /** Before training: one value where all seeds start from the same evaluation. */
  readonly before: Outcome;
  readonly after: Outcome;
  /** The runs beside it after their last step, in their order, those that were run as well. */
  readonly beside?: readonly Outcome[];
  readonly seeds: readonly number[];
  /** Wall minutes of one run, and on what. */
  readonly minutes: number;
  /** Of all its runs together, where those beside it take another time. */
  readonly allMinutes?: number;
  readonly adapter: string;
}

/** How long a run takes, where nothing else was measured over seeds; printed by `node bench/preset-minutes.mjs`. */
export interface Timed {
  /** Wall minutes of one run, from the mean of the steps that were timed but the first, evaluations left out. */
  readonly minutes: number;
  /** How many were timed. */
  readonly steps: number;
  readonly adapter: string;
}

/** A run beside the first: the same seed and questions, and some settings otherwise. */
export interface Beside {
  /** What it is called beside the others. */
  readonly label: string;
  /** Its values where it differs, by setting path. */
  readonly changes: Readonly<Record<string, Value>>;
  /** What it is, in one line. */
  readonly what: string;
}

export interface Preset {
  readonly id: string;
  readonly label: string;
  /** What it asks, in one line. */
  readonly question: string;
  readonly experiment: Differences;
  /** What the run is called where others go beside it. */
  readonly lead?: string;
  /** The runs beside it, which go side by side with it. */
  readonly beside?: readonly Beside[];
  /** Why each of those settings is not the default, by its path: `TRL`, `paper` or `ours`, and the reason. */
  readonly reasons: Readonly<Record<string, string>>;
  /** What should be seen, and what not. Said before it was measured, and corrected where that found otherwise. */
  readonly expectation: string;
  readonly measured?: Measured;
  readonly timed?: Timed;
  /** Another page of the app in which the question goes on, by the query of its address. */
  readonly see?: { readonly label: string; readonly query: string };
}
