import { expect, it } from 'vitest';
import { testGpu } from '../../gpu/testing/test-gpu.ts';
import { normals, spansOf } from '../checking/data.ts';
import { input, output, runKernel } from '../checking/run.ts';
import { describeCheck } from '../testing/describe-check.ts';
import { VARIANTS } from '../variants.ts';
import { attentionCheck } from './attention.check.ts';
import { recordAttentionBackward, recordAttentionForward } from './attention.ts';

const gpu = await testGpu();

describeCheck(gpu, attentionCheck);

async function bitsOf(variant: string) {
  const names = ['attention-forward', 'attention-backward-q', 'attention-backward-kv'] as const;
  for (const name of names) gpu.variants.set(name, variant);
  const shape = { rows: 63, heads: 4, kvHeads: 2, headDim: 16, meanKeys: 20 };
  const { words } = await runKernel(
    gpu,
    {
      spans: input(spansOf([17, 1, 45])),
      qkv: input(normals(1, 63 * 8 * 16)),
      dO: input(normals(2, 63 * 4 * 16)),
      o: output(63 * 4 * 16),
      lse: output(63 * 4),
      delta: output(63 * 4),
      dQkv: output(63 * 8 * 16),
    },
    (recorder, slices) => {
      recordAttentionForward(recorder, { ...shape, ...slices });
      recordAttentionBackward(recorder, { ...shape, ...slices });
    },
  );
  for (const name of names) gpu.variants.delete(name);
  return { o: words.o, lse: words.lse, dQkv: words.dQkv };
}

it('gives the same bits in every variant of its family, so that a choice made by the clock changes no run', async () => {
  const [plain, ...others] = VARIANTS['attention-forward'];
  const expected = await bitsOf(plain);
  expect(others.length).toBeGreaterThan(0);
  for (const variant of others) expect(await bitsOf(variant)).toEqual(expected);
});
