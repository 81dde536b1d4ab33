import { expect, it } from 'vitest';
import { fittingWaves } from './waves.ts';

const items = [3, 5, 2, 8, 1].map((tokens) => ({ prompt: new Array<number>(tokens).fill(7) }));

it('waves keep the order and fit by sequences and by prompt tokens', () => {
  const waves = fittingWaves(items, 2, { sequences: 4, promptTokens: 9 });
  expect(waves.map(({ first, items: own }) => [first, own.length])).toEqual([
    [0, 2],
    [2, 1],
    [3, 2],
  ]);
  expect(waves.flatMap((wave) => wave.items)).toEqual(items);
});

it('what does not fit alone is refused', () => {
  expect(() => fittingWaves(items, 5, { sequences: 4, promptTokens: 9 })).toThrow(RangeError);
  expect(() => fittingWaves(items, 1, { sequences: 4, promptTokens: 7 })).toThrow(RangeError);
});
