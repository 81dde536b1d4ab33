/** The middle column: problems, then the charts of the run. */
import { useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { LabState } from '../../lab/protocol.ts';
import { TERMS } from '../../rl/experiment/catalog.ts';
import type { MethodSettings } from '../../rl/experiment/schema.ts';
import { dialectsOf } from '../../rl/manner.ts';
import { methodOf } from '../../rl/methods/index.ts';
import { createTask } from '../../rl/tasks/index.ts';
import { ChartColumn } from '../charts/chart-column.tsx';
import { ParetoChart } from '../charts/pareto-chart.tsx';
import type { ChartMethod, ChartRun } from '../charts/runs.ts';
import { useLab, usePage } from '../context.ts';
import { EvaluationPanel } from '../evaluation/evaluation-panel.tsx';
import { FirstLine } from '../first/first-line.tsx';
import type { FirstRun } from '../first/first-recording.ts';
import { useFirst } from '../first/use-first.ts';
import { NoteButton, StepNoteList } from '../notes/step-notes.tsx';
import { keptRun } from '../store/kept-runs.ts';
import { shownExperiment } from '../store/lab-data.ts';
import { earlierRuns, presentGroup } from '../store/runs.ts';
import { useChartRuns } from './chart-runs.ts';
import { Notices } from './notices.tsx';
import { SmallScreen } from './small-screen.tsx';

export function ChartsPane() {
  const { lab } = usePage();
  const first = useFirst();
  const own = useLab(shownExperiment);
  const { rewards, method, task } = first?.run.experiment ?? own;
  const charts = useMemo(() => chartMethod(method), [method]);
  const dialects = useMemo(() => dialectsOf(createTask(task)), [task]);
  const state = useLab((data) => data.state);
  const progress = useLab((data) => data.progress?.label);
  const draft = useLab((data) => data.draft.steps);
  const planned = first?.run.experiment.steps ?? draft;
  const note = useLab((data) => presentGroup(data)?.note);
  const earlier = useLab(useShallow(earlierRuns));
  // Accuracies of other tasks say nothing beside these.
  const kept = useMemo(() => {
    const same = JSON.stringify(task);
    return earlier.filter((run) => JSON.stringify(run.experiment.task) === same).map(keptRun);
  }, [earlier, task]);
  const ownRuns = useChartRuns();
  const recorded = useMemo(() => (first ? [recordedRun(first)] : []), [first]);
  const runs = first ? recorded : ownRuns;
  const terms = useMemo(
    () => rewards.map(({ term, weight }) => ({ term, weight, label: TERMS[term].label })),
    [rewards],
  );
  return (
    <div className="middle">
      <Notices />
      <SmallScreen />
      <FirstLine />
      <ChartColumn
        runs={runs}
        onDraw={(id, on) => lab.draw(id, on)}
        terms={terms}
        method={charts}
        dialects={dialects}
        plannedSteps={planned}
        emptyText={emptyText(state, progress)}
        note={note}
        captions={first?.captions}
        tool={<NoteButton />}
        above={<StepNoteList />}
      >
        <ParetoChart runs={runs} kept={kept} />
        <EvaluationPanel />
      </ChartColumn>
    </div>
  );
}

/** The recording as the charts draw it. */
function recordedRun({ run, playing }: FirstRun): ChartRun {
  const { id, label, record, experiment } = run;
  return {
    ...{ id, label, series: record.series, slot: 1, live: playing },
    totalSteps: experiment.steps,
    stands: `recorded, seed ${experiment.seed}`,
  };
}

/** What decides which charts there are. */
function chartMethod(method: MethodSettings): ChartMethod {
  const { charts, rewarded } = methodOf(method);
  return { ...charts, rewarded };
}

/** What the empty axes wait for. */
function emptyText(state: LabState, progress: string | undefined): string {
  if (state === 'preparing') return progress ?? 'Preparing';
  return state === 'running' ? 'The first step is under way' : 'Press Run';
}
