import { describe, expect, it } from 'vitest';
import { madeRun } from '../../lab/run-groups/testing/made-runs.ts';
import { NO_MARKS, withMark } from '../../lab/run-store/marks.ts';
import { defaultExperiment, type Experiment } from '../../rl/experiment/schema.ts';
import { choose, slotIn } from './chosen.ts';
import { foundRows, groupRows, sortedRows } from './group-rows.ts';
import { apartText, cleanName, groupState, seedsText } from './group-words.ts';

const plain = defaultExperiment();
const withMethod = (change: object): Experiment => ({
  ...plain,
  method: { ...plain.method, ...change } as Experiment['method'],
});
const at = (hour: number) => ({
  created: `2026-11-30T0${hour}:00:00Z`,
  saved: `2026-11-30T0${hour}:30:00Z`,
});
const run = (key: string, hour: number, value: number, experiment = plain, more = {}) =>
  madeRun(1, [0, value], {
    key,
    id: key,
    stored: key,
    name: key,
    experiment,
    ...at(hour),
    ...more,
  });

const learning = (value: number) => withMethod({ learning_rate: value });
const rows = groupRows([
  run('slow', 3, 0.4, learning(1e-4)),
  run('fast', 4, 0.6, learning(1e-3)),
  run('again', 5, 0.5, learning(1e-4), { adapter: 'nvidia hopper' }),
  run('several', 6, 0.2, { ...withMethod({ learning_rate: 2e-3, beta: 0.5 }), steps: 7 }),
]);
const text = (name: string) =>
  apartText(rows.find((row) => row.name === name)?.apart ?? rows[0].apart);

describe('what differs from the run before, in words', () => {
  it('is the setting with its value and what it was', () => {
    expect(text('slow')).toBe('the first of its task');
    expect(text('fast')).toBe('learning rate 0.001, was 1.0e−4');
  });

  it('is told from the nearest run, which is named where it is not the last one', () => {
    expect(text('again')).toBe('adapter nvidia hopper, was apple metal-3 (against slow)');
  });

  it('writes two differences out and counts the others', () => {
    expect(text('several')).toMatch(/^[^;]+; [^;]+; and 1 more/);
  });

  it('never is the seed', () => {
    const seeds = groupRows([run('a', 3, 0), run('b', 4, 0, { ...plain, seed: 4 })]);
    expect(apartText(seeds[1].apart)).toBe('settings as a');
  });
});

describe('the rows', () => {
  const names = (list: readonly { name: string }[]) => list.map(({ name }) => name);

  it('are sorted by what is asked for, and pinned ones stand first', () => {
    expect(names(sortedRows(rows, { by: 'result', down: true }))).toEqual([
      ...['fast', 'again', 'slow', 'several'],
    ]);
    expect(names(sortedRows(rows, { by: 'when', down: false }))[0]).toBe('slow');
    const pinned = groupRows(
      [run('slow', 3, 0.4), run('fast', 4, 0.6, learning(1e-3))],
      withMark(NO_MARKS, 'slow', { pinned: ['slow'] }),
    );
    expect(names(sortedRows(pinned, { by: 'result', down: true }))).toEqual(['slow', 'fast']);
  });

  it('without a result come last, whatever the direction', () => {
    const some = groupRows([run('a', 3, 0.4), run('none', 4, 0, learning(1), { metrics: [] })]);
    for (const down of [true, false])
      expect(names(sortedRows(some, { by: 'result', down })).at(-1)).toBe('none');
  });

  it('are found by name, note, setting and adapter, every word of it', () => {
    expect(names(foundRows(rows, 'HOPPER'))).toEqual(['again']);
    expect(names(foundRows(rows, 'fast 0.001'))).toEqual(['fast']);
    expect(names(foundRows(rows, 'fast hopper'))).toEqual([]);
    expect(foundRows(rows, '  ')).toHaveLength(rows.length);
    const noted = groupRows([run('a', 3, 0)], withMark(NO_MARKS, 'a', { note: 'for Ana' }));
    expect(foundRows(noted, 'ana')).toHaveLength(1);
  });

  it('have the name that a person gave', () => {
    const [row] = groupRows([run('a', 3, 0)], withMark(NO_MARKS, 'a', { name: 'Mine' }));
    expect(row.name).toBe('Mine');
    expect(cleanName('  a \n b ')).toBe('a b');
  });
});

describe('how a group stands', () => {
  it.each([
    [['done', 'done'], 'done'],
    [['done', 'open'], 'seed 2 open'],
    [['stopped', 'stopped'], '2 stopped'],
    [['done', 'unfinished'], '1 unfinished'],
  ] as const)('%j is %s', (states, words) => {
    const runs = states.map((state, i) => madeRun(i + 1, [0], { state, id: `${i}` }));
    expect(groupState(groupRows(runs)[0].group).text).toBe(words);
  });

  it('names seeds as a stretch where they are one', () => {
    expect(seedsText([3, 1, 2])).toBe('1 to 3');
    expect(seedsText([1, 2])).toBe('1 and 2');
    expect(seedsText([1, 3, 5])).toBe('1, 3 and 5');
  });
});

describe('colours', () => {
  it('stay with a group for as long as it is chosen', () => {
    let chosen = ['a', 'b', 'c'].reduce(
      (all, key) => choose(all, key, true),
      [] as readonly (string | null)[],
    );
    chosen = choose(chosen, 'a', false);
    expect(['a', 'b', 'c'].map((key) => slotIn(chosen, key))).toEqual([0, 2, 3]);
    chosen = choose(chosen, 'd', true);
    expect(slotIn(chosen, 'd')).toBe(1);
    expect(choose(chosen, 'd', true)).toBe(chosen);
  });

  it('are five', () => {
    const five = ['a', 'b', 'c', 'd', 'e'].reduce(
      (all, key) => choose(all, key, true),
      [] as readonly (string | null)[],
    );
    expect(choose(five, 'f', true)).toBe(five);
  });
});
