import { describe, expect, it } from 'vitest';
import type { Slice } from '../../gpu/buffers.ts';
import { type ByRows, gradientPiecesOf, piecesOf } from './pieces.ts';

const slice = (size: number, half?: true): Slice => ({
  ...{ buffer: {} as GPUBuffer, offset: 512, size },
  ...(half && { half }),
});

const product = (m: number): ByRows => ({
  ...{ m, n: 8, k: 4 },
  ...{ a: slice(m * 8, true), c: slice(m * 32), residual: slice(m * 32) },
});

describe('a long product', () => {
  it('is cut into pieces that hold all of its rows once, and bind where WebGPU lets them', () => {
    const pieces = piecesOf(product(200), 'lanes', 2 * 8 * 4 * 64);
    expect(pieces.map(({ m }) => m)).toEqual([64, 64, 64, 8]);
    expect(pieces.map(({ a }) => a.offset)).toEqual([512, 1024, 1536, 2048]);
    expect(pieces.map(({ c }) => c.offset)).toEqual([512, 2560, 4608, 6656]);
    expect(pieces.map(({ c, residual }) => residual?.offset === c.offset)).not.toContain(false);
    expect(pieces.at(-1)?.a).toMatchObject({ size: 64, half: true });
    for (const { a, c } of pieces) expect([a.offset % 256, c.offset % 256]).toEqual([0, 0]);
  });

  it('stays whole where it is short', () => {
    const short = product(200);
    expect(piecesOf(short, 'scalar')).toEqual([short]);
    expect(piecesOf(short, 'lanes')).toEqual([short]);
  });
});

describe('a long weight gradient', () => {
  const gradient = (m: number, half?: true): ByRows => ({
    ...{ m, n: 8, k: 4 },
    ...{ a: slice(m * 4 * (half ? 2 : 4), half), c: slice(2 * m * 32) },
  });

  it('is cut into pieces of whole tiles that keep its sizes and bind to its end', () => {
    const whole = gradient(320);
    const pieces = gradientPiecesOf(whole, 'lanes', 32, 2 * 8 * 4 * 130);
    expect(pieces.map(({ rows }) => rows)).toEqual([128, 128, 64]);
    for (const { m, n, k } of pieces) expect([m, n, k]).toEqual([320, 8, 4]);
    expect(pieces.map(({ a }) => a.offset)).toEqual([512, 1024, 1536]);
    expect(pieces.map(({ c }) => c.offset)).toEqual([512, 4608, 8704]);
    for (const { a, c } of pieces) {
      expect(a.offset + a.size).toBe(512 + whole.a.size);
      expect(c.offset + c.size).toBe(512 + whole.c.size);
    }
  });

  it('begins where bindings may, and at tiles, however few numbers that would be', () => {
    const halves = gradientPiecesOf(gradient(512, true), 'lanes', 32, 1);
    expect(halves.map(({ a }) => a.offset % 256)).toEqual([0, 0, 0, 0]);
    expect(gradientPiecesOf(gradient(512), 'lanes', 256, 1).map(({ rows }) => rows)).toEqual([
      256, 256,
    ]);
  });

  it('stays whole where it is short, where tiles would pass its end, and on a software adapter', () => {
    const short = gradient(320);
    expect(gradientPiecesOf(short, 'lanes', 64)).toEqual([short]);
    const ragged = gradient(300);
    expect(gradientPiecesOf(ragged, 'lanes', 64, 1)).toEqual([ragged]);
    const long = { ...gradient(320), n: 2 ** 16, k: 2 ** 16 };
    expect(gradientPiecesOf(long, 'scalar', 64)).toEqual([long]);
    expect(gradientPiecesOf(long, 'lanes', 64)).toHaveLength(5);
  });
});
