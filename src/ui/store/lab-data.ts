/**
 * Everything the page shows of a run except its series and samples, and the pure function that an event of the trainer
 * applies to it. No DOM, no worker, no clock.
 */

import type { ErrorReport } from '../../errors.ts';
import type { AdapterInfo, LabEvent, LabState, Progress } from '../../lab/protocol.ts';
import { canFollow, isBusy } from '../../lab/state-machine.ts';
import type { Against } from '../../rl/experiment/presets/preset.ts';
import type { Experiment } from '../../rl/experiment/schema.ts';
import type { Manifest } from '../../rl/records.ts';
import type { KeptRun } from '../charts/pareto.ts';
import { formatShare } from '../format.ts';
import { withSetting } from '../settings.ts';
import { type Evaluations, NO_EVALUATIONS, reduceEvaluations } from './evaluations.ts';
import { type KernelsInLab, ORIGINAL_KERNELS, reduceKernels } from './kernels-in-lab.ts';
import type { Pace } from './pace.ts';
import type { StuckReceiver } from './stuck-receivers.ts';

/** A failure of the run, with the step at which it came; null where it came before any run. */
export interface Failure {
  readonly report: ErrorReport;
  readonly step: number | null;
  /** Which of two runs side by side has failed; both have stopped. */
  readonly which?: 'run' | 'against';
  /** The run has paused and can be gone on with. */
  readonly paused?: true;
}

/** The second of two runs that go side by side. They share their state; what is here is its own. */
export interface Beside {
  readonly against: Against;
  readonly running: Experiment;
  readonly step: number;
  readonly hash: string;
  readonly manifest: Manifest | null;
}

/** A live setting that took effect. */
export interface Change {
  readonly step: number;
  readonly path: string;
  readonly value: unknown;
}

export interface LabData {
  readonly state: LabState;
  /** Steps done. */
  readonly step: number;
  /** A pause was asked for and the step under way is still being finished. */
  readonly halting: boolean;
  readonly adapter: AdapterInfo | null;
  readonly version: string;
  readonly gpuBytes: number;
  readonly progress: Progress | null;
  /** This browser or machine gives no GPU: the page shows why instead of the lab. */
  readonly noGpu: ErrorReport | null;
  readonly failure: Failure | null;
  /** Hash of all metrics rows so far, hex; empty before the first. */
  readonly hash: string;
  /** Adapter, build, kernel variants and hashes of the run; null before it is prepared. */
  readonly manifest: Manifest | null;
  readonly pace: Pace | null;
  readonly changes: readonly Change[];
  /** The run that goes beside the first; null where there is one run. */
  readonly beside: Beside | null;
  /** Runs of this page that were cleared, by what they came to. */
  readonly kept: readonly KeptRun[];
  /** Receivers that have told no answers apart for some steps, of the first run. */
  readonly stuck: readonly StuckReceiver[];
  /** Live settings sent to the run and not yet in effect, by path. */
  readonly underWay: readonly string[];
  /** Steps in a row in which no group had a signal. */
  readonly silentSteps: number;
  /** Evaluations asked for beside those of the run. */
  readonly evaluations: Evaluations;
  /** Decoders of the person's own that runs may name, by id. */
  readonly own: readonly string[];
  /** Changed kernels in the trainer; they outlive a run and end with the page. */
  readonly kernels: KernelsInLab;
  /** What the panel shows. */
  readonly draft: Experiment;
  /** The preset the draft was made from, by id. */
  readonly preset: string;
  /** A person has chosen or changed something: the adapter's own default no longer replaces it. */
  readonly chosen: boolean;
  /** What runs, live changes included; null where nothing does. */
  readonly running: Experiment | null;
  readonly runningPreset: string;
  /** The last milestone, for the polite live region. */
  readonly announcement: string;
}

/** What a page shows before the worker has answered. */
export function initialData(draft: Experiment, preset: string): LabData {
  return {
    state: 'idle',
    step: 0,
    halting: false,
    adapter: null,
    version: '',
    gpuBytes: 0,
    progress: null,
    noGpu: null,
    failure: null,
    hash: '',
    manifest: null,
    pace: null,
    changes: [],
    beside: null,
    kept: [],
    stuck: [],
    underWay: [],
    silentSteps: 0,
    evaluations: NO_EVALUATIONS,
    own: [],
    kernels: ORIGINAL_KERNELS,
    draft,
    preset,
    chosen: false,
    running: null,
    runningPreset: preset,
    announcement: '',
  };
}

/** The part of the data that belongs to one run, as it is before its first step. */
export function freshRun(): Pick<
  LabData,
  | 'step'
  | 'halting'
  | 'progress'
  | 'failure'
  | 'hash'
  | 'manifest'
  | 'pace'
  | 'changes'
  | 'beside'
  | 'stuck'
  | 'underWay'
  | 'silentSteps'
  | 'evaluations'
> {
  return {
    step: 0,
    halting: false,
    progress: null,
    failure: null,
    hash: '',
    manifest: null,
    pace: null,
    changes: [],
    beside: null,
    stuck: [],
    underWay: [],
    silentSteps: 0,
    evaluations: NO_EVALUATIONS,
  };
}

