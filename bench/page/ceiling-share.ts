/** The share of the adapter's peak arithmetic that large products reach. Ceiling and product alternate, so that a changing clock rate affects both. */
import type { Gpu } from '../../src/gpu/gpu.ts';
import { normals } from '../../src/kernels/checking/data.ts';
import { arithmeticWork } from './ceilings.ts';
import { median } from './contestant.ts';
import { ourMatmul } from './ours.ts';

const ROUNDS = 9;
const SIZE = 2048;
/** The ceiling is measured for about as long as a product takes, because short runs get a faster clock. */
const CEILING_MS = 400;

/** Per form: medians in GFLOP/s, and the median, smallest and largest share over the rounds. */
export async function ceilingShares(gpu: Gpu, clock: () => number) {
  const ceiling = await arithmeticWork(gpu);
  const timed = async (run: () => Promise<unknown>) => {
    const from = clock();
    await run();
    return clock() - from;
  };
  await ceiling.run(1);
  const times = Math.max(1, Math.round(CEILING_MS / (await timed(() => ceiling.run(1)))));
  const shares = [];
  for (const form of ['nt', 'nn', 'tn'] as const) {
    const shape = { form, m: SIZE, n: SIZE, k: SIZE };
    const [a, b] = [normals(1, SIZE * SIZE), normals(2, SIZE * SIZE)];
    const product = await ourMatmul(gpu, { ...shape, a, b });
    await product.run(1);
    const rounds: { product: number; ceiling: number }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const above = (times * ceiling.flop) / (await timed(() => ceiling.run(times))) / 1e6;
      const reached = (2 * SIZE ** 3) / (await timed(() => product.run(1))) / 1e6;
      rounds.push({ product: reached, ceiling: above });
    }
    await product.close();
    const share = rounds.map((round) => round.product / round.ceiling);
    shares.push({
      ...{ form, size: SIZE, variant: gpu.variant(`matmul-${form}`) },
      gflops: median(rounds.map((round) => round.product)),
      ceiling: median(rounds.map((round) => round.ceiling)),
      ...{ share: median(share), least: Math.min(...share), most: Math.max(...share) },
    });
  }
  ceiling.close();
  return shares;
}
