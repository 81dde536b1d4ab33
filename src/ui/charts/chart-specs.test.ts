import { describe, expect, test } from 'vitest';
import { WATCHED } from '../../rl/methods/method.ts';
import { namesAside, withoutAsides } from './chart-spec.ts';
import { outcomeCharts } from './outcome-charts.ts';
import type { ChartMethod, ChartRun } from './runs.ts';
import { SeriesStore } from './series.ts';
import { methodChart, trainingCharts } from './training-charts.ts';
import { NEVER_ALONE } from './transferability-chart.ts';

function runWith(row: Record<string, number>): ChartRun {
  const series = new SeriesStore();
  const times = { step: 10, step_time: 1, phases: {}, tokens_per_second: {} };
  series.push({ step: 10, ...row }, times);
  return { id: 'a', label: 'a', slot: 1, series, live: true, totalSteps: 20 };
}

describe('the charts of what came out', () => {
  test('without any column are accuracy and length, and nothing of what was not measured', () => {
    expect(outcomeCharts([]).map(({ id }) => id)).toEqual(['accuracy', 'length']);
  });

  test('say that nothing is judged where evaluations had no verifier', () => {
    const [accuracy] = outcomeCharts([runWith({ 'eval/mean_length': 9 })]);
    expect(accuracy.off).toBe('Not judged: the task has no verifier');
    const [judged] = outcomeCharts([runWith({ 'eval/mean_length': 9, 'eval/accuracy': 0.5 })]);
    expect(judged.off).toBeUndefined();
    expect(outcomeCharts([])[0].off).toBeUndefined();
  });

  test('have accuracy with its band, and maj and pass at the largest k alone', () => {
    const [accuracy] = outcomeCharts([
      runWith({
        'eval/accuracy': 0.5,
        'eval/pass_at_4': 0.8,
        'eval/pass_at_16': 0.9,
        'eval/pass_at_16_low': 0.8,
        'eval/maj_at_16': 0.6,
      }),
    ]);
    expect(accuracy.lines.map(({ columns }) => columns[0])).toEqual([
      'eval/accuracy',
      'eval/maj_at_16',
      'eval/pass_at_16',
    ]);
    expect(accuracy.lines[0].band).toEqual(['eval/accuracy_low', 'eval/accuracy_high']);
  });

  test('say where the last evaluation is, where training goes on after it', () => {
    const row = { 'eval/accuracy': 0.5, 'eval_ood/accuracy': 0.4 };
    const long = { ...runWith(row), label: 'long', lastEvaluation: 140 };
    const whole = { ...runWith(row), label: 'whole', lastEvaluation: null };
    const notes = (runs: readonly ChartRun[]) =>
      outcomeCharts(runs)
        .filter(({ id }) => id.startsWith('accuracy'))
        .map(({ note }) => note);
    const said = 'The last evaluation is at step 140.';
    expect(notes([whole])).toEqual([undefined, undefined]);
    expect(notes([long])).toEqual([said, said]);
    expect(notes([whole, long])).toEqual([`long: ${said}`, `long: ${said}`]);
  });

  test('compare several runs by accuracy alone, and name what else there is', () => {
    const [accuracy] = outcomeCharts([
      runWith({ 'eval/accuracy': 0.5, 'eval/pass_at_16': 0.9, 'eval/maj_at_16': 0.6 }),
    ]);
    expect(namesAside(accuracy)).toEqual(['Maj@16', 'pass@16']);
    const { lines, unit } = withoutAsides(accuracy);
    expect(lines.map(({ name }) => name)).toEqual(['accuracy']);
    // The title has it.
    expect(unit).toBe('share of answers');
  });

  test('say whom the verifier pays, where it pays one of the runs and not the other', () => {
    const row = { 'eval/accuracy': 0.5 };
    const raro = { ...runWith(row), label: 'RARO', verifier: WATCHED };
    const paid = { ...runWith(row), label: 'RLVR', verifier: 'pays' };
    const sft = { ...runWith(row), label: 'SFT' };
    const said = (runs: readonly ChartRun[], watched = WATCHED) => {
      const [{ unit, note }] = outcomeCharts(runs, true, watched);
      return [unit, note];
    };
    const alone = ['share of answers, watched only', `Here the verifier ${WATCHED}.`];
    expect(said([])).toEqual(alone);
    expect(said([raro, sft])).toEqual(alone);
    expect(said([raro, paid, sft])).toEqual([
      ...[
        'share of answers, watched only in RARO',
        `In RARO the verifier ${WATCHED}. In RLVR the verifier pays.`,
      ],
    ]);
    expect(said([paid])).toEqual(['share of answers', 'In RLVR the verifier pays.']);
    expect(said([], 'labels traces')).toEqual([
      'share of answers',
      'Here the verifier labels traces.',
    ]);
  });

  test('have the win rate against the expert with what the judge finds, and no axis of a share beyond 1', () => {
    const charts = outcomeCharts([
      runWith({ 'eval/mean_length': 9, 'eval/win_rate': 0.4, 'eval/hidden/rhyme': 0.9 }),
    ]);
    expect(charts.map(({ id }) => id)).toEqual([
      ...['accuracy', 'length', 'win-rate', 'win-rate-parts'],
    ]);
    expect(charts[2].levels).toEqual([{ value: 0.5, name: 'as good as the expert' }]);
    expect(charts.map(({ share }) => share ?? false)).toEqual([true, false, true, true]);
    expect(charts[3].lines.map(({ name }) => name)).toContain('rhymes');
  });

  test('have the largest tournament beside the vote of as many', () => {
    const [accuracy] = outcomeCharts([
      runWith({
        ...{ 'eval/accuracy': 0.5, 'eval/maj_at_16': 0.6, 'eval/pass_at_16': 0.9 },
        ...{ 'eval/tournament_at_4': 0.6, 'eval/tournament_at_16': 0.7 },
        'eval/tournament_gain': 0.1,
      }),
    ]);
    expect(accuracy.lines.map(({ name }) => name)).toEqual([
      ...['accuracy', 'critic@16', 'Maj@16', 'pass@16'],
    ]);
  });

  test('show every receiver over its own line from scratch, by the columns that are its own', () => {
    const charts = outcomeCharts([
      runWith({
        'eval_ood/accuracy': 0.2,
        'eval/transfer/micro-b': 0.4,
        'eval/transfer/micro-b_low': 0.3,
        'eval/transfer/micro-b/scratch': 0.2,
        'eval/transfer/micro-b/tau_3': 0.2,
        'eval/transfer/nano': 0.3,
        'eval/transfer_leakage': 0,
      }),
    ]);
    expect(charts.map(({ id }) => id)).toEqual(['accuracy', 'length', 'accuracy-ood', 'transfer']);
    expect(charts[3].lines.map(({ columns, name }) => [columns[0], name])).toEqual([
      ['eval/transfer/micro-b', 'micro-b'],
      ['eval/transfer/micro-b/scratch', 'micro-b, scratch'],
      ['eval/transfer/nano', 'nano'],
      ['eval/transfer/nano/scratch', 'nano, scratch'],
    ]);
  });
});

