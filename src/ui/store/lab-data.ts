/**
 * Everything the page shows except what runs record, and the pure function that an event of the trainer applies to it. No DOM,
 * no worker, no clock.
 */

import type { ErrorReport } from '../../errors.ts';
import type {
  AdapterInfo,
  LabEvent,
  LabState,
  PlannedMemory,
  Progress,
} from '../../lab/protocol.ts';
import { canFollow, isBusy } from '../../lab/state-machine.ts';
import type { Experiment } from '../../rl/experiment/schema.ts';
import { formatShare } from '../format.ts';
import { meansTheSame } from '../settings.ts';
import { type Keeping, NOT_KEPT_YET, reduceKeeping } from './keeping.ts';
import { type KernelsInLab, ORIGINAL_KERNELS, reduceKernels } from './kernels-in-lab.ts';
import { type Pace, paceOf } from './pace.ts';
import { restoredRun } from './restored.ts';
import { togetherTimes } from './run-record.ts';
import {
  groupStep,
  groupSteps,
  lead,
  NO_RUNS,
  presentGroup,
  presentRuns,
  type RunData,
  type Runs,
  reduceRun,
  withPresentRuns,
  withRun,
} from './runs.ts';

/** A failure of the present group, with the step at which it came; null where it came before any run. */
export interface Failure {
  readonly report: ErrorReport;
  readonly step: number | null;
  /** The run that has failed, by id; the others of its group have stopped with it. Null where it was no single run's. */
  readonly runId: string | null;
  /** The group has paused and can be gone on with. */
  readonly paused?: true;
}

/** A phase that is over, of a step that waits. */
export type Standing = Extract<LabEvent, { type: 'phase' }>;

export interface LabData extends Runs {
  /** Of the present group. */
  readonly state: LabState;
  /** A pause was asked for and the step under way is still being finished. */
  readonly halting: boolean;
  readonly adapter: AdapterInfo | null;
  /** The adapter has been asked for: on arrival, or by the first run where the page leaves that to a person. */
  readonly gpuAsked: boolean;
  readonly version: string;
  readonly gpuBytes: number;
  /** What the draft would hold, as far as it is known. */
  readonly planned: PlannedMemory | null;
  readonly progress: Progress | null;
  /** This browser or machine gives no GPU: the page shows why instead of the lab. */
  readonly noGpu: ErrorReport | null;
  readonly failure: Failure | null;
  /** Where the lead's step waits between two of its phases, and what is known of it by then. */
  readonly standing: Standing | null;
  /** How far the present group is kept. */
  readonly keeping: Keeping;
  /** What was said of the storage and has been read: it is not said again. */
  readonly storageRead: string;
  /** How fast the present group goes. */
  readonly pace: Pace | null;
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
  /** The last milestone, for the polite live region. */
  readonly announcement: string;
}

/** What a page shows before the worker has answered. */
export function initialData(draft: Experiment, preset: string): LabData {
  return {
    ...NO_RUNS,
    ...NOTHING_RUNS,
    adapter: null,
    gpuAsked: false,
    version: '',
    gpuBytes: 0,
    planned: null,
    noGpu: null,
    storageRead: '',
    own: [],
    kernels: ORIGINAL_KERNELS,
    draft,
    preset,
    chosen: false,
    announcement: '',
  };
}

/** What is said of the present group where there is none. */
export const NOTHING_RUNS: Pick<
  LabData,
  'state' | 'halting' | 'progress' | 'failure' | 'standing' | 'keeping' | 'pace'
> = {
  state: 'idle',
  halting: false,
  progress: null,
  failure: null,
  standing: null,
  keeping: NOT_KEPT_YET,
  pace: null,
};

/** What runs, live changes included; before a run, what would. */
export function shownExperiment(data: LabData): Experiment {
  return lead(data)?.experiment ?? data.draft;
}

/** The preset that this was made from, by id. */
export function shownPreset(data: LabData): string {
  return presentGroup(data)?.preset ?? data.preset;
}

/** The runs that take a live change of the draft: the lead and all that it does not tell apart, where it means the same. */
export function takersOf(data: LabData, path: string): readonly RunData[] {
  const means = (run: RunData) => meansTheSame(run.experiment, data.draft, path);
  const first = lead(data);
  if (!first || !means(first)) return [];
  return presentRuns(data).filter((run) => !run.apart.includes(path) && means(run));
}

