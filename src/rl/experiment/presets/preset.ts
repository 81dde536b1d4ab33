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

/** What was found when the preset was run, with seeds and spread. */
export interface Measured {
  /** Held-out accuracy at temperature 1, in 0..1, per seed, before and after. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** Mean tokens of those answers, per seed, where the preset is about length. */
  readonly tokens?: { readonly before: readonly number[]; readonly after: readonly number[] };
  /** The second run after its last step, where it was run as well. */
  readonly second?: { readonly after: readonly number[]; readonly tokens?: readonly number[] };
  readonly seeds: readonly number[];
  /** Wall minutes of one run, and on what. */
  readonly minutes: number;
  readonly adapter: string;
}

/** A second run beside the first: the same seed and questions, and some settings otherwise. */
export interface Against {
  /** What the first and the second run are called beside each other. */
  readonly labels: readonly [string, string];
  /** The second run's values where it differs, by setting path. */
  readonly changes: Readonly<Record<string, Value>>;
  /** What the second run is, in one line. */
  readonly what: string;
}

export interface Preset {
  readonly id: string;
  readonly label: string;
  /** What it asks, in one line. */
  readonly question: string;
  readonly experiment: Differences;
  /** Runs go side by side where there is one. */
  readonly against?: Against;
  /** Why each of those settings is not the default, by its path: `TRL`, `paper` or `ours`, and the reason. */
  readonly reasons: Readonly<Record<string, string>>;
  /** What should be seen, and what not. Said before it was measured, and corrected where that found otherwise. */
  readonly expectation: string;
  readonly measured?: Measured;
}
