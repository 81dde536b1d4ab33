/** The work in the table: kernels first, then whole passes of the model. */

import { normals } from '../../src/kernels/checking/data.ts';
import type { Ceilings } from './ceilings.ts';
import type { Group, Work } from './contestant.ts';
import { difference } from './measure.ts';
import { modelWorks } from './model-works.ts';
import { ourAttention, ourMatmul, ourSoftmax, type Product } from './ours.ts';
import { peersFor, type WorkOptions } from './peers.ts';

/** Sixty-four numbers of the product in float64. */
function provedProduct({ m, n, k, a, b }: Product): Work['prove'] {
  const places = Array.from({ length: 64 }, (_, i) => (i * 7919 + 13) % (m * n));
  return (ours) => {
    const wanted = places.map((place) => {
      const [row, column] = [Math.floor(place / n), place % n];
      let sum = 0;
      for (let j = 0; j < k; j++) sum += a[row * k + j] * b[j * n + column];
      return sum;
    });
    const found = places.map((place) => ours[place]);
    return difference(wanted, found, 1e-5);
  };
}

function matmulWork(
  { gpu, peers }: WorkOptions,
  shape: Pick<Product, 'form' | 'm' | 'n' | 'k'>,
  what: string,
): Work {
  const { form, m, n, k } = shape;
  const product = { ...shape, a: normals(1, m * k), b: normals(2, k * n) };
  return {
    group: 'matmul',
    name: `${m} x ${n} x ${k}, ${what}`,
    flop: 2 * m * n * k,
    bytes: 4 * (m * k + k * n + m * n),
    tolerance: 2e-5,
    prove: provedProduct(product),
    box: 6000,
    contestants: [
      { name: `ours (${gpu.variant(`matmul-${form}`)})`, open: () => ourMatmul(gpu, product) },
      ...peersFor(peers, 'matmul', product),
    ],
  };
}

/** Seconds that the largest square product may take at the adapter's ceiling. Other libraries may need twenty times as long. */
const LARGEST = 0.5;

/** @param arithmetic GFLOP/s at the adapter's ceiling */
function* matmuls(options: WorkOptions, arithmetic: number): Generator<Work> {
  const { quick } = options;
  const fits = (size: number) =>
    size <= (quick ? 128 : 256) || (!quick && 2 * size ** 3 <= LARGEST * arithmetic * 1e9);
  for (let size = quick ? 128 : 256; size <= 4096 && fits(size); size *= 2)
    yield matmulWork(options, { form: 'nn', m: size, n: size, k: size }, 'square');
  if (quick) return;
  yield matmulWork(options, { form: 'nt', m: 1024, n: 192, k: 64 }, 'q, k, v of nano');
  yield matmulWork(options, { form: 'nt', m: 1024, n: 352, k: 64 }, 'gate and up of nano');
  yield matmulWork(options, { form: 'nn', m: 1024, n: 64, k: 352 }, 'their input gradient');
  yield matmulWork(options, { form: 'tn', m: 352, n: 64, k: 1024 }, 'their weight gradient');
  yield matmulWork(options, { form: 'nt', m: 64, n: 352, k: 64 }, 'gate and up, one token of 64');
}

function* softmaxes({ gpu, peers, quick }: WorkOptions): Generator<Work> {
  for (const [rows, columns] of quick
    ? [[64, 64]]
    : [
        [1024, 64],
        [1024, 512],
      ]) {
    const logits = { rows, columns, x: normals(3, rows * columns, 2) };
    yield {
      group: 'softmax',
      name: `${rows} x ${columns}, ours with log-probability, entropy and gradient`,
      flop: 0,
      bytes: 8 * rows * columns,
      tolerance: 1e-5,
      // Softmax is computed in place, so a second run starts from other numbers; only the first result can be compared.
      box: 4000,
      contestants: [
        { name: 'ours', open: () => ourSoftmax(gpu, logits) },
        ...peersFor(peers, 'softmax', logits),
      ],
    };
  }
}

function* attentions({ gpu, peers, quick }: WorkOptions): Generator<Work> {
  const most = quick ? 64 : gpu.info.software ? 1024 : 4096;
  for (const backward of [false, true]) {
    for (let length = 64; length <= most; length *= 4) {
      const [heads, headDim] = [4, 16];
      const make = (seed: number) => normals(seed, length * heads * headDim);
      const x = {
        length,
        heads,
        headDim,
        q: make(4),
        k: make(5),
        v: make(6),
        dO: make(7),
        backward,
      };
      yield {
        group: 'attention',
        name: `T ${length}, 4 heads of 16, ${backward ? 'forward and gradients' : 'forward'}`,
        flop: (backward ? 18 : 4) * length * heads * headDim * (length / 2),
        bytes: 0,
        tolerance: 5e-5,
        box: 5000,
        contestants: [
          { name: `ours (${gpu.variant('attention-forward')})`, open: () => ourAttention(gpu, x) },
          ...peersFor(peers, 'attention', x),
        ],
      };
    }
  }
}

/** The work, made one piece at a time, so that operands live only while they are needed. */
/** @param ceilings of the adapter: sizes follow from them */
export async function* works(options: WorkOptions, ceilings: Ceilings): AsyncGenerator<Work> {
  const wanted = (group: Group) => options.only.length === 0 || options.only.includes(group);
  if (wanted('matmul')) yield* matmuls(options, ceilings.arithmetic);
  yield* modelWorks(options, wanted);
  if (wanted('softmax')) yield* softmaxes(options);
  if (wanted('attention')) yield* attentions(options);
}
