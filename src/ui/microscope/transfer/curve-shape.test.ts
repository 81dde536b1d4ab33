import { describe, expect, test } from 'vitest';
import { tokenLines } from '../token-lines.ts';
import { bandPath, linePath, namePlaces } from './curve-shape.ts';

const [line] = tokenLines(Array(10).fill(1), []);
const flat = (rate: number) =>
  Array.from({ length: 11 }, (_, cut) => ({ cut, right: rate * 20, tries: 20 }));

describe('a curve on its line of the ruler', () => {
  test('is straight between known cuts, over the whole width of the text', () => {
    const points = [
      { cut: 0, right: 0, tries: 20 },
      { cut: 10, right: 20, tries: 20 },
    ];
    expect(linePath(line, points)).toBe('M0,400L1000,0');
    expect(linePath(line, points.slice(0, 1))).toBe('');
    expect(bandPath(line, points).match(/[\d.]+,[\d.]+/g)).toHaveLength(4);
  });

  test('shows only the cuts of its own line', () => {
    const [first, second] = tokenLines(Array(10).fill(1), [], 5);
    expect(linePath(first, flat(0.5)).split('L')).toHaveLength(6);
    expect(linePath(second, flat(0.5)).split('L')).toHaveLength(6);
  });
});

describe('names of curves', () => {
  test('stand clear of every line and of one another', () => {
    const names = namePlaces(line, [flat(0.5), flat(0.2)], [0.6]);
    expect(names.map(({ index }) => index)).toEqual([0, 1]);
    // Between 0.5 and the base rate above it there is no room.
    expect(names[0].above).toBe(false);
    expect(Math.abs(names[0].cut - names[1].cut)).toBeGreaterThanOrEqual(4);
  });

  test('keep away from where their own line climbs', () => {
    const climbing = flat(0.2).map((point) => (point.cut > 5 ? { ...point, right: 18 } : point));
    const [name] = namePlaces(line, [climbing]);
    expect(Math.abs(name.cut - 5.5)).toBeGreaterThan(1);
  });

  test('are left out where lines run through every place', () => {
    expect(namePlaces(line, [flat(0.5), flat(0.58), flat(0.42)])).not.toContainEqual(
      expect.objectContaining({ index: 0 }),
    );
  });
});
