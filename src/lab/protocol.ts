/**
 * Messages between the page and the trainer's worker; plain data only. Runs come in groups: one run, a pair, or any number of
 * runs that take turns step by step and share one state. A message about one run carries its id, a message about all of them
 * the group's id, so that late messages of a group that was reset can be dropped.
 */
import type { ErrorReport } from '../errors.ts';
import type { Evaluation } from '../rl/evaluate/evaluate.ts';
import type { EvaluationOrder } from '../rl/evaluate/order.ts';
import type { Experiment } from '../rl/experiment/schema.ts';
import type { Manifest, MemoryPlan, MetricsRow, SampleGroup, TimingsRow } from '../rl/records.ts';
import type { PhaseReport } from '../rl/run/phases.ts';
import type { ChangedKernel } from './changed-kernels.ts';
import type { RunRecord } from './run-store/run-record.ts';
import type { About } from './run-store/seal.ts';

/** `preparing` compiles and loads; `failed` carries an error and keeps what was recorded. */
export type LabState = 'idle' | 'preparing' | 'running' | 'paused' | 'finished' | 'failed';

/** One run of a group. */
export interface GroupRun {
  /** Unique within the session. */
  readonly id: string;
  readonly experiment: Experiment;
}

/** At least one run; all run side by side on one device. */
export interface RunGroup {
  readonly groupId: string;
  readonly runs: readonly GroupRun[];
  /** Absent where the group is not to be kept in the browser's storage. */
  readonly keep?: Keep;
}

/** How a group is kept in the browser's storage. It changes no bit of a run. */
export interface Keep {
  /** Its name there. */
  readonly id: string;
  /** Steps between checkpoints. */
  readonly every: number;
  readonly about: About;
  /** What the page says of each run, in the group's order. */
  readonly runs: readonly { readonly label: string; readonly apart: readonly string[] }[];
}

/** Page to worker. */
/** The policy, or the reward model that is trained beside it. Default: the policy. */
export type ExportedModel = 'policy' | 'reward-model';

export type LabCommand =
  | { readonly type: 'open' }
  /** The user may run this next: loads its policy and compiles its kernels while nothing runs. Never answered. */
  | { readonly type: 'warm-up'; readonly experiment: Experiment }
  /** How much memory would this run hold? Answered by `planned`, unless a later one is asked first. */
  | { readonly type: 'plan'; readonly experiment: Experiment }
  /** The same of several, such as the combinations of a sweep. Answered by `estimated` with the same id. */
  | { readonly type: 'estimate'; readonly id: number; readonly experiments: readonly Experiment[] }
  | ({ readonly type: 'run' } & RunGroup)
  | { readonly type: 'pause'; readonly groupId: string }
  /** Continues a paused group, or a failed one from the step that it went back to. */
  | { readonly type: 'resume'; readonly groupId: string }
  /** Does exactly one step of each run, then pauses. A new group is prepared first. */
  | ({ readonly type: 'step' } & RunGroup)
  /**
   * Goes on to the end of the next phase of a step, and waits there: `phase` is posted. After the last phase the step is done, and the group
   * pauses. `step`, `resume` and `pause` do the rest of the step without waiting. Of several runs the first waits, and the others do their
   * steps as ever.
   */
  | ({ readonly type: 'phase' } & RunGroup)
  /** Goes on with what is stored under `keep.id`: `restored` for each run, and then as after `run`. */
  | ({ readonly type: 'restore' } & RunGroup & { readonly keep: Keep })
  /** Writes a checkpoint as soon as no step is under way: the page may be about to go. Answered as every checkpoint. */
  | { readonly type: 'keep'; readonly groupId: string }
  | { readonly type: 'stop'; readonly groupId: string }
  /** Changes a setting that the schema marks live, from the run's next step on. Answered by `changed`. */
  | { readonly type: 'set'; readonly runId: string; readonly path: string; readonly value: unknown }
  /**
   * Makes the trainer use exactly these changed kernels: from the next step of the current group on, and in every later run.
   * Answered by `kernels`.
   */
  | { readonly type: 'kernels'; readonly kernels: readonly ChangedKernel[] }
  /** Asks for a model of the run as the bytes of a model.safetensors; answered by `model` or `not-exported`. */
  | { readonly type: 'export-model'; readonly runId: string; readonly model?: ExportedModel }
  /**
   * Evaluates the run's policy between two steps, or at once if no step is in progress. The run does not depend on it. Answered by
   * `evaluating`, then by `evaluated` or `not-evaluated`. `id` is the page's own number for the order.
   */
  | {
      readonly type: 'evaluate';
      readonly runId: string;
      readonly id: number;
      readonly order: EvaluationOrder;
    }
  /** Cancels all unfinished evaluations. */
  | { readonly type: 'cancel-evaluation'; readonly groupId: string }
  | BringReceiver;

