/**
 * What the page and the trainer's worker say to each other. Plain data only; every message of a run carries its run id, so
 * that what arrives late from a run that was reset is dropped.
 */
import type { ErrorReport } from '../errors.ts';
import type { Evaluation } from '../rl/evaluate/evaluate.ts';
import type { EvaluationOrder } from '../rl/evaluate/order.ts';
import type { Experiment } from '../rl/experiment/schema.ts';
import type { Manifest, MetricsRow, SampleGroup, TimingsRow } from '../rl/records.ts';
import type { ChangedKernel } from './changed-kernels.ts';

/** `preparing` compiles and loads; `failed` carries an error and keeps what was recorded. */
export type LabState = 'idle' | 'preparing' | 'running' | 'paused' | 'finished' | 'failed';

/** The id of the second of two runs that go side by side. They have one state, which events of the first run tell. */
export function againstId(runId: string): string {
  return `${runId}/against`;
}

/** Page to worker. */
export type LabCommand =
  | { readonly type: 'open' }
  /** Somebody may run this next: loads its policy and compiles its kernels while nothing runs. Never answered. */
  | { readonly type: 'warm-up'; readonly experiment: Experiment }
  /** With `against`, a second run goes beside the first, step by step; its events carry the id `againstId(runId)`. */
  | {
      readonly type: 'run';
      readonly runId: string;
      readonly experiment: Experiment;
      readonly against?: Experiment;
    }
  | { readonly type: 'pause'; readonly runId: string }
  /** Goes on with a paused run, or with a failed one from the step that it went back to. */
  | { readonly type: 'resume'; readonly runId: string }
  /** Does exactly one step (of each run), then pauses. From `idle` it prepares first. */
  | {
      readonly type: 'step';
      readonly runId: string;
      readonly experiment: Experiment;
      readonly against?: Experiment;
    }
  | { readonly type: 'stop'; readonly runId: string }
  /** Changes settings that the schema marks live; they apply at the next step and are recorded in the run's events. */
  | { readonly type: 'set'; readonly runId: string; readonly path: string; readonly value: unknown }
  /**
   * Makes the trainer use these changed kernels and no others: a run under way from its next step on, and every run after it. Answered
   * by `kernels`.
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
  | { readonly type: 'cancel-evaluation'; readonly runId: string }
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
  | {
      readonly type: 'state';
      readonly runId: string;
      readonly state: LabState;
      readonly step: number;
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
   * A step could not be done. With `paused` nothing of the policy was touched, as where a receiver has failed: the run has
   * halted, and `resume` or `step` try the step again. Else it has ended.
   */
  | {
      readonly type: 'failed';
      readonly runId: string;
      readonly error: ErrorReport;
      readonly step: number;
      readonly paused?: true;
    };
