/** The middle column: problems, then the charts of the run. */
import { useMemo } from 'react';
import type { LabState } from '../../lab/protocol.ts';
import { isBusy } from '../../lab/state-machine.ts';
import { TERMS } from '../../rl/experiment/catalog.ts';
import type { MethodSettings } from '../../rl/experiment/schema.ts';
import { methodOf } from '../../rl/methods/index.ts';
import { ChartColumn } from '../charts/chart-column.tsx';
import { ParetoChart } from '../charts/pareto-chart.tsx';
import type { ChartObjective, ChartRun } from '../charts/runs.ts';
import { useLab, usePage } from '../context.ts';
import { EvaluationPanel } from '../evaluation/evaluation-panel.tsx';
import { runName } from '../presets.ts';
import { settingAt, valueText } from '../settings.ts';
import { isPlain } from '../store/kept-runs.ts';
import { KERNELS_PATH } from '../store/kernels-in-lab.ts';
import { Notices } from './notices.tsx';

export function ChartsPane() {
  const { lab } = usePage();
  const experiment = useLab((data) => data.running ?? data.draft);
  const label = useLab((data) => runName(data.running ? data.runningPreset : data.preset));
  const state = useLab((data) => data.state);
  const progress = useLab((data) => data.progress?.label);
  const changes = useLab((data) => data.changes);
  const planned = useLab((data) => data.draft.steps);
  const live = isBusy(state) || state === 'paused';
  const hasRun = state !== 'idle';
  const stands = STANDS[state];
  const against = useLab((data) => data.beside?.against);
  const failed = useLab((data) => data.failure?.which);
  const kept = useLab((data) => data.kept);
  const plain = useLab((data) => data.running !== null && isPlain(data.running));
  const plainBeside = useLab((data) => data.beside !== null && isPlain(data.beside.running));
  const { steps, rewards } = experiment;
  const terms = useMemo(
    () => rewards.map(({ term, weight }) => ({ term, weight, label: TERMS[term].label })),
    [rewards],
  );
  const runs = useMemo<readonly ChartRun[]>(() => {
    if (!hasRun) return [];
    const named = changes.map(({ step, path, value }) => {
      if (path === KERNELS_PATH) return { step, label: String(value) };
      const setting = settingAt(lab.data.running ?? lab.data.draft, path)?.setting;
      return { step, label: setting ? `${setting.label} ${valueText(setting, value)}` : path };
    });
    const { series } = lab;
    const both = { live, totalSteps: steps };
    if (!against) {
      return [{ ...both, id: 'run', label, slot: 1, series, changes: named, stands, plain }];
    }
    const [first, second] = against.labels;
    const other = lab.beside.series;
    // The one that did not fail has only stopped.
    const standing = (which: 'run' | 'against') =>
      state === 'failed' && failed !== which ? 'stopped' : stands;
    return [
      {
        ...both,
        ...{
          id: 'run',
          label: first,
          slot: 1,
          series,
          changes: named,
          stands: standing('run'),
          plain,
        },
      },
      {
        ...both,
        ...{
          id: 'against',
          label: second,
          slot: 2,
          series: other,
          stands: standing('against'),
          plain: plainBeside,
        },
      },
    ];
  }, [
    hasRun,
    label,
    live,
    stands,
    state,
    failed,
    steps,
    changes,
    against,
    lab,
    plain,
    plainBeside,
  ]);
  return (
    <div className="middle">
      <Notices />
      <ChartColumn
        runs={runs}
        terms={terms}
        method={chartMethod(experiment.method)}
        plannedSteps={planned}
        emptyText={emptyText(state, progress)}
        note={against?.what}
      >
        <ParetoChart runs={runs} kept={kept} />
        <EvaluationPanel />
      </ChartColumn>
    </div>
  );
}

/** What decides which charts there are, by GRPO's names. */
function chartMethod(method: MethodSettings): ChartObjective {
  const { ratio, reference, values } = methodOf(method).charts;
  return { beta: Number(reference), num_iterations: ratio === 'moves' ? 2 : 1, ppo: values };
}

/** How the run stands, beside its name above the charts. */
const STANDS: Readonly<Partial<Record<LabState, string>>> = {
  paused: 'paused',
  finished: 'done',
  failed: 'failed',
};

/** What the empty axes wait for. */
function emptyText(state: LabState, progress: string | undefined): string {
  if (state === 'preparing') return progress ?? 'Preparing';
  return state === 'running' ? 'The first step is under way' : 'Press Run';
}