/** Applies one event of the trainer. An impossible report of a state is late or wrong, and changes nothing. */
export function reduce(data: LabData, event: LabEvent): LabData {
  switch (event.type) {
    case 'opened':
      return { ...data, adapter: event.adapter, version: event.version, noGpu: null };
    case 'no-gpu':
      return event.error.kind === 'NoWebGpu'
        ? { ...data, noGpu: event.error }
        : { ...data, failure: { report: event.error, step: null } };
    case 'state':
      return reduceState(data, event.state, event.step);
    case 'progress':
      // A run that goes on after a lost device prepares once more without leaving `running`.
      return isBusy(data.state) ? { ...data, progress: event.progress } : data;
    case 'step':
      return reduceStep(data, event);
    case 'manifest':
      return { ...data, manifest: event.manifest };
    case 'changed':
      return {
        ...data,
        underWay: data.underWay.filter((path) => path !== event.path),
        changes: [...data.changes, { step: event.step, path: event.path, value: event.value }],
        running: data.running && withSetting(data.running, event.path, event.value),
      };
    case 'kernels':
      return reduceKernels(data, event);
    case 'failed':
      return reduceFailure(data, event);
    case 'evaluating':
    case 'evaluated':
    case 'not-evaluated':
      return { ...data, evaluations: reduceEvaluations(data.evaluations, event) };
    case 'model':
    case 'brought':
      return data;
  }
}

/** Applies an event of the second of two runs: what is its own, and a failure, which stops both. */
export function reduceBeside(data: LabData, event: LabEvent): LabData {
  const { beside } = data;
  if (!beside) return data;
  switch (event.type) {
    case 'step': {
      const { metrics, gpuBytes, hash } = event;
      const { step } = metrics;
      return { ...data, progress: null, gpuBytes, beside: { ...beside, step, hash } };
    }
    case 'manifest':
      return { ...data, beside: { ...beside, manifest: event.manifest } };
    case 'changed':
      return {
        ...data,
        beside: { ...beside, running: withSetting(beside.running, event.path, event.value) },
      };
    case 'failed':
      return reduceFailure(data, event, 'against');
    default:
      return data;
  }
}

function reduceState(data: LabData, state: LabState, step: number): LabData {
  if (!canFollow(data.state, state)) return data;
  const announcement = state === data.state ? '' : announceState(state, step, data.running);
  return {
    ...data,
    state,
    step: state === 'idle' ? data.step : step,
    halting: data.halting && state === 'running',
    progress: isBusy(state) && state === data.state ? data.progress : null,
    announcement: announcement || data.announcement,
  };
}

function announceState(state: LabState, step: number, running: Experiment | null): string {
  const of = running ? ` of ${running.steps}` : '';
  switch (state) {
    case 'running':
      return step > 0 ? `Running again at step ${step}${of}.` : `Started, ${running?.steps} steps.`;
    case 'paused':
      return `Paused at step ${step}${of}.`;
    case 'finished':
      return `Finished after ${step} steps.`;
    case 'preparing':
      return 'Preparing.';
    case 'idle':
    case 'failed':
      return '';
  }
}

function reduceStep(data: LabData, event: Extract<LabEvent, { type: 'step' }>): LabData {
  const { metrics, gpuBytes, hash } = event;
  const { frac_reward_zero_std: silent } = metrics;
  return {
    ...data,
    step: metrics.step,
    progress: null,
    gpuBytes,
    hash,
    silentSteps: silent === 1 ? data.silentSteps + 1 : 0,
    announcement: announceTenth(data, event) ?? data.announcement,
  };
}

function announceTenth(
  data: LabData,
  event: Extract<LabEvent, { type: 'step' }>,
): string | undefined {
  const total = data.running?.steps ?? 0;
  const tenth = (step: number) => Math.floor((10 * step) / total);
  const { step } = event.metrics;
  if (total < 10 || step >= total || tenth(step) === tenth(data.step)) return undefined;
  const accuracy = event.metrics['eval/accuracy'];
  const share = typeof accuracy === 'number' ? `, accuracy ${formatShare(accuracy)}` : '';
  return `Step ${step} of ${total}${share}.`;
}

/** A GPU that was there and cannot be had again is no missing WebGPU: the advice of a first visit would mislead. */
function asLost(report: ErrorReport, step: number): ErrorReport {
  if (report.kind !== 'NoWebGpu' || step === 0) return report;
  return {
    ...report,
    kind: 'DeviceLost',
    message: `The GPU was lost after step ${step} and did not come back`,
    remedy:
      'What was recorded is kept and can be exported. Close other heavy tabs or restart the browser, then start again.',
  };
}

/** What failed, and which of two runs: the other one stopped with it. */
function named(
  { beside }: LabData,
  report: ErrorReport,
  which: 'run' | 'against',
  paused: boolean,
): ErrorReport {
  if (!beside) return report;
  const [first, second] = beside.against.labels;
  const [failed, other] = which === 'run' ? [first, second] : [second, first];
  const halted = paused ? 'has paused' : 'has stopped';
  return {
    ...report,
    message: `${failed}: ${report.message}`,
    remedy: `${report.remedy} ${other} ${halted} with it; what both recorded is kept.`,
  };
}

function reduceFailure(
  data: LabData,
  { error, step, ...event }: Extract<LabEvent, { type: 'failed' }>,
  which: 'run' | 'against' = 'run',
): LabData {
  const paused = event.paused === true;
  const started = data.running !== null && data.state !== 'idle';
  if (started && !canFollow(data.state, 'failed')) return data;
  const report = named(data, asLost(error, data.step), which, paused);
  const state = paused ? 'paused' : 'failed';
  return {
    ...data,
    state: started ? state : data.state,
    halting: false,
    progress: null,
    // A worker that died answers no more.
    evaluations: paused ? data.evaluations : { ...data.evaluations, pending: [] },
    failure: {
      report,
      step: started ? Math.max(step, which === 'run' ? data.step : (data.beside?.step ?? 0)) : null,
      ...(data.beside && { which }),
      ...(started && paused && { paused: true as const }),
    },
    announcement: `Problem: ${report.message}.`,
  };
}
