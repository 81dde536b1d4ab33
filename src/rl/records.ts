/** What a run leaves behind, as plain data. Each step gives one metrics row, one timings row and some sample groups. */

/**
 * The numbers of one step, by the names of TRL 1.13 (`reward`, `rewards/answer/mean`, `completions/mean_length`, `kl`, ...), plus
 * Baton's own (`eval/accuracy`, ...). No times, so that equal experiments give equal bytes. A value that is not
 * finite is stored as null, and a value that was not measured is absent.
 */
export interface MetricsRow {
  readonly step: number;
  readonly [name: string]: number | null;
}

/** Where the time of one step went. Not part of the reproducible record. */
export interface TimingsRow {
  readonly step: number;
  /** Seconds of the whole step. */
  readonly step_time: number;
  /** Seconds by phase: generate, score, measure (what reward terms measure and do not pay), train, evaluate. */
  readonly phases: Readonly<Record<string, number>>;
  /** Tokens per second by phase. */
  readonly tokens_per_second: Readonly<Record<string, number>>;
}

/** One completion of a question, with everything that the sample browser shows. */
export interface CompletionRecord {
  /**
   * Who wrote it: `solver` answers questions of the task, `expert` wrote the text that a model learns from. A method may have further
   * roles, such as a critic.
   */
  readonly role: string;
  readonly text: string;
  /** The text of each token, end token included; joined they are the completion. */
  readonly pieces: readonly string[];
  /**
   * One number per piece, by name. `logprob` (at sampling, nats) is always there. `ref_logprob` (under the frozen reference),
   * `advantage` and `value` are there where the method has them per token; a reward term's own numbers are `<term>/<name>`. A name
   * is absent where it was not measured. token-numbers.ts says what the names mean.
   */
  readonly tokens: Readonly<Record<string, readonly number[]>>;
  /** Raw value of each reward term, before its weight, by term name. */
  readonly rewards: Readonly<Record<string, number>>;
  /** How a term came to its value (`TermScores.shown`), by term name. */
  readonly shown?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** The weighted total; absent, like the advantage, where nothing is rewarded. */
  readonly reward?: number;
  readonly advantage?: number;
  /** True where the token budget ended before the end token. */
  readonly truncated: boolean;
  /** Right or wrong by the task's verifier, also where that is not rewarded; absent where the task has none. */
  readonly correct?: boolean;
  /** Why it is wrong, in a few words, where the verifier knows. */
  readonly note?: string;
  /** How it is written; absent where the task cannot tell. */
  readonly manner?: MannerRecord;
}

/** How a completion is written, in words that need no task. */
export interface MannerRecord {
  /** The dialect of its steps; absent where the task has one way to write only. `other` is none of its dialects. */
  readonly dialect?: { readonly id: string; readonly label: string; readonly help: string };
  /** Stretches of pieces that say nothing new: from and to, rising and apart; absent where there are none. */
  readonly chatter?: readonly (readonly [from: number, to: number])[];
}

/** One question with its group of completions at one step, all of one role. */
export interface SampleGroup {
  readonly step: number;
  /** `test` where an evaluation asked: a held-out question, the same at every evaluation. Absent for what a step learned from. */
  readonly split?: 'test';
  readonly question: string;
  /** The prompt as the model reads it. */
  readonly prompt: string;
  readonly completions: readonly CompletionRecord[];
}

/** A kernel whose source a reader changed, and the steps that were computed with it. */
export interface ChangedKernelUse {
  /** The kernel's template, by its path below src/kernels. */
  readonly file: string;
  /** SHA-256 of the changed source, hex. */
  readonly sha256: string;
  readonly from_step: number;
  /** Null while it is in use. */
  readonly to_step: number | null;
}

/** Bytes by what they are for. */
export interface MemoryBytes {
  readonly weights: number;
  /** Gradients, moments, and the copies that a failed step goes back to. */
  readonly optimizer: number;
  readonly reference: number;
  /** What a micro-batch passes through. */
  readonly activations: number;
  /** The policy's generator: keys, values, and what its passes need. */
  readonly caches: number;
  /** What the policy's generator keeps of them for training. */
  readonly answers: number;
  /** All further learners, with their generators. */
  readonly learners: number;
  /** Those that run on the device, with their generators. */
  readonly receivers: number;
  /** Through which the host reads scores and states. */
  readonly readback: number;
}

export interface MemoryPlan {
  readonly budget: number;
  /** Of all `bytes`. */
  readonly total: number;
  readonly bytes: MemoryBytes;
  /** The most micro-batches that an update of the policy is cut into. */
  readonly micro_batches: number;
}

/** What identifies a run and the machine it ran on. */
export interface Manifest {
  readonly version: 1;
  readonly experiment: unknown;
  /** SHA-256 of the experiment's canonical JSON, hex. */
  readonly experiment_hash: string;
  /** Package version and, where known, the commit. */
  readonly build: string;
  readonly adapter: string;
  /** What WebGPU tells of it: vendor, architecture, device, description. Absent in manifests of earlier builds, as are the next two. */
  readonly adapter_info?: Readonly<Record<string, string>>;
  /** The device's limits, in WebGPU's names and units. */
  readonly limits?: Readonly<Record<string, number>>;
  /** The browser's own name for itself; empty on the command line. */
  readonly browser?: string;
  readonly features: readonly string[];
  /** Kernel variant by kernel name. */
  readonly variants: Readonly<Record<string, string>>;
  /** Variants that the gates refused on this device, by kernel, with the reason. Absent where all passed. */
  readonly refused_variants?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** SHA-256 of the policy's model.safetensors, hex. */
  readonly policy_hash: string;
  /** The same of every further learner that starts from a model folder, by its name; absent where there is none. */
  readonly learner_hashes?: Readonly<Record<string, string>>;
  /** Numbers of the plan that change bits, such as tokens per micro-batch. */
  readonly plan: Readonly<Record<string, number>>;
  /** What the run was planned to hold on the device. Absent in manifests of earlier builds. */
  readonly memory?: MemoryPlan;
  /** Absent where every kernel was the build's own. Only then do build, adapter and variants decide all numbers. */
  readonly changed_kernels?: readonly ChangedKernelUse[];
}
