/** The bench in Node: Baton and jax-js, which needs only `navigator.gpu` and no page. The portable folder runs this too. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Gpu } from '../../src/gpu/gpu.ts';
import { nodeGpu } from '../../src/gpu/node.ts';
import { TYPICAL_SHAPES, tuneVariants } from '../../src/kernels/tune.ts';
import { type BenchReport, bench } from './bench.ts';
import type { Group } from './contestant.ts';
import type { Peers } from './peers.ts';

export interface HeadlessOptions {
  readonly rounds: number;
  readonly only: readonly Group[];
  readonly peers: readonly string[];
  readonly quick: boolean;
  readonly named?: string;
  /** Folder of the bundled models. */
  readonly models: string;
}

const clock = () => performance.now();

/** For Node 20: the few iterator helpers that jax-js uses. Node has them from version 22 on. */
function addIteratorMethods(): void {
  const prototype = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()));
  const methods = {
    *map<T, U>(this: Iterable<T>, change: (x: T, i: number) => U) {
      let i = 0;
      for (const x of this) yield change(x, i++);
    },
    *filter<T>(this: Iterable<T>, keep: (x: T) => boolean) {
      for (const x of this) if (keep(x)) yield x;
    },
    toArray<T>(this: Iterable<T>): T[] {
      return [...this];
    },
  };
  for (const [name, value] of Object.entries(methods)) {
    if (name in prototype) continue;
    Object.defineProperty(prototype, name, { value, configurable: true, writable: true });
  }
}

export { runLimits } from './limits.ts';

export async function runBench(options: HeadlessOptions): Promise<BenchReport> {
  const entry = nodeGpu();
  addIteratorMethods();
  if (!('navigator' in globalThis))
    Object.assign(globalThis, { navigator: { userAgent: 'Node', platform: 'Node' } });
  Object.defineProperty(globalThis.navigator, 'gpu', { value: entry, configurable: true });
  const gpu = await Gpu.open(entry, { clock });
  await tuneVariants(gpu, TYPICAL_SHAPES, clock);
  const jax: Peers = {
    'jax-js': {
      works: ['matmul', 'softmax', 'attention', 'train'],
      load: async () => (await import('./peers/jax.mjs')).openPeer(),
    },
  };
  const wanted = options.peers.length === 0 || options.peers.includes('jax-js');
  return bench({
    ...options,
    peers: wanted ? jax : {},
    gpu,
    clock,
    log: (line) => process.stderr.write(`${line}\n`),
    readModel: async (folder, file) => {
      try {
        return new Uint8Array(await readFile(join(options.models, folder, file)));
      } catch {
        return null;
      }
    },
  });
}
