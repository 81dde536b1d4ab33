/**
 * What the Kernels page and the kernel laboratory's worker say to each other: one question, one answer. Plain data only. The worker
 * has a GPU device of its own, so that nothing a reader tries reaches the device that trains.
 */
import type { ErrorReport } from '../../errors.ts';
import type { Experiment } from '../../rl/experiment/schema.ts';
import type { AdapterReport } from '../adapter-report/schema.ts';
import type { ChangedKernel } from '../changed-kernels.ts';

/** One way of computing a kernel, and the templates that it is written in. */
export interface KernelVariant {
  readonly name: string;
  /** Keys of `Catalogue.files`. */
  readonly files: readonly string[];
  /** Access of the storage bindings 1, 2, ... of its plainest form. */
  readonly bindings: readonly ('read' | 'write')[];
}

/** A kernel as the page lists it. */
export interface KernelEntry {
  readonly id: string;
  readonly group: string;
  /** One sentence. */
  readonly what: string;
  readonly formula: string;
  /** Its names in a recording. */
  readonly kernels: readonly string[];
  readonly variants: readonly KernelVariant[];
  /** The sizes of its check, in words. `cases` of a question are places in this list. */
  readonly cases: readonly string[];
}

export interface Catalogue {
  readonly kernels: readonly KernelEntry[];
  /** Text of the templates, with their includes put in, by path below src/kernels. */
  readonly files: Readonly<Record<string, string>>;
  /** Turns after which a loop of a changed kernel ends. */
  readonly loopLimit: number;
}

/** The device that the laboratory opened, and which variant of each kernel runs on it. */
export interface Machine {
  readonly name: string;
  readonly software: boolean;
  readonly profile: string;
  readonly timestamps: boolean;
  /** Variant by the id of the kernel. */
  readonly running: Readonly<Record<string, string>>;
}

/** One output of a case: its largest error in the tolerance's unit. `worst` says where, in words. */
export interface OutputResult {
  readonly output: string;
  readonly gradient: boolean;
  readonly error: number;
  readonly tolerance: number;
  readonly passed: boolean;
  readonly worst: string;
}

export interface CaseResult {
  readonly label: string;
  readonly passed: boolean;
  readonly outputs: readonly OutputResult[];
}

/** A compiler's message; line 0 where it names none. Lines are those of the template. */
export interface Problem {
  readonly line: number;
  readonly message: string;
}

/** Speed on one piece of work. */
export interface Speed {
  readonly ms: number;
  readonly gflops: number;
  readonly gbs: number;
}

export interface VariantSpeed extends Speed {
  readonly variant: string;
  /** Milliseconds for the same work with halves where `fp16` stores them; null where it stores none of this kernel's operands so. */
  readonly halfMs: number | null;
}

/** A changed kernel: refused by the compiler, wrong, or right and timed against the original. */
export interface Trial {
  readonly compileMs: number;
  readonly problems: readonly Problem[];
  /** All sizes of every kernel and variant that is made of the text, up to the first that failed. */
  readonly cases: readonly CaseResult[];
  /** What may be put into the lab; null unless all sizes passed. */
  readonly passed: ChangedKernel | null;
  readonly timing: {
    readonly before: Speed;
    readonly after: Speed;
    readonly rounds: number;
    /** What it was timed on, in words. */
    readonly work: string;
  } | null;
}

export type Phase = 'sample' | 'forward' | 'backward' | 'update';

export interface StepDispatch {
  readonly kernel: string;
  readonly variant: string;
  readonly label: string;
  readonly phase: Phase;
  readonly ms: number;
  readonly flop: number;
  readonly bytes: number;
}

/** One training step on the laboratory's device, dispatch by dispatch, in order. */
export interface StepProfile {
  readonly timedBy: 'timestamps' | 'one by one';
  readonly policy: string;
  readonly dispatches: readonly StepDispatch[];
  /** How many of them were timed themselves. Each of the others counts with the time that the same dispatch took shortly before. */
  readonly timed: number;
  /** Milliseconds that one reading of the clock cannot tell from nothing. */
  readonly clockStep: number;
}

/** The highest speeds that were measured on this adapter. */
export interface Ceilings {
  readonly gflops: number;
  readonly gbs: number;
  /** How each was measured, in words. */
  readonly matmul: string;
  readonly copy: string;
}

/** A changed template. */
export interface Edit {
  readonly file: string;
  readonly text: string;
}

/** Question and answer by name. */
export interface Talk {
  catalogue: { ask: object; answer: Catalogue };
  open: { ask: object; answer: Machine };
  check: {
    ask: { readonly kernel: string; readonly variant: string; readonly cases: readonly number[] };
    answer: readonly CaseResult[];
  };
  try: {
    ask: {
      readonly kernel: string;
      readonly variant: string;
      readonly edit: Edit;
      /** Changed templates that the lab uses already: the edit is checked beside them. */
      readonly beside: readonly Edit[];
    };
    answer: Trial;
  };
  variants: { ask: { readonly kernel: string }; answer: readonly VariantSpeed[] };
  step: { ask: { readonly experiment: Experiment }; answer: StepProfile };
  ceilings: { ask: object; answer: Ceilings };
  report: { ask: object; answer: AdapterReport };
}

export type Question = { [K in keyof Talk]: { readonly type: K } & Talk[K]['ask'] }[keyof Talk];
export type QuestionOf<K extends keyof Talk> = { readonly type: K } & Talk[K]['ask'];

export interface Asked {
  readonly id: number;
  readonly question: Question;
}

/** How far an answer is: `done` of `total` sizes, or dispatches where the total is not known beforehand (0). */
export interface Advance {
  readonly done: number;
  readonly total: number;
  /** The adapter report so far, and what is under way: it is kept where the worker ends before the answer. */
  readonly report?: AdapterReport;
  readonly doing?: string;
}

export type Answered =
  | { readonly id: number; readonly advance: Advance }
  | { readonly id: number; readonly ok: true; readonly answer: Talk[keyof Talk]['answer'] }
  | { readonly id: number; readonly ok: false; readonly error: ErrorReport };
