/** The bench as a page: a button for a visitor, `runBench` for `npm run bench`. */
import { toReport } from '../../src/errors.ts';
import { Gpu } from '../../src/gpu/gpu.ts';
import { TYPICAL_SHAPES, tuneVariants } from '../../src/kernels/tune.ts';
import { markdown } from '../report.mjs';
import { type BenchReport, bench } from './bench.ts';
import { GROUPS, type Group } from './contestant.ts';
import type { Peers } from './peers.ts';
import { show } from './table.ts';

export interface PageOptions {
  readonly rounds: number;
  readonly only: readonly Group[];
  readonly quick: boolean;
  readonly named?: string;
  /** Names of peers; all where empty. */
  readonly peers: readonly string[];
}

/** Loads a module once, however often it is requested. */
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

async function run(
  options: PageOptions,
  progress?: (report: BenchReport) => void,
  more: { readonly log?: (line: string) => void; readonly signal?: AbortSignal } = {},
) {
  const gpu = await Gpu.open(navigator.gpu, { clock });
  await tuneVariants(gpu, TYPICAL_SHAPES, clock);
  const names = Object.keys(PEERS).filter(
    (name) => options.peers.length === 0 || options.peers.some((wanted) => name.includes(wanted)),
  );
  const peers: Peers = Object.fromEntries(names.map((name) => [name, PEERS[name]]));
  try {
    return await bench(
      { ...options, peers, gpu, clock, readModel, log: (line) => console.log(line), ...more },
      progress,
    );
  } finally {
    gpu.destroy();
  }
}

/** `npm run bench` gets the report so far through this. */
declare const benchProgress: ((report: BenchReport) => void) | undefined;

Object.assign(globalThis, {
  runBench: (options: PageOptions) =>
    run(options, typeof benchProgress === 'undefined' ? undefined : benchProgress),
});

function part<T extends Element>(selector: string): T {
  const found = document.querySelector<T>(selector);
  if (!found) throw new Error(`The page has no ${selector}`);
  return found;
}

const form = part<HTMLFormElement>('form');
const start = part<HTMLButtonElement>('button[type=submit]');
const stop = part<HTMLButtonElement>('button[name=stop]');
const copy = part<HTMLButtonElement>('button[name=copy]');
const status = part<HTMLElement>('[role=status]');
const results = part<HTMLElement>('section');
let last: BenchReport | null = null;
let stopped = new AbortController();

const take = (report: BenchReport) => {
  last = report;
  copy.disabled = false;
  show(results, report);
};

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const chosen = new FormData(form);
  const only = GROUPS.filter((group) => group === chosen.get('work'));
  const quick = chosen.get('sizes') === 'quick';
  stopped = new AbortController();
  start.disabled = true;
  stop.disabled = false;
  const say = (text: string) => {
    status.textContent = text;
  };
  say('Opening the GPU and measuring its peak rates');
  const log = (line: string) => {
    console.log(line);
    // The table's rows are indented in the log; the page shows them in its own table.
    if (!line.startsWith(' ')) say(`Measuring. Last: ${line}`);
  };
  try {
    take(await run({ rounds: 7, only, quick, peers: [] }, take, { log, signal: stopped.signal }));
    say(stopped.signal.aborted ? 'Stopped. The results so far are below.' : 'Done.');
  } catch (error) {
    const { message, remedy } = toReport(error);
    say(`The bench stopped: ${message}. ${remedy}`);
  }
  start.disabled = false;
  stop.disabled = true;
});
stop.addEventListener('click', () => {
  stopped.abort();
  stop.disabled = true;
});
copy.addEventListener('click', async () => {
  if (!last) return;
  try {
    await navigator.clipboard.writeText(markdown(last));
    status.textContent = 'Copied.';
  } catch {
    status.textContent = 'The browser refused the clipboard. Nothing was copied.';
  }
});
