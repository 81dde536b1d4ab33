import { describe, expect, it } from 'vitest';
import { Replay } from './replay.ts';

function filled(capacity: number, count: number): Replay {
  const store = new Replay('pairs', capacity);
  for (let step = 0; step < count; step++) store.add(step, [{ answer: `${step}`, logps: [-step] }]);
  return store;
}

describe('a store of past items', () => {
  it('holds the newest up to its capacity, each with the step that it is from', () => {
    const store = filled(3, 5);
    expect(store.size).toBe(3);
    const steps = store.draw(1, 9, 10).map(({ step }) => step);
    expect(steps.sort()).toEqual([2, 3, 4]);
  });

  it('draws distinct items by seed and step alone', () => {
    const draw = (seed: number, step: number) => filled(50, 50).draw(seed, step, 8);
    expect(draw(1, 2)).toEqual(draw(1, 2));
    expect(draw(1, 3)).not.toEqual(draw(1, 2));
    expect(draw(2, 2)).not.toEqual(draw(1, 2));
    expect(new Set(draw(1, 2).map(({ step }) => step)).size).toBe(8);
  });

  it('draws the same after it was saved and restored', async () => {
    const store = filled(20, 30);
    const other = new Replay('pairs', 20);
    await other.restore(await store.save());
    expect(other.draw(4, 5, 20)).toEqual(store.draw(4, 5, 20));
    expect(await other.save()).toEqual(await store.save());
  });

  it('is empty where nothing was saved, and refuses what is no list', async () => {
    const store = filled(3, 3);
    await store.restore(new Map());
    expect(store.size).toBe(0);
    for (const text of ['{', '{}', 'null']) {
      const files = new Map([['items', new TextEncoder().encode(text)]]);
      await expect(store.restore(files)).rejects.toMatchObject({ kind: 'BadFile' });
    }
  });
});
