/** What stays of a run whose group was cleared. */
import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../../rl/experiment/schema.ts';
import { isPlain, keptRun, retired } from './kept-runs.ts';
import { earlierRuns, freshRun, NO_RUNS, type Runs, withGroup } from './runs.ts';

const experiment = (given: object) => {
  const parsed = parseExperiment(given);
  if (!parsed.ok) throw new Error(parsed.problems[0].message);
  return parsed.experiment;
};
const plain = { rewards: [{ term: 'answer' }, { term: 'sar', weight: 0 }] };

/** With a run more, which has done so many steps and whose group was cleared. */
function cleared(data: Runs, label: string, steps: number): Runs {
  const run = freshRun({
    id: label,
    label,
    experiment: experiment({ seed: 3, ...plain }),
    apart: [],
  });
  for (let step = 1; step <= steps; step++) {
    run.record.push({
      ...{ type: 'step', runId: label, gpuBytes: 0, hash: '' },
      metrics: { step, 'completions/mean_length': 20, 'rewards/answer/mean': 0.5 },
      timings: { step, step_time: 1, phases: {}, tokens_per_second: {} },
      samples: [{ step, question: '', prompt: '', completions: [] }],
    });
  }
  return retired(withGroup(data, { id: `group of ${label}`, runs: [label], preset: '' }, [run]));
}

describe('a run whose group was cleared', () => {
  it('stays by its name and seed where it has done enough, without its samples; the oldest go', () => {
    const [run] = earlierRuns(cleared(NO_RUNS, 'GRPO', 6));
    expect(keptRun(run)).toMatchObject({
      ...{ label: 'GRPO, seed 3', plain: true },
      outcome: { trained: { length: 20, accuracy: 0.5 } },
    });
    expect(run.record.rows).toHaveLength(6);
    expect(run.record.samples.steps()).toEqual([]);
    expect(cleared(NO_RUNS, 'GRPO', 1)).toEqual(NO_RUNS);
    let data: Runs = NO_RUNS;
    for (let i = 0; i < 12; i++) data = cleared(data, `${i}`, 6);
    expect(earlierRuns(data).map(({ label }) => label)).toEqual([
      '4',
      '5',
      '6',
      '7',
      '8',
      '9',
      '10',
      '11',
    ]);
    expect(data.groups).toHaveLength(8);
  });

  it('is plain only where nothing but the task is paid', () => {
    expect(isPlain(experiment(plain))).toBe(true);
    expect(isPlain(experiment({ rewards: [{ term: 'answer' }, { term: 'sar' }] }))).toBe(false);
    expect(isPlain(experiment({ rewards: [{ term: 'answer', permuted: true }] }))).toBe(false);
  });
});
