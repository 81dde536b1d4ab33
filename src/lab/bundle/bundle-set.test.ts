import { createTar } from 'nanotar';
import { describe, expect, it } from 'vitest';
import { packSet, unpackSet } from './bundle-set.ts';

const data = new Uint8Array([1, 2, 3]);
const tar = (...names: string[]) => createTar(names.map((name) => ({ name, data })));

describe('several bundles in one file', () => {
  it('come out as they went in', () => {
    const bundles = new Map([
      ['rltr-seed-1.tar.gz', data],
      ['rltr-seed-2.tar.gz', new Uint8Array([4])],
    ]);
    expect(unpackSet(packSet(bundles))).toEqual(bundles);
  });

  it('are not what a model’s file holds', () => {
    expect(unpackSet(tar('mine/config.json', 'mine/model.safetensors'))).toBeNull();
  });

  it.each([
    ['something else', tar('a.tar.gz', 'notes.txt'), /notes\.txt/],
    ['a folder above', tar('../a.tar.gz', 'b.tar.gz', 'b.tar.gz'), /twice/],
    ['too many', tar(...Array.from({ length: 101 }, (_, i) => `${i}.tar.gz`)), /more than 100/],
    ['only a part of one', tar('a.tar.gz').slice(0, 514), /cut short/],
  ])('with %s are refused', (_, bytes, why) => {
    expect(() => unpackSet(bytes)).toThrow(
      expect.objectContaining({ kind: 'BadFile', message: expect.stringMatching(why) }),
    );
  });
});
