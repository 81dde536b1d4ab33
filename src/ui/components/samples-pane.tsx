/** The right column: the answers of the run, question by question; of two runs side by side, those of the chosen one. */

import { useMemo, useState } from 'react';
import { methodOf } from '../../rl/methods/index.ts';
import { createTask } from '../../rl/tasks/index.ts';
import { useLab, usePage } from '../context.ts';
import { SampleColumn } from '../samples/sample-column.tsx';

export function SamplesPane() {
  const { lab } = usePage();
  const [chosen, setChosen] = useState('run');
  const beside = useLab((data) => data.beside?.against);
  const which = beside && chosen === 'against' ? 'against' : 'run';
  const experiment = useLab((data) =>
    which === 'against' && data.beside ? data.beside.running : (data.running ?? data.draft),
  );
  const loading = useLab(({ state, progress }) => {
    if (state === 'preparing') return progress?.label ?? 'Preparing';
    return state === 'running' ? 'Sampling the first answers' : undefined;
  });
  const failed = useLab(({ state, failure }) =>
    state === 'failed' && (failure?.which ?? 'run') === which ? failure?.step : undefined,
  );
  const { task, seed } = experiment;
  const preview = useMemo(() => createTask(task).question('train', 0, seed).title, [task, seed]);
  const choice = useMemo(() => {
    if (!beside) return undefined;
    const [first, second] = beside.labels;
    const runs = [
      { id: 'run', label: first, slot: 1 },
      { id: 'against', label: second, slot: 2 },
    ];
    return { runs, chosen: which, onChoose: setChosen };
  }, [beside, which]);
  return (
    <SampleColumn
      samples={which === 'against' ? lab.beside.samples : lab.samples}
      {...(choice && { choice })}
      terms={experiment.rewards}
      groupSize={methodOf(experiment.method).completions / experiment.method.prompts_per_step}
      preview={preview}
      loading={loading}
      failedStep={failed ?? undefined}
    />
  );
}
