import { describe, expect, it } from 'vitest';
import { testGpu } from '../../gpu/testing/test-gpu.ts';
import { normals, spansOf } from '../checking/data.ts';
import { input, output, runKernel } from '../checking/run.ts';
import { describeCheck } from '../testing/describe-check.ts';
import { familyOf, VARIANTS } from '../variants.ts';
import { attentionCheck } from './attention.check.ts';
import { recordAttentionBackward, recordAttentionForward } from './attention.ts';

const gpu = await testGpu();

describeCheck(gpu, attentionCheck);

const NAMES = ['attention-forward', 'attention-backward-q', 'attention-backward-kv'] as const;

/** Bits of attention and its gradient: four heads on two, over packed segments. */
async function segments(
  lengths: readonly number[],
  qkv: Float32Array<ArrayBuffer>,
  dO: Float32Array<ArrayBuffer>,
  headDim: number,
) {
  const rows = lengths.reduce((a, b) => a + b, 0);
  const shape = { rows, heads: 4, kvHeads: 2, headDim, meanKeys: 20 };
  const { words } = await runKernel(
    gpu,
    {
      spans: input(spansOf(lengths)),
      qkv: input(qkv),
      dO: input(dO),
      o: output(dO.length),
      lse: output(rows * 4),
      delta: output(rows * 4),
      dQkv: output(qkv.length),
    },
    (recorder, slices) => {
      recordAttentionForward(recorder, { ...shape, ...slices });
      recordAttentionBackward(recorder, { ...shape, ...slices });
    },
  );
  return { o: words.o, lse: words.lse, dQkv: words.dQkv };
}

async function bitsOf(variant: string) {
  for (const name of NAMES) gpu.variants.set(name, variant);
  const bits = await segments([17, 1, 45], normals(1, 63 * 8 * 16), normals(2, 63 * 4 * 16), 16);
  for (const name of NAMES) gpu.variants.delete(name);
  return bits;
}

it('gives the same bits in every variant of its family, so that a choice made by the clock changes no run', async () => {
  const [plain, ...others] = VARIANTS['attention-forward'].filter((v) => familyOf(v) === 'scalar');
  const expected = await bitsOf(plain);
  expect(others.length).toBeGreaterThan(0);
  for (const variant of others) expect(await bitsOf(variant)).toEqual(expected);
});

describe.each(VARIANTS['attention-forward'])('attention (%s)', (variant) => {
  it.each([16, 40])(
    'gives a segment the same bits whatever stands before and after it: heads of %i',
    async (headDim) => {
      for (const name of NAMES) gpu.variants.set(name, variant);
      const width = 8 * headDim;
      const qkv = normals(1, 45 * width);
      const dO = normals(2, 45 * 4 * headDim);
      const alone = await segments([45], qkv, dO, headDim);
      const all = await segments(
        [17, 45, 3],
        Float32Array.of(...normals(3, 17 * width), ...qkv, ...normals(4, 3 * width)),
        Float32Array.of(...normals(5, 17 * 4 * headDim), ...dO, ...normals(6, 3 * 4 * headDim)),
        headDim,
      );
      for (const name of NAMES) gpu.variants.delete(name);
      const middle = (words: Uint32Array, each: number) => words.slice(17 * each, 62 * each);
      expect(middle(all.o, 4 * headDim)).toEqual(alone.o);
      expect(middle(all.lse, 4)).toEqual(alone.lse);
      expect(middle(all.dQkv, width)).toEqual(alone.dQkv);
    },
  );
});
