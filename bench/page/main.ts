/** The bench as a page: a button for a visitor, `runBench` for `npm run bench`. */
import { Gpu } from '../../src/gpu/gpu.ts';
import { TYPICAL_SHAPES, tuneVariants } from '../../src/kernels/tune.ts';
import { markdown } from '../report.mjs';
import { type BenchReport, bench } from './bench.ts';
import { GROUPS, type Group } from './contestant.ts';
import type { Peers } from './peers.ts';

export interface PageOptions {
  readonly rounds: number;
  readonly only: readonly Group[];
  readonly quick: boolean;
  /** Names of peers; all where empty. */
  readonly peers: readonly string[];
}

/** Loads a module once, whoever asks. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };
}

const PEERS: Peers = {
  'jax-js': {
    works: ['matmul', 'softmax', 'attention', 'train'],
    load: once(async () => (await import('./peers/jax.mjs')).openPeer()),
  },
  tfjs: {
    works: ['matmul', 'softmax', 'attention', 'train'],
    load: once(async () => (await import('./peers/tfjs.mjs')).openPeer()),
  },
  'onnxruntime-web, WebGPU': {
    works: ['matmul', 'softmax', 'attention'],
    load: once(async () => (await import('./peers/ort.mjs')).openPeer('webgpu')),
  },
  'onnxruntime-web, WebAssembly': {
    works: ['matmul', 'softmax', 'attention'],
    load: once(async () => (await import('./peers/ort.mjs')).openPeer('wasm')),
  },
  'webgpu-torch': {
    works: ['matmul'],
    load: once(async () => (await import('./peers/torch.mjs')).openPeer()),
  },
  'transformers.js, WebGPU': {
    works: ['generate'],
    load: once(async () => (await import('./peers/transformers.mjs')).openPeer('webgpu')),
  },
  'transformers.js, WebAssembly': {
    works: ['generate'],
    load: once(async () => (await import('./peers/transformers.mjs')).openPeer('wasm')),
  },
};

const clock = () => performance.now();

async function readModel(folder: string, file: string): Promise<Uint8Array | null> {
  const response = await fetch(new URL(`models/${folder}/${file}`, document.baseURI));
  return response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
}

async function run(options: PageOptions, progress?: (report: BenchReport) => void) {
  const gpu = await Gpu.open(navigator.gpu, { clock });
  await tuneVariants(gpu, TYPICAL_SHAPES, clock);
  const names = Object.keys(PEERS).filter(
    (name) => options.peers.length === 0 || options.peers.some((wanted) => name.includes(wanted)),
  );
  const peers: Peers = Object.fromEntries(names.map((name) => [name, PEERS[name]]));
  try {
    return await bench(
      { ...options, peers, gpu, clock, readModel, log: (line) => console.log(line) },
      progress,
    );
  } finally {
    gpu.destroy();
  }
}

/** `npm run bench` takes what is known so far through this. */
declare const benchProgress: ((report: BenchReport) => void) | undefined;

Object.assign(globalThis, {
  runBench: (options: PageOptions) =>
    run(options, typeof benchProgress === 'undefined' ? undefined : benchProgress),
});

const button = document.querySelector('button');
const table = document.querySelector('pre');
button?.addEventListener('click', async () => {
  button.disabled = true;
  const show = (text: string) => {
    if (table) table.textContent = text;
  };
  show('The first numbers come in about half a minute.');
  const chosen = document.querySelector('select')?.value ?? '';
  const only = GROUPS.filter((group) => group === chosen);
  try {
    show(
      markdown(await run({ rounds: 7, only, quick: false, peers: [] }, (r) => show(markdown(r)))),
    );
  } catch (error) {
    show(`The bench stopped: ${String(error)}`);
  }
  button.disabled = false;
});
