/**
 * What the page and the trainer's worker say to each other. Plain data only. Runs come in groups: one run, a pair, or any
 * number that take turns step by step and have one state. What concerns one run carries its id, what concerns all of them
 * carries the group's, so that what arrives late from a group that was reset is dropped.
 */
import type { ErrorReport } from '../errors.ts';
import type { Evaluation } from '../rl/evaluate/evaluate.ts';
import type { EvaluationOrder } from '../rl/evaluate/order.ts';
import type { Experiment } from '../rl/experiment/schema.ts';
import type { Manifest, MetricsRow, SampleGroup, TimingsRow } from '../rl/records.ts';
import type { ChangedKernel } from './changed-kernels.ts';

/** `preparing` compiles and loads; `failed` carries an error and keeps what was recorded. */
export type LabState = 'idle' | 'preparing' | 'running' | 'paused' | 'finished' | 'failed';

/** One run of a group. */
export interface GroupRun {
  /** Unlike that of any other run of the session. */
  readonly id: string;
  readonly experiment: Experiment;
}

/** Runs that go side by side on one device: at least one. */
export interface RunGroup {
  readonly groupId: string;
  readonly runs: readonly GroupRun[];
}

/** Page to worker. */
export type LabCommand =
  | { readonly type: 'open' }
  /** Somebody may run this next: loads its policy and compiles its kernels while nothing runs. Never answered. */
  | { readonly type: 'warm-up'; readonly experiment: Experiment }
  | ({ readonly type: 'run' } & RunGroup)
  | { readonly type: 'pause'; readonly groupId: string }
  /** Goes on with a paused group, or with a failed one from the step that it went back to. */
  | { readonly type: 'resume'; readonly groupId: string }
  /** Does exactly one step of each run, then pauses. A group that is not there yet is prepared first. */
  | ({ readonly type: 'step' } & RunGroup)
  | { readonly type: 'stop'; readonly groupId: string }
  /** Changes a setting that the schema marks live; it applies at the run's next step and is answered by `changed`. */
  | { readonly type: 'set'; readonly runId: string; readonly path: string; readonly value: unknown }
  /**
   * Makes the trainer use these changed kernels and no others: a group under way from its next step on, and every run after it.
   * Answered by `kernels`.
   */
  | { readonly type: 'kernels'; readonly kernels: readonly ChangedKernel[] }
  /** Asks for the run's model as the bytes of a model.safetensors; answered by `model`. */
  | { readonly type: 'export-model'; readonly runId: string }
  /**
   * Evaluates the run's policy between two steps, or at once while none is done; nothing of the run depends on it. Answered by
   * `evaluating`, and by `evaluated` or `not-evaluated`. `id` is the page's own number of the order.
   */
  | {
      readonly type: 'evaluate';
      readonly runId: string;
      readonly id: number;
      readonly order: EvaluationOrder;
    }
  /** Gives up all orders that are not carried out yet. */
  | { readonly type: 'cancel-evaluation'; readonly groupId: string }
  | BringReceiver;

/** Brings a decoder of the person's own, which runs may name by its id (`own/NAME`); answered by `brought`. */
export interface BringReceiver {
  readonly type: 'bring';
  readonly id: string;
  readonly model: File;
  /** tokenizer.json, and where there are any tokenizer_config.json and config.json. */
  readonly beside: readonly File[];
}

/** The adapter as the page names it. */
export interface AdapterInfo {
  /** For example `google swiftshader` or `apple metal-3`. */
  readonly name: string;
  readonly software: boolean;
  readonly profile: string;
  /** Optional features in use: timestamp-query, subgroups, shader-f16. */
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
}

/** What is being prepared: `done` of `total` units (bytes, or pipelines). */
export interface Progress {
  readonly what: 'model' | 'pipelines' | 'memory';
  readonly label: string;
  readonly done: number;
  readonly total: number;
}

/** Worker to page. */
export type LabEvent =
  | { readonly type: 'opened'; readonly adapter: AdapterInfo; readonly version: string }
  | { readonly type: 'no-gpu'; readonly error: ErrorReport }
  /** Where a group and its runs stand; no run stands anywhere before all are prepared. */
  | {
      readonly type: 'state';
      readonly groupId: string;
      readonly state: LabState;
      /** Steps done, by run. */
      readonly steps: Readonly<Record<string, number>>;
    }
  | { readonly type: 'progress'; readonly runId: string; readonly progress: Progress }
  | {
      readonly type: 'step';
      readonly runId: string;
      readonly metrics: MetricsRow;
      readonly timings: TimingsRow;
      readonly samples: readonly SampleGroup[];
      /** Bytes of GPU memory held. */
      readonly gpuBytes: number;
      /** Hash of all metrics rows so far, hex: equal for equal runs. */
      readonly hash: string;
    }
  /** What identifies the run and its machine; posted before its first step, and again where another device took over. */
  | { readonly type: 'manifest'; readonly runId: string; readonly manifest: Manifest }
  /** A live setting took effect at `step`. */
  | {
      readonly type: 'changed';
      readonly runId: string;
      readonly step: number;
      readonly path: string;
      readonly value: unknown;
    }
  /** The changed kernels that are in use now; with an error, those asked for were refused and nothing has changed. */
  | {
      readonly type: 'kernels';
      readonly kernels: readonly ChangedKernel[];
      readonly error?: ErrorReport;
    }
  | { readonly type: 'model'; readonly runId: string; readonly bytes: ArrayBuffer }
  /** How many answers and continuations of an order there are. */
  | {
      readonly type: 'evaluating';
      readonly runId: string;
      readonly id: number;
      readonly done: number;
      readonly total: number;
    }
  /** An order was carried out at `step`. */
  | {
      readonly type: 'evaluated';
      readonly runId: string;
      readonly id: number;
      readonly step: number;
      readonly evaluation: Evaluation;
    }
  /** An order was given up (`Cancelled`) or could not be carried out; the run goes on. */
  | {
      readonly type: 'not-evaluated';
      readonly runId: string;
      readonly id: number;
      readonly error: ErrorReport;
    }
  /** A decoder can be used from now on; or why not. */
  | { readonly type: 'brought'; readonly id: string; readonly error: ErrorReport | null }
  /**
   * The group cannot go on: all its runs have stopped. With `paused` nothing of the policy was touched, as where a receiver has
   * failed: the group has halted, and `resume` or `step` try the step again. Else it has ended.
   */
  | {
      readonly type: 'failed';
      readonly groupId: string;
      /** The run whose step or preparation failed; null where it was no single run's. */
      readonly runId: string | null;
      readonly error: ErrorReport;
      /** Steps that the run had done; 0 where no run was at fault or prepared. */
      readonly step: number;
      readonly paused?: true;
    };
