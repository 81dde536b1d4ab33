/** The runs of the present group as the charts show them. */
import { useRef } from 'react';
import { useStore } from 'zustand';
import { shallow } from 'zustand/shallow';
import type { LabState } from '../../lab/protocol.ts';
import type { StepNote, StepNotes } from '../../lab/run-store/step-notes.ts';
import { isBusy } from '../../lab/state-machine.ts';
import { lastEvaluation } from '../../rl/experiment/last-evaluation.ts';
import { methodOf } from '../../rl/methods/index.ts';
import type { ChartRun } from '../charts/runs.ts';
import { useLab, usePage } from '../context.ts';
import { movedLabel, movedValue } from '../live-changes.ts';
import type { Change } from '../store/changes.ts';
import { isPlain, verifierClause } from '../store/kept-runs.ts';
import { KERNELS_PATH } from '../store/kernels-in-lab.ts';
import type { LabData } from '../store/lab-data.ts';
import { presentRuns, type RunData } from '../store/runs.ts';

/** How a run stands, beside its name above the charts. */
const STANDS: Readonly<Partial<Record<LabState, string>>> = {
  paused: 'paused',
  finished: 'done',
  failed: 'failed',
};

/** The same objects for as long as nothing has changed that a chart shows: steps alone do not draw the column again. */
export function useChartRuns(): readonly ChartRun[] {
  const known = useRef<readonly ChartRun[]>([]);
  const notes = useStore(usePage().stored.store, ({ marks }) => marks.steps);
  return useLab((data) => {
    const runs = chartRuns(data, notes).map(
      (run) => known.current.find((old) => shallow(old, run)) ?? run,
    );
    if (!shallow(known.current, runs)) known.current = runs;
    return known.current;
  });
}

const NO_NOTES: readonly StepNote[] = [];

/**
 * Each run has the colour of its place in the group; a run that is not drawn is there, and hidden.
 * @param notes what a person wrote at steps of stored runs
 */
export function chartRuns(data: LabData, notes: StepNotes = {}): readonly ChartRun[] {
  const { state, failure, drawn } = data;
  const runs = presentRuns(data);
  // One that did not fail has only stopped.
  const stands = (id: string) =>
    state === 'failed' && failure?.runId != null && failure.runId !== id
      ? 'stopped'
      : STANDS[state];
  return runs.map((run, i) => ({
    id: run.id,
    label: run.label,
    seed: run.experiment.seed,
    slot: i + 1,
    series: run.record.series,
    live: isBusy(state) || state === 'paused',
    totalSteps: run.experiment.steps,
    lastEvaluation: lastEvaluation(run.experiment),
    // The runs of a group are kept together: one mark is enough.
    keptAt: i === 0 ? data.keeping.step : null,
    changes: changesOf(run, runs[0]),
    notes: (run.stored !== null && notes[run.stored]) || NO_NOTES,
    stands: stands(run.id),
    plain: isPlain(run.experiment),
    verifier: verifierClause(run.experiment),
    alone: aloneOf(run),
    emptied: run.alerts.some(({ id }) => id === 'empty-answers'),
    hidden: !drawn.includes(run.id),
  }));
}

const waits = new WeakMap<RunData['experiment'], { readonly alone: ChartRun['alone'] }>();

/** The same object for the same experiment. */
function aloneOf({ experiment }: RunData): ChartRun['alone'] {
  const known = waits.get(experiment);
  if (known) return known.alone;
  const { alone } = methodOf(experiment.method).charts;
  waits.set(experiment, { alone });
  return alone;
}

type Changes = NonNullable<ChartRun['changes']>;
const NONE: Changes = [];
const named = new WeakMap<readonly Change[], Changes>();

/** A run's live changes in words, less those that the group's lead has made too: one tick is enough. */
function changesOf(run: RunData, lead: RunData): Changes {
  if (run.changes.length === 0) return NONE;
  const known = named.get(run.changes);
  if (known) return known;
  const isLeads = (change: Change) =>
    run !== lead &&
    lead.changes.some((one) => one.step === change.step && one.path === change.path);
  const changes = run.changes
    .filter((change) => !isLeads(change))
    .map((change) => ({ step: change.step, label: changeLabel(run, change) }));
  named.set(run.changes, changes);
  return changes;
}

function changeLabel({ experiment }: RunData, change: Change): string {
  if (change.path === KERNELS_PATH) return String(change.value);
  return `${movedLabel(experiment, change.path)} ${movedValue(experiment, change)}`;
}
