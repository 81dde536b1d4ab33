import { describe, expect, test } from 'vitest';
import { atLength } from './pareto.ts';

describe('accuracy at equal length', () => {
  const family = [
    { length: 30, accuracy: 0.5 },
    { length: 10, accuracy: 0.3 },
    { length: 20, accuracy: 0.45 },
  ];

  test('lies on the straight line between neighbours, whatever their order', () => {
    expect(atLength(family, 15)).toBeCloseTo(0.375, 12);
    expect(atLength(family, 20)).toBeCloseTo(0.45, 12);
  });

  test('is not made up outside of what was run', () => {
    expect(atLength(family, 9.9)).toBeUndefined();
    expect(atLength(family, 30.1)).toBeUndefined();
    expect(atLength([], 10)).toBeUndefined();
  });
});
