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
import type { ChartMethod } from '../charts/runs.ts';
import { useLab, usePage } from '../context.ts';
import { EvaluationPanel } from '../evaluation/evaluation-panel.tsx';
import { keptRun } from '../store/kept-runs.ts';
import { shownExperiment } from '../store/lab-data.ts';
import { earlierRuns, presentGroup } from '../store/runs.ts';
import { useChartRuns } from './chart-runs.ts';
import { Notices } from './notices.tsx';

export function ChartsPane() {
  const { lab } = usePage();
  const { rewards, method, task } = useLab(shownExperiment);
  const charts = useMemo(() => chartMethod(method), [method]);
  const dialects = useMemo(() => dialectsOf(createTask(task)), [task]);
  const state = useLab((data) => data.state);
  const progress = useLab((data) => data.progress?.label);
  const planned = useLab((data) => data.draft.steps);
  const note = useLab((data) => presentGroup(data)?.note);
  const earlier = useLab(useShallow(earlierRuns));
  // Accuracies of other tasks say nothing beside these.
  const kept = useMemo(() => {
    const same = JSON.stringify(task);
    return earlier.filter((run) => JSON.stringify(run.experiment.task) === same).map(keptRun);
  }, [earlier, task]);
  const runs = useChartRuns();
  const terms = useMemo(
    () => rewards.map(({ term, weight }) => ({ term, weight, label: TERMS[term].label })),
    [rewards],
  );
  return (
    <div className="middle">
      <Notices />
      <ChartColumn
        runs={runs}
        onDraw={(id, on) => lab.draw(id, on)}
        terms={terms}
        method={charts}
        dialects={dialects}
        plannedSteps={planned}
        emptyText={emptyText(state, progress)}
        note={note}
      >
        <ParetoChart runs={runs} kept={kept} />
        <EvaluationPanel />
      </ChartColumn>
    </div>
  );
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
