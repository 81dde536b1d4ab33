import { describe, expect, test } from 'vitest';
import { linearScale } from '../plot/scale.ts';
import { yScale } from './chart-scales.ts';
import { levelLines, levelNames, levelSentence, plateOf } from './levels.ts';

const levels = [
  { value: 0.6, name: 'policy ties' },
  { value: 0.5, name: 'guesses' },
  { value: 0.55, name: 'critic ties' },
];
const frame = { width: 300, height: 100, x: linearScale(0, 10), y: linearScale(0, 1) };

describe('levels', () => {
  test('go from edge to edge, at their own height', () => {
    const [first] = levelLines({ levels }, frame);
    expect(first.points).toEqual([
      { x: frame.x.low, y: 0.6 },
      { x: frame.x.high, y: 0.6 },
    ]);
    expect(levelLines({}, frame)).toEqual([]);
  });

  test('have names that never lie over one another, in the order of the lines', () => {
    const names = levelNames({ levels }, frame);
    expect(names.map(({ name }) => name)).toEqual(['guesses', 'critic ties', 'policy ties']);
    for (let i = 1; i < names.length; i++) {
      expect(names[i - 1].y - names[i].y).toBeGreaterThanOrEqual(12);
    }
  });

  test('stay below the title, where the highest line is the top of the plot', () => {
    const high = levels.map((level) => ({ ...level, value: level.value + 0.4 }));
    const names = levelNames({ levels: high }, frame);
    expect(names.map(({ name }) => name)).toEqual(['guesses', 'critic ties', 'policy ties']);
    for (const { y } of names) expect(y).toBeGreaterThanOrEqual(6);
    for (let i = 1; i < names.length; i++) {
      expect(names[i - 1].y - names[i].y).toBeGreaterThanOrEqual(12);
    }
  });

  test('lie on plates as wide as their names, which do not lie over one another', () => {
    const plates = levelNames({ levels }, frame).map(({ name, x, y }) => plateOf(name, x, y));
    expect(plates[2].width).toBeGreaterThan(plates[0].width);
    expect(plates[1].y + plates[1].height).toBeLessThanOrEqual(plates[0].y + 1);
  });

  test('stand at the right, and elsewhere where a line of the chart runs there', () => {
    const one = { levels: [{ value: 0.5, name: 'guesses' }] };
    const points = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => ({ x: from + i, y: 0.58 }));
    const at = (from: number, to: number) =>
      levelNames(one, frame, [{ points: points(from, to) }])[0].x;
    const free = levelNames(one, frame)[0].x;
    const { width } = plateOf('guesses', 0, 0);
    expect(free + width).toBeLessThanOrEqual(frame.width + 4);
    // The first steps stay free as long as there is another place.
    expect(at(0, 4)).toBe(free);
    expect(at(7, 11)).toBeLessThan(free);
    expect(at(7, 11)).toBeGreaterThan(10);
    expect(at(4, 11)).toBeLessThan(10);
  });

  test('give way to the names of lines, and are left out where there is no room', () => {
    const one = { levels: [{ value: 0.5, name: 'guesses' }] };
    const [free] = levelNames(one, frame);
    const plate = plateOf('guesses', free.x, free.y);
    const [moved] = levelNames(one, frame, [], [plate]);
    expect(moved.x + plate.width).toBeLessThanOrEqual(free.x);
    const row = { x: 0, y: plate.y, width: frame.width, height: plate.height };
    const [beside] = levelNames(one, { ...frame, beside: 60 }, [], [row]);
    expect(beside.x).toBeGreaterThan(frame.width);
    const [under] = levelNames(one, frame, [], [row]);
    expect(under.y).toBeGreaterThanOrEqual(row.y + row.height);
    expect(levelNames(one, frame, [], [{ x: 0, y: 0, width: 300, height: 100 }])).toEqual([]);
  });

  test('are within the scale, though no line comes near them', () => {
    const scale = (log: boolean, all = levels) =>
      yScale({ levels: all }, [], { log, ignoreOutliers: false, most: 4 });
    expect(scale(false).low).toBeLessThanOrEqual(0.5);
    expect(scale(false).high).toBeGreaterThanOrEqual(0.6);
    // 0 has no place on a log scale.
    expect(scale(true, [...levels, { value: 0, name: 'none' }]).low).toBeGreaterThan(0);
  });

  test('are said in words', () => {
    expect(levelSentence({ levels: levels.slice(0, 1) })).toMatch(
      /^Line at 0\.6\d*: policy ties\.$/,
    );
    expect(levelSentence({})).toBe('');
  });
});
