import { describe, expect, it, vi } from 'vitest';
import type { Kernel } from '../../gpu/kernel.ts';
import { Recorder } from '../../gpu/recording.ts';
import { testGpu } from '../../gpu/testing/test-gpu.ts';
import { normals } from '../checking/data.ts';
import { both, input, output, runKernel } from '../checking/run.ts';
import { describeCheck } from '../testing/describe-check.ts';
import { familyOf, supportsVariant } from '../variants.ts';
import { matmulCheck } from './matmul.check.ts';
import { FEW_ROWS, type MatmulForm, matmulKernel, recordMatmul } from './matmul.ts';
import { matmulFewCheck } from './matmul-few.check.ts';

const gpu = await testGpu();

describeCheck(gpu, matmulCheck);
describeCheck(gpu, matmulFewCheck);

async function product(
  form: MatmulForm,
  m: number,
  a: Float32Array<ArrayBuffer>,
  { packed = false, k = 64 } = {},
) {
  const n = 68;
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

  it.each(['nt', 'nn'] as const)(
    'in pieces it has the bits of the whole, epilogue included: %s',
    async (form) => {
      gpu.variants.set(`matmul-${form}`, variant);
      const [m, n, k] = [300, 36, 64];
      const run = async (most?: number) => {
        const { words } = await runKernel(
          gpu,
          {
            ...{ a: input(normals(8, m * k)), b: input(normals(9, n * k)) },
            ...{ bias: input(normals(10, n)), residual: input(normals(11, m * n)) },
            c: output(m * n),
          },
          (recorder, slices) =>
            recordMatmul(recorder, form, { m, n, k, ...slices, ...(most && { most }) }),
        );
        return words.c;
      };
      const whole = await run();
      // 128 rows at a time, then as few as there are.
      expect(await run(2 * n * k * 130)).toEqual(whole);
      expect(await run(1)).toEqual(whole);
    },
  );

  it.each([
    ['without', 512],
    ['with', 256],
  ])('in pieces a weight gradient has the bits of the whole, %s planes', async (way, m) => {
    gpu.variants.set('matmul-tn', variant);
    const [n, k] = [36, 304];
    const run = async (most: number) => {
      let dispatches = 0;
      const { words, problems } = await runKernel(
        gpu,
        {
          ...{ a: input(normals(8, m * k)), b: input(normals(9, k * n)) },
          ...{ c: both(normals(10, m * n)), room: output(2 * m * n) },
        },
        (recorder, { room, ...slices }) => {
          const add = vi.spyOn(recorder, 'add');
          recordMatmul(recorder, 'tn', {
            ...{ m, n, k, ...slices, accumulate: true, most },
            ...(way === 'with' && { planes: room }),
          });
          dispatches = add.mock.calls.length;
        },
      );
      expect(problems).toEqual([]);
      return { bits: words.c, dispatches };
    };
    const whole = await run(Number.POSITIVE_INFINITY);
    // All but the last tile at first, then tile by tile.
    const [two, many] = [await run(2 * n * k * (m - 40)), await run(1)];
    for (const { bits } of [two, many]) expect(bits).toEqual(whole.bits);
    expect(two.dispatches - whole.dispatches).toBe(1);
    expect(many.dispatches - whole.dispatches).toBe(m / 64 - 1);
    gpu.variants.delete('matmul-tn');
  });

  it('refuses what its vectors cannot hold', () => {
    const some = gpu.allocate('some', 64);
    const record = (form: MatmulForm, m: number, n: number, k: number) => () =>
      recordMatmul(new Recorder(gpu), form, { m, n, k, a: some, b: some, c: some });
    expect(record('nt', 4, 5, 4)).toThrow(/n is 5/);
    expect(record('nn', 4, 4, 6)).toThrow(/k is 6/);
    expect(record('tn', 3, 4, 4)).toThrow(/m is 3/);
    gpu.free(some);
  });
});

