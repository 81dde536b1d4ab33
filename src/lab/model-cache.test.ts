import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { ModelCache } from './model-cache.ts';

const FOLDER = new URL('../../public/models/policies/chain-nano/', import.meta.url);

/** A cache that reads one bundled model under any name, and counts what it fetches. */
function counting() {
  const fetched: string[] = [];
  let broken = false;
  const cache = new ModelCache((policy, onBytes) => async (file) => {
    fetched.push(`${policy}/${file}`);
    if (broken) throw new Error('offline');
    const bytes = new Uint8Array(await readFile(new URL(file, FOLDER)));
    onBytes(bytes.length, bytes.length);
    return bytes;
  });
  const weights = (policy: string) =>
    fetched.filter((file) => file === `${policy}/model.safetensors`).length;
  return {
    cache,
    weights,
    breakDown: (is: boolean) => {
      broken = is;
    },
  };
}

describe('a model cache', () => {
  test('fetches a model once, and tells everybody who waits for it how far it is', async () => {
    const { cache, weights } = counting();
    const first: number[] = [];
    const second: number[] = [];
    const models = await Promise.all([
      cache.load('a', (done) => first.push(done)),
      cache.load('a', (done) => second.push(done)),
      cache.load('a'),
    ]);
    expect(new Set(models).size).toBe(1);
    expect(first.length).toBeGreaterThan(0);
    expect(second).toEqual(first);
    expect(await cache.load('a')).toBe(models[0]);
    expect(weights('a')).toBe(1);
  });

  test('keeps the two used last', async () => {
    const { cache, weights } = counting();
    for (const policy of ['a', 'b', 'a', 'c', 'a', 'b']) await cache.load(policy);
    expect([weights('a'), weights('b'), weights('c')]).toEqual([1, 2, 1]);
  });

  test('tries again what failed', async () => {
    const { cache, breakDown } = counting();
    breakDown(true);
    await expect(cache.load('a')).rejects.toThrow('offline');
    breakDown(false);
    expect((await cache.load('a')).tokenizer).not.toBeNull();
  });
});
