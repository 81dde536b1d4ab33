import { describe, expect, it } from 'vitest';
import { testGpu } from '../../gpu/testing/test-gpu.ts';
import { normals } from '../checking/data.ts';
import { input, output, runKernel } from '../checking/run.ts';
import { describeCheck } from '../testing/describe-check.ts';
import { supportsVariant } from '../variants.ts';
import { matmulCheck } from './matmul.check.ts';
import { type MatmulForm, recordMatmul } from './matmul.ts';

const gpu = await testGpu();

describeCheck(gpu, matmulCheck);

async function product(form: MatmulForm, m: number, a: Float32Array<ArrayBuffer>, packed = false) {
  // An odd sum where one is allowed.
  const [n, k] = [68, form === 'tn' ? 63 : 64];
  const { words } = await runKernel(
    gpu,
    { a: input(a.slice(0, m * k)), b: input(normals(9, n * k)), c: output(m * n) },
    (recorder, slices) => recordMatmul(recorder, form, { m, n, k, packed, ...slices }),
  );
  return words.c;
}

const variants = matmulCheck.variants.filter((v) => supportsVariant(gpu.info, v));

describe.each(variants)('matmul (%s)', (variant) => {
  it.each(['nt', 'nn'] as const)(
    'gives a row the same bits whatever rows come after it: %s',
    async (form) => {
      gpu.variants.set(`matmul-${form}`, variant);
      const a = normals(8, 130 * 64);
      const all = await product(form, 130, a);
      for (const m of [1, 7, 64, 65]) {
        expect(await product(form, m, a)).toEqual(all.slice(0, m * 68));
      }
    },
  );

  it('refuses what its vectors cannot hold', () => {
    const some = gpu.allocate('some', 64);
    const record = (form: MatmulForm, m: number, n: number, k: number) => () =>
      recordMatmul(gpu.recorder(), form, { m, n, k, a: some, b: some, c: some });
    expect(record('nt', 4, 5, 4)).toThrow(/n is 5/);
    expect(record('nn', 4, 4, 6)).toThrow(/k is 6/);
    expect(record('tn', 3, 4, 4)).toThrow(/m is 3/);
    gpu.free(some);
  });
});

describe.each([
  ['scalar', 'quads', 'octets'],
  ['lanes', 'lanes32'],
])('the family of %s', (...family) => {
  it.each(['nt', 'nn', 'tn'] as const)(
    'gives the same bits in every variant, so that a choice made by the clock changes no run: %s',
    async (form) => {
      const products: Uint32Array[] = [];
      for (const variant of family.filter((v) => variants.includes(v))) {
        gpu.variants.set(`matmul-${form}`, variant);
        for (const packed of [false, true])
          products.push(await product(form, 68, normals(7, 68 * 64), packed));
      }
      gpu.variants.delete(`matmul-${form}`);
      for (const bits of products) expect(bits).toEqual(products[0]);
    },
  );
});
