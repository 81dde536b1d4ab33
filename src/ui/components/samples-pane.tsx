/** The right column: the answers of a run, question by question; of several side by side, those of the chosen one. */
import { useMemo, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { methodOf } from '../../rl/methods/index.ts';
import { createTask } from '../../rl/tasks/index.ts';
import { useCursor } from '../charts/cursor-store.ts';
import { useLab, usePage } from '../context.ts';
import { useFirst } from '../first/use-first.ts';
import { lookAt } from '../microscope/run-view.ts';
import { readerOf } from '../samples/learned-reading.ts';
import { SampleColumn } from '../samples/sample-column.tsx';
import type { SampleTerm } from '../samples/sample-row.tsx';
import { useSampleView } from '../samples/sample-view.ts';
import { valueAtStep } from '../store/changes.ts';
import { type LabData, shownExperiment } from '../store/lab-data.ts';
import { lead, presentGroup, presentRuns } from '../store/runs.ts';
import { PageLink } from './page-link.tsx';

const NO_TERMS: readonly SampleTerm[] = [];

export function SamplesPane() {
  const { lab } = usePage();
  const [chosen, setChosen] = useState('');
  const looked = (data: LabData) => presentRuns(data).find(({ id }) => id === chosen) ?? lead(data);
  const first = useFirst()?.run;
  const id = useLab((data) => looked(data)?.id);
  const own = useLab((data) => looked(data)?.experiment ?? shownExperiment(data));
  const ownSamples = useLab((data) => looked(data)?.record.samples ?? lab.samples);
  const { experiment } = first ?? { experiment: own };
  const samples = first?.record.samples ?? ownSamples;
  const { rewarded, completions } = methodOf(experiment.method);
  const loading = useLab(({ state, progress }) => {
    if (state === 'preparing') return progress?.label ?? 'Preparing';
    return state === 'running' ? 'The first step is under way' : undefined;
  });
  const failed = useLab(({ state, failure }) =>
    state === 'failed' && (failure?.runId ?? id) === id ? failure?.step : undefined,
  );
  const { task: config, seed } = experiment;
  const task = useMemo(() => createTask(config), [config]);
  const preview = useMemo(() => task.question('train', 0, seed).title, [task, seed]);
  const changes = useLab((data) => looked(data)?.changes);
  const { rewards } = experiment;
  const termsAt = useMemo(
    () =>
      changes &&
      ((step: number) =>
        rewards.map(({ term, weight }, i) => ({
          term,
          weight: valueAtStep(changes, `rewards.${i}.weight`, step, weight),
        }))),
    [changes, rewards],
  );
  const reader = useMemo(() => readerOf(experiment, task), [experiment, task]);
  const ids = useLab((data) => presentGroup(data)?.runs);
  const labels = useLab(useShallow((data) => presentRuns(data).map(({ label }) => label)));
  const choice = useMemo(() => {
    if (id === undefined || !ids || ids.length < 2) return undefined;
    const runs = ids.map((run, i) => ({ id: run, label: labels[i], slot: i + 1 }));
    return { runs, chosen: id, onChoose: setChosen };
  }, [ids, labels, id]);
  return (
    <SampleColumn
      samples={samples}
      {...(choice && { choice })}
      terms={rewarded ? experiment.rewards : NO_TERMS}
      {...(rewarded && termsAt && { termsAt })}
      rewarded={rewarded}
      groupSize={completions / experiment.method.prompts_per_step}
      preview={preview}
      loading={loading}
      failedStep={failed ?? undefined}
      reader={reader}
      legend={task.legend}
      more={
        rewarded ? (
          <UnderMicroscope
            run={Math.max(0, ids?.indexOf(id ?? '') ?? 0)}
            recorded={first !== undefined}
          />
        ) : null
      }
    />
  );
}

/** The roads to the same answers in the microscope: the step that is pinned, and the question that is shown. */
function UnderMicroscope({ run, recorded }: { readonly run: number; readonly recorded: boolean }) {
  const { view } = usePage();
  const look = (scope: string) => {
    const { pinnedStep: step } = useCursor.getState();
    lookAt({ run, step, group: useSampleView.getState().question });
    view.setState({ scope });
  };
  return (
    <p className="small everyloss">
      <PageLink to="microscope" onFollow={() => look('losses')}>
        These answers under every loss
      </PageLink>
      <PageLink to="microscope" onFollow={() => look('phases')}>
        Phase by phase
      </PageLink>
      {recorded ? <span className="badge outline">recorded</span> : null}
    </p>
  );
}
