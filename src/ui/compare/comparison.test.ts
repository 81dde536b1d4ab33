import { describe, expect, it } from 'vitest';
import type { SeedRun } from '../../lab/run-groups/seed-run.ts';
import { madeRun } from '../../lab/run-groups/testing/made-runs.ts';
import { defaultExperiment, type Experiment } from '../../rl/experiment/schema.ts';
import { groupRows } from '../stored/group-rows.ts';
import { metricOf } from '../stored/group-words.ts';
import { comparisonCsv, comparisonJson, comparisonSvg } from './compare-export.ts';
import {
  captionOf,
  differenceText,
  findingOf,
  settingsTable,
  tasksWarning,
} from './compare-words.ts';
import { compare, metricsOf } from './comparison.ts';

const accuracy = metricOf('eval/accuracy');
const kl = {
  ...defaultExperiment(),
  steps: 5,
  method: { ...defaultExperiment().method, beta: 0.02 },
} as Experiment;
const three = (key: string, ends: readonly number[], more = {}) =>
  ends.map((end, i) =>
    madeRun(i + 1, [0.1, end], { key, name: key, id: `${key}${i}`, stored: `${key}${i}`, ...more }),
  );
const rows = groupRows([
  ...three('first', [0.5, 0.52, 0.54], { experiment: kl }),
  ...three('second', [0.46, 0.49, 0.5], { created: '2026-11-30T05:00:00Z' }),
]);
const compared = (chosen = rows, level: number | null = null) =>
  compare(chosen, {
    ...{ metric: 'eval/accuracy', level },
    slotOf: (key) => chosen.findIndex((row) => row.key === key) + 1,
  });

describe('a comparison', () => {
  it('is at the last step that all groups have', () => {
    const short = groupRows([
      ...three('first', [0.5, 0.5, 0.5]),
      madeRun(1, [0.1], { key: 'short' }),
    ]);
    expect(compared(short).step).toBe(0);
    expect(compared().step).toBe(5);
    expect(compared(groupRows([madeRun(1, [])])).step).toBeNull();
  });

  it('asks for a level that all groups have reached, where nobody says which', () => {
    const { level, groups } = compared();
    expect(level).toBe(0.45);
    expect(groups.map(({ toLevel }) => toLevel)).toEqual([
      { mean: 5, missed: 0, n: 3 },
      { mean: 5, missed: 0, n: 3 },
    ]);
    expect(compared(rows, 0.51).groups[1].toLevel).toBeNull();
    expect(compared(rows, 0.51).groups[0].toLevel).toMatchObject({ missed: 1 });
  });

  it('offers the numbers that were recorded', () => {
    expect(metricsOf(rows).map(({ id }) => id)).toEqual(['eval/accuracy', 'reward']);
  });

  it('shows settings that differ, and those alone', () => {
    expect(settingsTable(rows)).toEqual([{ label: 'KL weight', values: ['0.02', '0'] }]);
    expect(settingsTable([rows[0], rows[0]])).toEqual([]);
  });
});

describe('settings that were moved while runs went', () => {
  const changes = [
    { step: 2, path: 'method.learning_rate', value: 0.01 },
    { step: 3, path: 'rewards.0.weight', value: 0.5 },
    ...[5, 6, 7].map((step) => ({ step, path: 'method.learning_rate', value: step / 100 })),
  ];
  const moved = groupRows([
    ...three('first', [0.5, 0.52, 0.54], { changes }),
    ...three('second', [0.46, 0.49, 0.5], { created: '2026-11-30T05:00:00Z' }),
  ]);
  const rate = '1 earlier, from step 5: 0.05, from step 6: 0.06, from step 7: 0.07';

  it('have a row each, with the first step of the last moves', () => {
    const lines = settingsTable(moved);
    expect(lines.map(({ values }) => values)).toEqual([
      [rate, 'not moved'],
      ['from step 3: 0.5', 'not moved'],
    ]);
    expect(lines[0].label).toBe('Learning rate, moved live');
    // It says whose weight.
    expect(lines[1].label).toMatch(/\w+, weight, moved live$/);
    expect(settingsTable([moved[0]])).toHaveLength(2);
    expect(settingsTable([moved[1]])).toEqual([]);
  });

  it('stand in the caption, the table and the JSON', () => {
    const comparison = compared(moved);
    expect(captionOf(comparison)).toContain(`Moved live in “first”: learning rate ${rate}; `);
    expect(captionOf(comparison)).not.toContain('Moved live in “second”');
    const [head, first] = comparisonCsv(comparison).split('\r\n');
    expect(head).toMatch(/,live_changes$/);
    expect(first).toMatch(/,2 method\.learning_rate=0\.01; 3 rewards\.0\.weight=0\.5; /);
    const { groups } = JSON.parse(comparisonJson(comparison));
    expect(groups[0].runs[0].live_changes).toEqual(changes);
    expect(groups[1].runs[0].live_changes).toEqual([]);
  });
});

