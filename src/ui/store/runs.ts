/**
 * The runs of the page: a map by id, and the groups that they run in. A group is one run, or several that go side by side on one
 * device and share its state. The newest group is the present one until it is reset; runs of earlier groups stay in the map. Pure
 * data, but for what a run records.
 */
import type { LabEvent } from '../../lab/protocol.ts';
import type { Experiment } from '../../rl/experiment/schema.ts';
import type { Manifest } from '../../rl/records.ts';
import type { Alert } from '../alerts/alert.ts';
import { alertsOf } from '../alerts/alerts.ts';
import { settingAt, withSetting } from '../settings.ts';
import type { Change } from './changes.ts';
import { type Evaluations, NO_EVALUATIONS, reduceEvaluations } from './evaluations.ts';
import { tokensPerStep } from './pace.ts';
import { RunRecord } from './run-record.ts';

/** One run and all that is its own. */
export interface RunData {
  readonly id: string;
  /** What the page calls it. */
  readonly label: string;
  /** What it runs, live changes included. */
  readonly experiment: Experiment;
  /** Paths of the settings that tell it from the lead of its group: a live change of them is not for it. */
  readonly apart: readonly string[];
  /** Its place in the store of this browser (`placeOf`); null where it is not kept. */
  readonly stored: string | null;
  /** Steps done. */
  readonly step: number;
  /** Hash of all metrics rows so far, hex; empty before the first. */
  readonly hash: string;
  /** Adapter, build, kernel variants and hashes; null before the run is prepared. */
  readonly manifest: Manifest | null;
  readonly changes: readonly Change[];
  /** Live settings sent to it and not yet in effect, by path. */
  readonly underWay: readonly string[];
  /** What goes wrong with it now. */
  readonly alerts: readonly Alert[];
  /** Evaluations asked for beside its own. */
  readonly evaluations: Evaluations;
  /** Rows, times, series and samples. */
  readonly record: RunRecord;
}

/** Runs that go side by side, by id. The first is the lead: the panel speaks of its settings. */
export interface Group {
  readonly id: string;
  readonly runs: readonly string[];
  /** The preset that the lead's experiment was made from, by id. */
  readonly preset: string;
  /** What tells the runs apart, in a sentence. */
  readonly note?: string;
  /** Where it was recorded, in a few words: nothing of it runs here. */
  readonly recordedIn?: string;
}

/** The part of the page's data that is about runs. */
export interface Runs {
  /** Those of the present group and earlier ones. */
  readonly runs: ReadonlyMap<string, RunData>;
  /** Every group that has a run in the map, the newest last. */
  readonly groups: readonly Group[];
  /** Id of the group that the page shows; null where there is none. */
  readonly present: string | null;
  /** Ids of the runs that the charts draw. */
  readonly drawn: readonly string[];
}

export const NO_RUNS: Runs = { runs: new Map(), groups: [], present: null, drawn: [] };

/** Runs of a new group that are drawn without being asked for: there are as many colours. */
export const DRAWN_BY_DEFAULT = 5;

/** A run before its first step. @param stored its place in the store */
export function freshRun(
  about: Pick<RunData, 'id' | 'label' | 'experiment' | 'apart'>,
  stored: string | null = null,
): RunData {
  return {
    ...about,
    stored,
    step: 0,
    hash: '',
    manifest: null,
    changes: [],
    underWay: [],
    alerts: [],
    evaluations: NO_EVALUATIONS,
    record: new RunRecord(),
  };
}

/** With a group more, which is the present one from now on. */
export function withGroup(data: Runs, group: Group, runs: readonly RunData[]): Runs {
  return {
    runs: new Map([...data.runs, ...runs.map((run) => [run.id, run] as const)]),
    groups: [...data.groups, group],
    present: group.id,
    drawn: group.runs.slice(0, DRAWN_BY_DEFAULT),
  };
}

/** With one run changed; an id that is not there changes nothing. */
export function withRun<Data extends Runs>(
  data: Data,
  id: string,
  change: (run: RunData) => Partial<RunData>,
): Data {
  const run = data.runs.get(id);
  if (!run) return data;
  return { ...data, runs: new Map(data.runs).set(id, { ...run, ...change(run) }) };
}

/** With every run of the present group changed. */
export function withPresentRuns<Data extends Runs>(
  data: Data,
  change: (run: RunData) => Partial<RunData>,
): Data {
  return (presentGroup(data)?.runs ?? []).reduce((all, id) => withRun(all, id, change), data);
}

export function presentGroup({ groups, present }: Runs): Group | undefined {
  return groups.find(({ id }) => id === present);
}

/** The runs of the present group. */
export function presentRuns(data: Runs): readonly RunData[] {
  return (presentGroup(data)?.runs ?? []).flatMap((id) => data.runs.get(id) ?? []);
}

/** The present run whose settings the panel shows; undefined where nothing runs. */
export function lead(data: Runs): RunData | undefined {
  const id = presentGroup(data)?.runs[0];
  return id === undefined ? undefined : data.runs.get(id);
}

/** What was evaluated of the lead. */
export function evaluationsOf(data: Runs): Evaluations {
  return lead(data)?.evaluations ?? NO_EVALUATIONS;
}

/** Runs of earlier groups, oldest first. */
export function earlierRuns(data: Runs): readonly RunData[] {
  const now = presentGroup(data)?.runs ?? [];
  return [...data.runs.values()].filter(({ id }) => !now.includes(id));
}

/** Steps that the present group has done: those of the run that is furthest. */
export function groupStep(data: Runs): number {
  return Math.max(0, ...presentRuns(data).map(({ step }) => step));
}

/** Steps that the present group will have done at its end; 0 where there is none. */
export function groupSteps(data: Runs): number {
  return Math.max(0, ...presentRuns(data).map(({ experiment }) => experiment.steps));
}

/** Seconds that the present group has spent on steps after this one; -1 counts all of them. */
export function secondsAfter(data: Runs, step: number): number {
  const rows = presentRuns(data).flatMap(({ record }) => record.timings);
  return rows.reduce((sum, row) => sum + (row.step > step ? row.step_time || 0 : 0), 0);
}

/** Tokens that a step of the present group trains on, the mean over its last steps; null where that is not known. */
export function groupTokensPerStep(data: Runs): number | null {
  const step = groupStep(data);
  const going = presentRuns(data).filter((run) => run.step === step);
  const tokens = going.map(({ record }) => tokensPerStep(record.rows));
  return tokens.reduce<number | null>(
    (sum, one) => (sum === null || one === null ? null : sum + one),
    going.length > 0 ? 0 : null,
  );
}

type RunEvent = Extract<
  LabEvent,
  { type: 'step' | 'manifest' | 'changed' | 'evaluating' | 'evaluated' | 'not-evaluated' }
>;

/** What an event changes of its run, whose record has taken a step already. */
export function reduceRun(run: RunData, event: RunEvent): Partial<RunData> {
  switch (event.type) {
    case 'step':
      return {
        step: event.metrics.step,
        hash: event.hash,
        alerts: alertsOf(run.record.rows, run.experiment, run.alerts),
      };
    case 'manifest':
      return { manifest: event.manifest };
    case 'changed': {
      const { step, path, value } = event;
      return {
        underWay: run.underWay.filter((one) => one !== path),
        changes: [
          ...run.changes,
          { step, path, value, was: settingAt(run.experiment, path)?.value },
        ],
        experiment: withSetting(run.experiment, path, value),
      };
    }
    case 'evaluating':
    case 'evaluated':
    case 'not-evaluated':
      return { evaluations: reduceEvaluations(run.evaluations, event) };
  }
}