/** Brings a decoder of the user's own, which runs may name by its id (`own/NAME`). Answered by `brought`. */
export interface BringReceiver {
  readonly type: 'bring';
  readonly id: string;
  readonly model: File;
  /** tokenizer.json and, if given, tokenizer_config.json and config.json. */
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

/** Progress of a preparation: `done` of `total` units (bytes or pipelines). */
export interface Progress {
  readonly what: 'model' | 'pipelines' | 'memory';
  readonly label: string;
  readonly done: number;
  readonly total: number;
}

/** What an experiment that may run next would hold on the device; null where it would be refused. */
export interface PlannedMemory {
  readonly memory: MemoryPlan | null;
  readonly error: ErrorReport | null;
}

/** Worker to page. */
export type LabEvent =
  | { readonly type: 'opened'; readonly adapter: AdapterInfo; readonly version: string }
  | { readonly type: 'no-gpu'; readonly error: ErrorReport }
  /** The first word of a worker: the lock that it holds as long as it lives. */
  | { readonly type: 'alive'; readonly lock: string }
  /** The state of a group and the steps of its runs; there are none before all runs are prepared. */
  | {
      readonly type: 'state';
      readonly groupId: string;
      readonly state: LabState;
      /** Steps done, by run. */
      readonly steps: Readonly<Record<string, number>>;
    }
  | { readonly type: 'progress'; readonly runId: string; readonly progress: Progress }
  /** The answer to the newest `plan`: what the run would hold, or why it would not start. */
  | ({ readonly type: 'planned' } & PlannedMemory)
  /** The answer to `estimate`, in the order of its experiments. */
  | { readonly type: 'estimated'; readonly id: number; readonly planned: readonly PlannedMemory[] }
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
  /** A phase of the step under way is over, and the step waits. */
  | ({ readonly type: 'phase'; readonly runId: string } & PhaseReport)
  /** Identifies the run and its machine. Posted before the first step, and again when another device takes over. */
  | { readonly type: 'manifest'; readonly runId: string; readonly manifest: Manifest }
  /** A live setting took effect at `step`. */
  | {
      readonly type: 'changed';
      readonly runId: string;
      readonly step: number;
      readonly path: string;
      readonly value: unknown;
    }
  /** The changed kernels now in use. With an error, the requested ones were refused and nothing has changed. */
  | {
      readonly type: 'kernels';
      readonly kernels: readonly ChangedKernel[];
      readonly error?: ErrorReport;
    }
  /** What a stored run had recorded; its next rows follow from there. */
  | {
      readonly type: 'restored';
      readonly runId: string;
      /** Steps done. */
      readonly step: number;
      readonly hash: string;
      readonly manifest: Manifest;
      readonly record: RunRecord;
    }
  /** All runs of the group can be gone on with from this step, whatever happens to the tab. */
  | {
      readonly type: 'kept';
      readonly groupId: string;
      readonly step: number;
      /** Of everything that is stored of the group. */
      readonly bytes: number;
      /** From the copy to the end of the write, beside the run. */
      readonly seconds: number;
    }
  /** A checkpoint could not be written. The run goes on; the one before it is still there. */
  | { readonly type: 'not-kept'; readonly groupId: string; readonly error: ErrorReport }
  | { readonly type: 'model'; readonly runId: string; readonly bytes: ArrayBuffer }
  /** The model could not be read; the run continues. */
  | { readonly type: 'not-exported'; readonly runId: string; readonly error: ErrorReport }
  /** Progress of an order: the answers and continuations so far. */
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
      readonly order: EvaluationOrder;
      readonly step: number;
      readonly evaluation: Evaluation;
    }
  /** An order was cancelled (`Cancelled`) or failed; the run continues. */
  | {
      readonly type: 'not-evaluated';
      readonly runId: string;
      readonly id: number;
      readonly error: ErrorReport;
    }
  /** A decoder can be used from now on, or the error says why not. */
  | { readonly type: 'brought'; readonly id: string; readonly error: ErrorReport | null }
  /**
   * All runs of the group have stopped. With `paused` the policy is whole, as when a receiver failed or no GPU came in place of a lost
   * one: the group has only halted, and `resume` or `step` try the step again. Otherwise it has ended.
   */
  | {
      readonly type: 'failed';
      readonly groupId: string;
      /** The run whose step or preparation failed; null if the failure belongs to no single run. */
      readonly runId: string | null;
      readonly error: ErrorReport;
      /** Steps that the run had done; 0 if no run is at fault or none was prepared. */
      readonly step: number;
      readonly paused?: true;
    };
