import { describe, expect, test } from 'vitest';
import { changeNames } from './change-names.ts';

const change = (x: number, label = 'Temperature 1.2') => ({ key: String(x), label, x });

describe('names of live changes', () => {
  test('a name stands right of its tick, at the plot’s end left of it', () => {
    const names = changeNames([change(20), change(395)], 400);
    expect(names.map(({ x, anchor }) => [x, anchor])).toEqual([
      [395, 'end'],
      [20, 'start'],
    ]);
  });

  test('of changes close together the latest is named', () => {
    const ticks = [100, 104, 108, 112].map((x) => change(x));
    expect(changeNames(ticks, 400).map(({ x }) => x)).toEqual([112]);
  });

  test('a name that has no room on either side is left out', () => {
    expect(changeNames([change(30)], 60)).toEqual([]);
  });
});
