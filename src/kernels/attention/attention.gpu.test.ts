import { describe, expect, it } from 'vitest';
import { type Dispatch, Recorder } from '../../gpu/recording.ts';
import { testGpu } from '../../gpu/testing/test-gpu.ts';
import { normals, spansOf } from '../checking/data.ts';
import { input, output, runKernel } from '../checking/run.ts';
import { describeCheck } from '../testing/describe-check.ts';
import { leastSubgroup } from '../tree/tree.ts';
import { familyOf, supportsVariant, VARIANTS } from '../variants.ts';
import { attentionCheck } from './attention.check.ts';
import { attentionTiling, recordAttentionBackward, recordAttentionForward } from './attention.ts';

const gpu = await testGpu();
const subgroups = gpu.info.features.includes('subgroups');
const variants = VARIANTS['attention-forward'].filter((v) => supportsVariant(gpu.info, v));

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

async function bitsOf(variant: string, headDim: number) {
  for (const name of NAMES) gpu.variants.set(name, variant);
  const [qkv, dO] = [normals(1, 63 * 8 * headDim), normals(2, 63 * 4 * headDim)];
  const bits = await segments([17, 1, 45], qkv, dO, headDim);
  for (const name of NAMES) gpu.variants.delete(name);
  return bits;
}

/** What a variant would dispatch, without compiling it. */
function waysRecorded(variant: string, headDim: number): string[] {
  for (const name of NAMES) gpu.variants.set(name, variant);
  const used: string[] = [];
  class Watched extends Recorder {
    override add({ kernel }: Dispatch) {
      used.push(`${kernel.name} ${kernel.variant}`);
    }
  }
  const any = gpu.allocate('nothing', 4);
  const slices = { spans: any, qkv: any, o: any, lse: any, dO: any, delta: any, dQkv: any };
  const shape = { rows: 1, heads: 1, kvHeads: 1, headDim, meanKeys: 1 };
  recordAttentionForward(new Watched(gpu), { ...shape, ...slices });
  recordAttentionBackward(new Watched(gpu), { ...shape, ...slices });
  gpu.free(any);
  for (const name of NAMES) gpu.variants.delete(name);
  return used;
}

/** One, two, four and eight lanes to a row of the family `lanes`. */
describe.each([16, 40, 64, 128])('heads of %i', (headDim) => {
  it.each(['scalar', 'lanes'])(
    'give the same bits in every variant of the family %s, so that a choice made by the clock changes no run',
    async (family) => {
      const [plain, ...others] = variants.filter((v) => familyOf(v) === family);
      const expected = await bitsOf(plain, headDim);
      expect(others.length).toBe(Number(family === 'scalar') + Number(subgroups));
      for (const variant of others) expect(await bitsOf(variant, headDim)).toEqual(expected);
    },
  );

  it.runIf(subgroups)(
    'share a row through subgroups only where the smallest holds all of its lanes, keys alone only where heads are narrow',
    () => {
      const fits = attentionTiling(headDim).lanes <= leastSubgroup(gpu);
      const narrow = headDim <= 32;
      const of = (way: string) => NAMES.map((name) => `${name} ${way}`);
      expect(waysRecorded('subgroups', headDim)).toEqual(of(fits ? 'subgroups' : 'lanes'));
      expect(waysRecorded('neighbours', headDim)).toEqual(of(narrow ? 'neighbours' : 'scalar'));
    },
  );
});

describe.each(variants)('attention (%s)', (variant) => {
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
