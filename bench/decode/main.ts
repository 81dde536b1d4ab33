/** What `bench/decode.mjs` times: whole generations with a bundled policy, on the device and with the variants that a run would have. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Gpu } from '../../src/gpu/gpu.ts';
import { nodeGpu } from '../../src/gpu/node.ts';
import { TYPICAL_SHAPES, tuneVariants } from '../../src/kernels/tune.ts';
import { Generator } from '../../src/model/generate.ts';
import { Learner } from '../../src/model/learner.ts';
import { loadModelFolder } from '../../src/model/load.ts';
import { parameterLayout } from '../../src/model/parameters.ts';

const clock = () => performance.now();

export interface DecodeWork {
  /** Folder of the policy. */
  readonly folder: string;
  readonly sequences: number;
  /** Token budget of each sequence. */
  readonly tokens: number;
  /** Whether sequences end at the end token, at different times, or all use up the budget. */
  readonly ends: boolean;
}

export interface Decoding {
  readonly adapter: string;
  /** Generates once. @returns the ids of every sequence */
  readonly run: () => Promise<number[][]>;
  readonly close: () => void;
}

let opened: Promise<Gpu> | null = null;

async function open(): Promise<Gpu> {
  const gpu = await Gpu.open(nodeGpu(), { clock });
  await tuneVariants(gpu, TYPICAL_SHAPES, clock);
  return gpu;
}

/** The prompts differ in their last digits only: what is decoded does not matter here, as long as all builds decode the same. */
function promptsFor(sequences: number): number[][] {
  return Array.from({ length: sequences }, (_, i) => {
    const digits = [3 + (i % 10), 3 + (Math.floor(i / 10) % 10), 3 + (Math.floor(i / 100) % 10)];
    return [5, 20, 9, 31, 7, 14, 6, 22, 8, 40, 11, 13, ...digits];
  });
}

export async function openDecoding(work: DecodeWork): Promise<Decoding> {
  opened ??= open();
  const gpu = await opened;
  const loaded = await loadModelFolder(async (file) => {
    try {
      return new Uint8Array(await readFile(join(work.folder, file)));
    } catch {
      return null;
    }
  });
  const layout = work.ends
    ? loaded.layout
    : parameterLayout({ ...loaded.config, eos_token_id: null });
  const prompts = promptsFor(work.sequences);
  const positions = prompts[0].length + work.tokens;
  const policy = await Learner.create(gpu, layout, {
    ...{ tokens: 64, positions, temperature: 1, train: false },
  });
  policy.setParameters(loaded.parameters);
  const generator = await Generator.create(gpu, layout, policy.parameters, policy.rope, {
    ...{ sequences: work.sequences, promptTokens: prompts.length * prompts[0].length, positions },
    budget: work.tokens,
  });
  return {
    adapter: gpu.info.name,
    async run() {
      const generated = await generator.generate({
        ...{ prompts, copies: 1, key: [1, 2], uid: 0 },
        sampling: { temperature: 1, topK: 0, topP: 1, minP: 0, greedy: false },
      });
      return generated.map(({ ids }) => ids);
    },
    close() {
      generator.destroy();
      policy.destroy();
    },
  };
}

/** Gives the device back, so that the process can end. */
export async function closeDevice(): Promise<void> {
  (await opened)?.destroy();
}
