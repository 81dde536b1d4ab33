/** Runs as points: who is beaten, and what is compared with what. */
import { describe, expect, it } from 'vitest';
import { frontier, type KeptRun, outcomeOf, paretoPoints, relativeTo } from './pareto.ts';
import { SeriesStore } from './series.ts';

function series(rows: readonly Readonly<Record<string, number>>[]): SeriesStore {
  const store = new SeriesStore();
  rows.forEach((row, step) => {
    store.push({ ...row, step }, { step, step_time: 1, phases: {}, tokens_per_second: {} });
  });
  return store;
}
const trained = (length: number, accuracy: number) => ({
  'completions/mean_length': length,
  'rewards/answer/mean': accuracy,
});
const run = (id: string, store: SeriesStore, plain = false) => ({
  ...{ id, label: id, slot: 1, plain, series: store },
});
const kept = (label: string, length: number, accuracy: number, plain = false): KeptRun => ({
  ...{ label, plain, outcome: { evaluated: null, trained: { length, accuracy } } },
});
describe('accuracy against length', () => {
  it('takes the mean of the last steps, and the last evaluation where there was one', () => {
    const rows = Array.from({ length: 30 }, (_, i) => trained(i < 10 ? 999 : 20, 0.5));
    const outcome = outcomeOf(series([{ ...rows[0], 'eval/accuracy': 0.3 }, ...rows]));
    expect(outcome).toEqual({
      evaluated: null,
      trained: { length: 20, accuracy: 0.5, began: 0.5 },
    });
    const evaluated = { 'eval/accuracy': 0.6, 'eval/mean_length': 18 };
    expect(outcomeOf(series([evaluated, {}])).evaluated).toEqual({
      ...{ length: 18, accuracy: 0.6, began: 0.6 },
    });
    expect(outcomeOf(series([]))).toEqual({ evaluated: null, trained: null });
  });

  it('never sets an evaluation beside training', () => {
    const both = series([{ ...trained(20, 0.5), 'eval/accuracy': 0.6, 'eval/mean_length': 18 }]);
    expect(paretoPoints([run('a', both)], []).source).toBe('evaluated');
    const mixed = paretoPoints([run('a', both)], [kept('b', 10, 0.4)]);
    expect(mixed.source).toBe('trained');
    expect(mixed.points.map(({ length }) => length)).toEqual([20, 10]);
    expect(paretoPoints([run('a', series([{}]))], []).points).toEqual([]);
  });

  it('beats a run only with one that is no worse in either and better in one', () => {
    const { points } = paretoPoints(
      [],
      [
        kept('long', 30, 0.5),
        kept('short', 20, 0.5),
        kept('right', 40, 0.6),
        kept('twin', 20, 0.5),
      ],
    );
    expect(frontier(points).map(({ label }) => label)).toEqual(['short', 'twin', 'right']);
  });

  it('counts nobody as unbeaten who is less often right than at the start', () => {
    const began = Array.from({ length: 5 }, () => trained(40, 0.5));
    const fell = series([...began, ...Array.from({ length: 30 }, () => trained(2, 0.07))]);
    const rose = series([...began, ...Array.from({ length: 30 }, () => trained(30, 0.7))]);
    const { points } = paretoPoints([run('fell', fell), run('rose', rose, true)], []);
    expect(frontier(points).map(({ id }) => id)).toEqual(['rose']);
    // Nor in the view relative to plain GRPO, where accuracies are differences.
    expect(frontier(relativeTo(points) ?? []).map(({ id }) => id)).toEqual(['rose']);
  });

  it('has plain GRPO in the origin, and no relative view without it', () => {
    const { points } = paretoPoints([], [kept('sar', 15, 0.5), kept('plain', 20, 0.4, true)]);
    const away = relativeTo(points);
    expect(away?.map(({ length, accuracy }) => [length, accuracy])).toEqual([
      [-0.25, 0.09999999999999998],
      [0, 0],
    ]);
    expect(relativeTo(points.slice(0, 1))).toBeNull();
    const now = run('now', series([trained(10, 0.5)]), true);
    const later = paretoPoints([now], [kept('plain', 20, 0.4, true)]);
    expect(relativeTo(later.points)?.map(({ length }) => length)).toEqual([-0.5, 0]);
  });
});
