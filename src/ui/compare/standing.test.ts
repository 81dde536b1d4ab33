import { describe, expect, it } from 'vitest';
import { madeRun } from '../../lab/run-groups/testing/made-runs.ts';
import { defaultExperiment } from '../../rl/experiment/schema.ts';
import { groupRows } from '../stored/group-rows.ts';
import { metricOf } from '../stored/group-words.ts';
import { compare } from './comparison.ts';
import { barsOf, frontOf, placesOf, pointName } from './standing.ts';
import { barFiles, placeFiles } from './standing-export.ts';
import { barFrame, barShapes } from './standing-shapes.ts';

const length = metricOf('completions/mean_length');
const COLOURS = {
  ...{ ink: '#000', quiet: '#666', paper: '#fff', line: '#ddd' },
  runs: ['#111', '#111', '#222', '#333', '#444', '#555'],
} as unknown as Parameters<ReturnType<typeof barFiles>['svg']>[0];

/** Seeds with accuracies over the steps 0, 5 and 10, and a length that does not change. */
const group = (key: string, tokens: number, seeds: readonly (readonly number[])[], beta: number) =>
  seeds.map((accuracy, i) => {
    const run = madeRun(i + 1, accuracy, {
      ...{ key, name: key, id: `${key}${i}/0`, stored: `${key}${i}` },
      experiment: {
        ...defaultExperiment(),
        ...{ steps: 10, method: { ...defaultExperiment().method, beta } as never },
      },
    });
    return {
      ...run,
      metrics: run.metrics.map((row) => ({ ...row, 'completions/mean_length': tokens + i })),
    };
  });

const rows = groupRows([
  ...group(
    'short',
    20,
    [
      [0.1, 0.6, 0.4],
      [0.1, 0.5, 0.5],
      [0.1, 0.4, 0.6],
    ],
    0,
  ),
  ...group(
    'long',
    40,
    [
      [0.1, 0.7, 0.7],
      [0.1, 0.8, 0.7],
      [0.1, 0.9, 0.7],
    ],
    0.1,
  ),
  ...group(
    'worse',
    50,
    [
      [0.1, 0.2, 0.3],
      [0.1, 0.2, 0.3],
      [0.1, 0.2, 0.3],
    ],
    0.2,
  ),
]);
const comparison = compare(rows, {
  ...{ metric: 'eval/accuracy', level: null },
  slotOf: (key) => rows.findIndex((row) => row.key === key) + 1,
});

describe('bars', () => {
  it('are the last value of each seed, or the best', () => {
    const values = (of: 'last' | 'best') =>
      barsOf(comparison, of).map((bar) => bar.values.map(({ value }) => value));
    expect(values('last')[0]).toEqual([0.4, 0.5, 0.6]);
    expect(values('best').slice(0, 2)).toEqual([
      [0.6, 0.5, 0.6],
      [0.7, 0.8, 0.9],
    ]);
    const [{ estimate }] = barsOf(comparison, 'last');
    // Mean 0.5, deviation 0.1, Student's t of 2 degrees of freedom: 4.3027 / sqrt(3) of it on either side.
    expect(estimate.mean).toBeCloseTo(0.5, 12);
    expect((estimate.high ?? 0) - 0.5).toBeCloseTo((0.1 * 4.3027) / Math.sqrt(3), 4);
  });

  it('stand on zero and show every seed', () => {
    const bars = barsOf(comparison, 'last');
    const frame = barFrame(bars, comparison.metric, 300, 100);
    const shapes = barShapes(frame, bars);
    for (const shape of shapes)
      if (shape.kind === 'bar') expect(shape.y + shape.height).toBeCloseTo(100);
    expect(shapes.filter(({ kind }) => kind === 'seed')).toHaveLength(9);
  });

  it('leave the page with their caption and numbers', () => {
    const { caption, svg, csv, json } = barFiles(comparison, 'best');
    expect(caption).toContain('best value that each seed had');
    expect(svg(COLOURS)).toContain('dots are seeds');
    expect(csv().split('\n')[1]).toMatch(/^short,1,0\.6,/);
    expect(JSON.parse(json())).toMatchObject({ view: 'bars', value: 'best' });
  });
});

describe('places by two numbers', () => {
  it('have intervals in both, and a front of those that none beats', () => {
    const places = placesOf(comparison, length);
    expect(places.map(({ unbeaten }) => unbeaten)).toEqual([true, true, false]);
    expect(frontOf(places).map(({ row }) => row.name)).toEqual(['short', 'long']);
    const [{ x, seeds }] = places;
    expect(x.mean).toBeCloseTo(21, 12);
    expect(x.high).not.toBeNull();
    expect(seeds[2]).toEqual({ seed: 3, x: 22, y: 0.6 });
  });

  it('say at their names where settings were moved live', () => {
    const [{ row }] = placesOf(comparison, length);
    expect(pointName(row)).toBe('short');
    const changes = [{ step: 3, path: 'method.beta', value: 0 }];
    const [moved] = groupRows(row.group.runs.map((run) => ({ ...run, changes })));
    expect(pointName(moved)).toBe('short, moved live');
  });

  it('have no front where a number has no better side', () => {
    const entropy = { ...length, id: 'entropy', label: 'Entropy', better: null };
    const withEntropy = compare(
      groupRows(
        rows.flatMap(({ group: { runs } }) =>
          runs.map((run) => ({
            ...run,
            metrics: run.metrics.map((row) => ({ ...row, entropy: 1 })),
          })),
        ),
      ),
      { metric: 'eval/accuracy', level: null, slotOf: () => 1 },
    );
    expect(placesOf(withEntropy, entropy).map(({ unbeaten }) => unbeaten)).toEqual([
      null,
      null,
      null,
    ]);
    expect(placeFiles(withEntropy, entropy).caption).toContain('no front is drawn');
  });

  it('leave the page as a row for each seed', () => {
    const { csv, svg } = placeFiles(comparison, length);
    expect(csv().trim().split('\n')).toHaveLength(10);
    const picture = svg(COLOURS);
    expect(picture).toContain('stroke-dasharray');
    // Both axes are named beside the plot, not in the title and the caption alone.
    for (const { label, unit } of [length, comparison.metric])
      expect(picture).toContain(`>${label}, ${unit}</text>`);
  });
});
