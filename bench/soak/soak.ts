/**
 * A long run whose memory is watched. It keeps no record, so nothing may grow: its rows go into a hash, and a checkpoint is encoded at every
 * sample and dropped. It samples, scores, trains, evaluates and saves, which is all that a run of the lab does over and over.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Gpu } from '../../src/gpu/gpu.ts';
import { nodeGpu } from '../../src/gpu/node.ts';
import { encodeCheckpoint } from '../../src/lab/checkpoint.ts';
import { type FileReader, loadModelFolder } from '../../src/model/load.ts';
import { type Experiment, parseExperiment } from '../../src/rl/experiment/schema.ts';
import { Runner } from '../../src/rl/run/runner.ts';
import { chainHash } from '../../src/rl/step-metrics.ts';
import { type MemorySample, type Verdict, verdictOf } from './verdict.ts';

const MIB = 2 ** 20;
const clock = () => performance.now();

/** One question a step with two answers of 1 to 8 tokens; a reference, and an evaluation now and then. */
const EXPERIMENT = {
  seed: 1,
  task: { id: 'chain' },
  policy: 'policies/chain-nano',
  method: { num_generations: 2, prompts_per_step: 1, max_completion_length: 8, beta: 0.01 },
  evaluation: { every: 100, prompts: 4, samples: 1 },
  logging: { sample_groups: 1 },
};

export interface SoakOptions {
  readonly steps: number;
  /** Steps between two samples. */
  readonly every: number;
  readonly read: FileReader;
  readonly log: (line: string) => void;
}

export interface SoakReport extends Verdict {
  readonly adapter: string;
  readonly experiment: Experiment;
  readonly samples: readonly MemorySample[];
  /** Of all rows: the same on one adapter and build. */
  readonly hash: string;
  readonly seconds: number;
}

export async function soak({ steps, every, read, log }: SoakOptions): Promise<SoakReport> {
  const parsed = parseExperiment({ ...EXPERIMENT, steps });
  if (!parsed.ok) throw new RangeError(parsed.problems[0].message);
  const { experiment } = parsed;
  const model = await loadModelFolder(read);
  const gpu = await Gpu.open(nodeGpu(), { clock });
  const collect = garbageCollector();
  const runner = await Runner.create(gpu, experiment, model, { clock });
  const samples: MemorySample[] = [];
  const from = clock();
  let hash = '';
  try {
    await runner.prepare();
    while (!runner.finished) {
      const { metrics } = await runner.next();
      hash = await chainHash(hash, metrics);
      if (runner.step % every !== 0) continue;
      const { step, files } = await runner.state();
      const policyHash = model.hash;
      await encodeCheckpoint({ step, experiment, build: '', adapter: '', policyHash, files });
      await gpu.idle();
      collect();
      const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
      const held = { heap: heapUsed / MIB, buffers: arrayBuffers / MIB, rss: rss / MIB };
      samples.push({ step, ...held, gpuBytes: gpu.bytes });
      log(
        `step ${step}: heap ${held.heap.toFixed(2)}, array buffers ${held.buffers.toFixed(2)}, process ${held.rss.toFixed(0)} MiB, device ${gpu.bytes} bytes`,
      );
    }
    const seconds = Math.round((clock() - from) / 1000);
    return { ...verdictOf(samples), adapter: gpu.info.name, experiment, samples, hash, seconds };
  } finally {
    runner.destroy();
    gpu.destroy();
  }
}

/** Collects all garbage, more than once: what finalisers release is only freed by a later collection. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  return () => {
    for (let i = 0; i < 3; i++) gc();
  };
}