describe('a comparison across tasks', () => {
  it('is warned of by name, and so is one across options of a task', () => {
    const { task } = defaultExperiment();
    const other = (id: string, more: object) =>
      madeRun(1, [0.1], {
        ...{ key: id, id, stored: id },
        experiment: { ...defaultExperiment(), task: { ...task, ...more } } as Experiment,
      });
    const tasks = (runs: readonly SeedRun[]) => compared(groupRows(runs)).tasks;
    expect(tasks([other('a', {}), other('b', {})])).toHaveLength(1);
    const apart = tasks([other('a', {}), other('b', { id: 'chain' })]);
    expect(tasksWarning(apart)).toMatch(/^Of different tasks, Countdown and /);
    const options = tasks([other('a', {}), other('b', { odd: 1 })]);
    expect(tasksWarning(options)).toMatch(/^Of Countdown with different options/);
  });
});

describe('the sentence', () => {
  const point = (values: readonly number[], low: number | null, high: number | null) => ({
    step: 100,
    differences: values.map((value, i) => ({ seed: i + 1, value })),
    estimate: { mean: 0.031, low, high, n: values.length },
  });
  const said = (...of: Parameters<typeof point>) =>
    findingOf(accuracy, 'RLTR', 'RLVR', point(...of));

  it('says who is ahead, by how much and how sure, where the interval leaves 0 out', () => {
    expect(said([0.02, 0.03, 0.03, 0.04, 0.035], 0.02, 0.042)).toEqual({
      said: 'RLTR is ahead of RLVR by 3.1 points (2.0 to 4.2).',
      because: 'Five of five seeds agree; the interval leaves 0 out.',
    });
  });

  it('turns round where the second is ahead', () => {
    const behind = { ...point([-0.03, -0.03, 0.001], -0.042, -0.02) };
    const found = findingOf(accuracy, 'RLTR', 'RLVR', {
      ...behind,
      estimate: { ...behind.estimate, mean: -0.031 },
    });
    expect(found.said).toBe('RLVR is ahead of RLTR by 3.1 points (2.0 to 4.2).');
    expect(found.because).toMatch(/^Two of three seeds agree/);
  });

  it('decides nothing where the interval holds 0, or there is none', () => {
    expect(said([0.1, 0, 0, 0, 0], -0.012, 0.074)).toEqual({
      said: 'Not decided with five seeds.',
      because: 'The difference is +3.1 points (−1.2 to +7.4); the interval holds 0.',
    });
    expect(said([0.03, 0.032], null, null).said).toBe('Two seeds in common are too few.');
    expect(said([0.03], null, null).said).toBe('One seed in common is too few.');
    expect(findingOf(accuracy, 'RLTR', 'RLVR', null).said).toBe('Not compared.');
  });

  it('calls nothing better that is only longer', () => {
    const length = metricOf('completions/mean_length');
    const last = { ...point([1, 1, 1], 0.5, 2), estimate: { mean: 1, low: 0.5, high: 2, n: 3 } };
    expect(findingOf(length, 'A', 'B', last).said).toBe(
      'A is higher than B by 1.00 (0.50 to 2.00).',
    );
    expect(differenceText(accuracy, { mean: 0.031, low: 0.015, high: 0.047, n: 5 })).toBe(
      '+3.1 ± 1.6 points',
    );
  });
});

describe('what is saved', () => {
  it('says in its caption what was run', () => {
    const caption = captionOf(compared());
    expect(caption).toContain('“first” (seeds 1 to 3) and “second” (seeds 1 to 3)');
    expect(caption).toContain('first is ahead of second');
    expect(caption).toContain('KL weight 0.02, 0');
    expect(caption).toContain('Adapter apple metal-3, build 0.1.0.');
  });

  it('is a table of every step of every run', () => {
    const lines = comparisonCsv(compared()).trim().split('\r\n');
    expect(lines[0]).toBe(
      'group,seed,step,eval/accuracy (held out),hash,adapter,build,live_changes',
    );
    expect(lines).toHaveLength(1 + 2 * 3 * 2);
    expect(lines[2]).toMatch(/^first,1,5,0\.5,/);
  });

  it('is JSON that holds what it rests on', () => {
    const json = JSON.parse(comparisonJson(compared()));
    expect(json.groups[1].first_less_this.last.differences).toHaveLength(3);
    expect(json.groups[0].runs[0]).toMatchObject({ seed: 1, state: 'done', steps: 5 });
    expect(json.groups[0].experiment.method.beta).toBe(0.02);
    expect('seed' in json.groups[0].experiment).toBe(false);
  });

  it('is a picture in which a name is text and nothing else', () => {
    const hostile = rows.map((row) => ({ ...row, name: '<script>alert(1)</script>&"' }));
    const colours = {
      paper: 'white',
      ink: 'black',
      quiet: 'grey',
      line: 'grey',
      runs: ['', 'red', 'blue'],
    };
    const svg = comparisonSvg(compared(hostile), colours);
    expect(svg).not.toContain('<script');
    expect(svg).toContain('&lt;script&gt;');
    expect(svg).not.toContain('NaN');
    expect(svg).toContain('Made with Baton.');
  });
});
