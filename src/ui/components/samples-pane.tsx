/** The right column: the answers of the run, question by question. */
import { useMemo } from 'react';
import { createTask } from '../../rl/tasks/index.ts';
import { useLab, usePage } from '../context.ts';
import { SampleColumn } from '../samples/sample-column.tsx';

export function SamplesPane() {
  const { lab } = usePage();
  const experiment = useLab((data) => data.running ?? data.draft);
  const loading = useLab(({ state, progress }) => {
    if (state === 'preparing') return progress?.label ?? 'Preparing';
    return state === 'running' ? 'Sampling the first answers' : undefined;
  });
  const failed = useLab((data) => (data.state === 'failed' ? data.failure?.step : undefined));
  const { task, seed } = experiment;
  const preview = useMemo(() => createTask(task).question('train', 0, seed).title, [task, seed]);
  return (
    <SampleColumn
      samples={lab.samples}
      terms={experiment.rewards}
      groupSize={experiment.objective.num_generations}
      preview={preview}
      loading={loading}
      failedStep={failed ?? undefined}
    />
  );
}
