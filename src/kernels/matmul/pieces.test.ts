import { describe, expect, it } from 'vitest';
import type { Slice } from '../../gpu/buffers.ts';
import { type ByRows, piecesOf } from './pieces.ts';

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