/** Applies one event of the trainer. An impossible report of a state is late or wrong, and changes nothing. */
export function reduce(data: LabData, event: LabEvent): LabData {
  switch (event.type) {
    case 'opened':
      return { ...data, adapter: event.adapter, version: event.version, noGpu: null };
    case 'no-gpu':
      return event.error.kind === 'NoWebGpu'
        ? { ...data, noGpu: event.error }
        : { ...data, failure: { report: event.error, step: null, runId: null } };
    case 'state':
      return reduceState(data, event);
    case 'progress':
      // A group that goes on after a lost device prepares once more without leaving `running`.
      return isBusy(data.state) ? { ...data, progress: event.progress } : data;
    case 'planned':
      return { ...data, planned: { memory: event.memory, error: event.error } };
    case 'phase':
      return {
        ...data,
        standing: event,
        announcement: `Step ${event.step}: ${TOLD[event.phase]}.`,
      };
    case 'step':
      return reduceStep(data, event);
    case 'manifest':
    case 'changed':
    case 'evaluating':
    case 'evaluated':
    case 'not-evaluated':
      return withRun(data, event.runId, (run) => reduceRun(run, event));
    case 'kernels':
      return reduceKernels(data, event);
    case 'failed':
      return reduceFailure(data, event);
    case 'restored':
      return withRun(data, event.runId, (run) => restoredRun(run, event));
    case 'kept':
    case 'not-kept':
      return { ...data, keeping: reduceKeeping(data.keeping, event) };
    case 'estimated':
    case 'model':
    case 'not-exported':
    case 'brought':
    case 'alive':
      return data;
  }
}

/** What is over after a phase, for who hears it. */
const TOLD: Readonly<Record<Standing['phase'], string>> = {
  sample: 'answers are sampled',
  score: 'answers are scored',
  advantage: 'advantages are known',
  update: 'the policy is updated',
};

function reduceState(
  data: LabData,
  { state, steps }: Extract<LabEvent, { type: 'state' }>,
): LabData {
  if (!canFollow(data.state, state)) return data;
  const next = withPresentRuns(data, ({ id, step }) => ({ step: steps[id] ?? step }));
  const announcement = state === data.state ? '' : announceState(state, next);
  return {
    ...next,
    state,
    standing: isBusy(state) ? next.standing : null,
    halting: data.halting && state === 'running',
    progress: isBusy(state) && state === data.state ? data.progress : null,
    announcement: announcement || data.announcement,
  };
}

function announceState(state: LabState, data: LabData): string {
  const step = groupStep(data);
  const total = groupSteps(data);
  const of = total > 0 ? ` of ${total}` : '';
  switch (state) {
    case 'running':
      return step > 0 ? `Running again at step ${step}${of}.` : `Started, ${total} steps.`;
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
  const next = withRun(data, event.runId, (run) => reduceRun(run, event));
  const times = presentRuns(next).map(({ record: { timings }, experiment: { steps } }) => {
    return { timings, steps };
  });
  return {
    ...next,
    progress: null,
    standing: data.standing?.runId === event.runId ? null : data.standing,
    gpuBytes: event.gpuBytes,
    pace: times.length > 0 ? paceOf(togetherTimes(times)) : null,
    announcement: announceTenth(groupStep(data), next, event) ?? data.announcement,
  };
}

function announceTenth(
  before: number,
  data: LabData,
  { metrics }: Extract<LabEvent, { type: 'step' }>,
): string | undefined {
  const total = groupSteps(data);
  const step = groupStep(data);
  const tenth = (done: number) => Math.floor((10 * done) / total);
  if (total < 10 || step >= total || tenth(step) === tenth(before)) return undefined;
  const accuracy = metrics['eval/accuracy'];
  const share = typeof accuracy === 'number' ? `, accuracy ${formatShare(accuracy)}` : '';
  return `Step ${step} of ${total}${share}.`;
}

/** What failed, and which run of several: the others stopped with it. */
function named(
  data: LabData,
  report: ErrorReport,
  runId: string | null,
  paused: boolean,
): ErrorReport {
  const runs = presentRuns(data);
  const failed = runs.find(({ id }) => id === runId);
  if (!failed || runs.length === 1) return report;
  const [other, ...more] = runs.filter((run) => run !== failed);
  const one = more.length === 0;
  const stopped = `${one ? `${other.label} has` : 'The others have'} ${paused ? 'paused' : 'stopped'}`;
  return {
    ...report,
    message: `${failed.label}: ${report.message}`,
    remedy: `${report.remedy} ${stopped} with it; what ${one ? 'both' : 'all'} recorded is kept.`,
  };
}

function reduceFailure(
  data: LabData,
  { error, step, runId, ...event }: Extract<LabEvent, { type: 'failed' }>,
): LabData {
  const paused = event.paused === true;
  const started = data.present !== null && data.state !== 'idle';
  if (started && !canFollow(data.state, 'failed')) return data;
  const done = (runId !== null ? data.runs.get(runId)?.step : undefined) ?? groupStep(data);
  const report = named(data, error, runId, paused);
  const state = paused ? 'paused' : 'failed';
  // A worker that died answers no more.
  const next = paused
    ? data
    : withPresentRuns(data, ({ evaluations }) => ({
        evaluations: { ...evaluations, pending: [] },
      }));
  return {
    ...next,
    state: started ? state : data.state,
    halting: false,
    progress: null,
    standing: null,
    failure: {
      report,
      runId,
      step: started ? Math.max(step, done) : null,
      ...(started && paused && { paused: true as const }),
    },
    announcement: `Problem: ${report.message}.`,
  };
}