describe.each(matmulFewCheck.variants.filter((v) => supportsVariant(gpu.info, v)))(
  'a product of few rows (%s)',
  (variant) => {
    const a = normals(8, 130 * 64);

    it('gives a row the bits that it has among many rows, whatever rows are beside it', async () => {
      gpu.variants.set('matmul-nt', familyOf(variant));
      const all = await product('nt', 130, a);
      gpu.variants.set('matmul-few', variant);
      for (const m of [1, 16, 17, 48, FEW_ROWS, FEW_ROWS + 1]) {
        expect(await product('nt', m, a)).toEqual(all.slice(0, m * 68));
      }
      // Other rows before it: the last sixteen of fifty are the first ones of these.
      const later = await product('nt', 16, a.slice(34 * 64));
      expect(later).toEqual(all.slice(34 * 68, 50 * 68));
    });

    it('stays in the family of many rows, whatever was set for it', async () => {
      const other = familyOf(variant) === 'scalar' ? 'lanes' : 'scalar';
      gpu.variants.set('matmul-nt', other);
      gpu.variants.set('matmul-few', variant);
      const few = await product('nt', 16, a);
      gpu.variants.delete('matmul-few');
      expect(few).toEqual((await product('nt', 130, a)).slice(0, 16 * 68));
      gpu.variants.delete('matmul-nt');
    });
  },
);

/** Rows of nt and nn, terms of tn. Tiles may be larger where they are many. */
const [FEW, MANY] = [66, 260];

describe.each([
  ['scalar', 'quads', 'octets'],
  ['lanes', 'lanes32', 'lanes32-k8', 'lanes32-k32', 'lanes-direct', 'subgroups'],
])('the family of %s', (...family) => {
  it.each(['nt', 'nn', 'tn'] as const)(
    'gives the same bits in every variant, so that a choice made by the clock changes no run: %s',
    async (form) => {
      for (const amount of [FEW - 1, FEW, MANY]) {
        const [m, k] = form === 'tn' ? [68, amount] : [amount, 64];
        const products: Uint32Array[] = [];
        for (const variant of family.filter((v) => variants.includes(v))) {
          gpu.variants.set(`matmul-${form}`, variant);
          for (const packed of [false, true])
            products.push(await product(form, m, normals(7, m * k), { packed, k }));
        }
        gpu.variants.delete(`matmul-${form}`);
        for (const bits of products) expect(bits).toEqual(products[0]);
      }
    },
  );
});

/**
 * The kernel for subgroups of `least` lanes or more, on subgroups of `size` that are made of workgroup memory: what its shuffles will ask
 * for is put there by all lanes of a workgroup between two barriers, and each shuffle reads it.
 */
function emulated(form: MatmulForm, few: boolean, least: number, size: number): Kernel {
  const epilogue = { bias: false, residual: false, accumulate: false };
  const kernel = matmulKernel(form, 'subgroups', epilogue, { few, subgroup: least });
  const shuffle = /subgroupShuffle\((\w+), (.*)\);/g;
  const shared = [...new Set([...kernel.source.matchAll(shuffle)].map(([, name]) => name))];
  const given = shared.map((name) => `${name}_of[index] = ${name};`).join(' ');
  const source = kernel.source
    .replace('enable subgroups;', '')
    .replace('@builtin(subgroup_invocation_id) lane: u32,', '')
    .replace(/fn main\([^{]*\{/, `$& let lane = index % ${size}u;`)
    .replace('let runs =', `workgroupBarrier(); ${given} workgroupBarrier(); $&`)
    .replace(shuffle, '$1_of[index - lane + $2];');
  const memory = shared.map((name) => `var<workgroup> ${name}_of: array<vec4f, 64>;`);
  return { ...kernel, source: source + memory.join('\n') };
}

describe.each([
  [4, 64],
  [8, 16],
  [16, 16],
  [32, 32],
  // Of which a workgroup fills half.
  [128, 64],
])('the text for subgroups of %i or more, on some of %i', (least, size) => {
  it.each([
    ['nt', false],
    ['nt', true],
    ['nn', false],
    ['tn', false],
  ] as const)('has the bits of `lanes`: %s, few rows: %s', async (form, few) => {
    const [m, n, k] = [132, 100, form === 'tn' ? 63 : 76];
    const operands = { a: input(normals(5, m * k)), b: input(normals(6, n * k)) };
    gpu.variants.set(`matmul-${form}`, 'lanes');
    const expected = await runKernel(gpu, { ...operands, c: output(m * n) }, (recorder, slices) =>
      recordMatmul(recorder, form, { m, n, k, ...slices }),
    );
    gpu.variants.delete(`matmul-${form}`);
    const found = await runKernel(gpu, { ...operands, c: output(m * n) }, (recorder, { a, b, c }) =>
      recorder.add({
        ...{ kernel: emulated(form, few, least, size), words: { u32: [m, n, k, k] } },
        ...{ bind: [a, b, c], grid: [Math.ceil(n / 32), Math.ceil(m / (few ? 16 : 64)), 1] },
      }),
    );
    expect(found.problems).toEqual([]);
    expect(found.words.c).toEqual(expected.words.c);
  });
});
