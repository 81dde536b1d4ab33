import { createTar } from 'nanotar';
import { describe, expect, it } from 'vitest';
import { readTar } from './tar.ts';

const data = new TextEncoder().encode('1234567890');
const tar = createTar([{ name: 'a.txt', data }]);
const withSize = (size: string) => {
  const copy = tar.slice();
  copy.set(new TextEncoder().encode(size.padEnd(12, '\0')), 124);
  return copy;
};

describe('a tar archive of a stranger', () => {
  it('gives its files, also from a view into a larger buffer', () => {
    const around = new Uint8Array(tar.length + 7);
    around.set(tar, 7);
    for (const bytes of [tar, around.subarray(7)])
      expect(readTar(bytes).map((entry) => [entry.name, 'data' in entry && entry.data])).toEqual([
        ['a.txt', data],
      ]);
  });

  it('that says a size below nothing is refused and not walked for ever', () => {
    expect(() => readTar(withSize('-1000'))).toThrow('no tar archive');
  });

  it('that says a size beyond its end is cut short', () => {
    expect(() => readTar(withSize('7777777'))).toThrow('cut short');
    for (const end of [515, 1000]) expect(() => readTar(tar.slice(0, end))).toThrow('cut short');
  });

  it('that is something else is refused', () => {
    for (const bytes of [
      new Uint8Array(),
      new Uint8Array(2048),
      new TextEncoder().encode('x'.repeat(900)),
    ])
      expect(() => readTar(bytes)).toThrow('no tar archive');
  });
});
