/** The kernel laboratory's worker: a GPU device of its own, so that what a reader tries cannot reach the one that trains. */
import { badFile, toReport } from '../../errors.ts';
import { Gpu } from '../../gpu/gpu.ts';
import { TYPICAL_SHAPES, tuneVariants } from '../../kernels/tune.ts';
import type { FileReader } from '../../model/load.ts';
import { variantCache } from '../variant-cache.ts';
import { KernelLab, type KernelLabOptions } from './kernel-lab.ts';
import type { Advance, Answered, Asked } from './protocol.ts';

declare const self: DedicatedWorkerGlobalScope;

/** The page's folder: built workers lie in its `assets`. */
const PAGE = new URL(import.meta.env.PROD ? '../' : '/', self.location.href);
const clock = () => performance.now();

function reader(policy: string): FileReader {
  return async (file) => {
    const response = await fetch(new URL(`models/${policy}/${file}`, PAGE));
    if (response.status === 404) return null;
    if (!response.ok)
      throw badFile(file, `${policy}/${file} could not be fetched (${response.status})`);
    return new Uint8Array(await response.arrayBuffer());
  };
}

async function openGpu(): Promise<Gpu> {
  const gpu = await Gpu.open(navigator.gpu, { clock });
  // The trainer's own choice, where it is remembered, so that the variant which the page calls running here is the one that the lab runs.
  await tuneVariants(gpu, TYPICAL_SHAPES, clock, variantCache(PAGE));
  return gpu;
}

const openPlain: KernelLabOptions['openPlain'] = (profile) =>
  Gpu.open(navigator.gpu, { clock, ...(profile && { profile }) });

const post = (answered: Answered) => self.postMessage(answered);
const lab = new KernelLab({ openGpu, openPlain, reader, clock });
let last: Promise<void> = Promise.resolve();

self.onmessage = ({ data: { id, question } }: MessageEvent<Asked>) => {
  last = last.then(async () => {
    let answered: Answered;
    const tell = (advance: Advance) => post({ id, advance });
    try {
      answered = { id, ok: true, answer: await lab.answer(question, tell) };
    } catch (error) {
      answered = { id, ok: false, error: toReport(error) };
    }
    post(answered);
  });
};