test('transferability is explained with what it is never read without, and warned of where answers are empty', () => {
  const run = runWith({ 'eval/transfer/nano': 0.99, 'eval/accuracy': 0 });
  const chartOf = (one: ChartRun) => outcomeCharts([one]).find(({ id }) => id === 'transfer');
  expect(chartOf(run)?.help).toContain(NEVER_ALONE);
  expect(chartOf(run)?.note).toBeUndefined();
  expect(chartOf({ ...run, emptied: true })?.note).toMatch(
    /^Answers have become almost empty\. The/,
  );
});

describe('the charts of the update', () => {
  const compared: ChartMethod = {
    ...{ rewarded: true, ratio: 'always-1', reference: false, values: false, groups: true },
    lossNote: 'What it is.',
  };
  const copied: ChartMethod = { ...compared, rewarded: false, ratio: null, groups: false };
  const ids = (method: ChartMethod) => trainingCharts(method).map(({ id }) => id);
  const find = (method: ChartMethod, id: string) =>
    trainingCharts(method).find((spec) => spec.id === id);

  test('of a method that samples are those of sampling, off where they cannot move', () => {
    expect(ids(compared)).toEqual([
      ...['entropy', 'no-signal', 'grad-norm', 'loss', 'cut-off', 'kl', 'clip', 'sampler'],
    ]);
    expect(find(compared, 'clip')?.off).toMatch(/No clipping/);
    expect(find(compared, 'kl')?.off).toMatch(/KL: off/);
    const moving: ChartMethod = { ...compared, ratio: 'moves', reference: true };
    expect(find(moving, 'clip')?.off).toBeUndefined();
    expect(find(moving, 'kl')?.off).toBeUndefined();
  });

  test('of a method that copies an expert are neither rewards’ nor sampling’s, and its loss stands above', () => {
    expect(ids(copied)).toEqual(['entropy', 'grad-norm', 'rate']);
    expect(methodChart(copied)).toMatchObject({ size: 'hero', better: 'low', note: 'What it is.' });
    const [, length] = outcomeCharts([], false);
    expect(length.lines[0].columns).toEqual(['eval/mean_length']);
  });

  test('have values with a critic, signal with groups, and a method’s own columns', () => {
    const own = [{ column: 'value/mean', title: 'Value of steps' }];
    const valued = ids({ ...compared, values: true, groups: false, own });
    expect(valued).toContain('explained-variance');
    expect(valued).not.toContain('no-signal');
    expect(find({ ...compared, own }, 'value/mean')?.lines[0].columns).toEqual(['value/mean']);
  });

  test('of a method that names its own large chart have it above, and the loss among the small ones', () => {
    const played: ChartMethod = {
      ...{ ...compared, rewarded: false, watched: WATCHED },
      main: {
        ...{ column: 'a', name: 'one', title: 'Both', beside: [{ column: 'b', name: 'other' }] },
        levels: [{ value: 0.5, name: 'guesses' }],
      },
    };
    const hero = methodChart(played);
    expect(hero).toMatchObject({ size: 'hero', title: 'Both', levels: [{ value: 0.5 }] });
    expect(hero.lines.map(({ columns }) => columns)).toEqual([['a'], ['b']]);
    expect(ids(played)).toContain('loss');
    const [accuracy] = outcomeCharts([], true, played.watched);
    expect(accuracy).toMatchObject({
      ...{ unit: 'share of answers, watched only', note: `Here the verifier ${WATCHED}.` },
    });
  });

  test('say at the loss what the method says of it', () => {
    expect(find(compared, 'loss')?.note).toBe('What it is.');
  });
});
