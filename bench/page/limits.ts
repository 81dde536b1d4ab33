/** Targets without peers: memory of attention and of the output head, CPU time to encode a step, and whether steps leave garbage. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Slice } from '../../src/gpu/buffers.ts';
import { Gpu } from '../../src/gpu/gpu.ts';
import { nodeGpu } from '../../src/gpu/node.ts';
import { Recorder } from '../../src/gpu/recording.ts';
import { normals } from '../../src/kernels/checking/data.ts';
import {
  headChunk,
  logitsStride,
  recordHeadBackward,
  recordHeadForward,
} from '../../src/kernels/head/head.ts';
import { planesOf } from '../../src/kernels/matmul/matmul.ts';
import { TYPICAL_SHAPES, tuneVariants } from '../../src/kernels/tune.ts';
import { packBatch } from '../../src/model/batch.ts';
import { parseModelConfig } from '../../src/model/config.ts';
import { initialiseParameters } from '../../src/model/initialise.ts';
import { Learner } from '../../src/model/learner.ts';
import { parameterLayout } from '../../src/model/parameters.ts';
import { ceilingShares } from './ceiling-share.ts';
import { median } from './contestant.ts';
import { ourAttention } from './ours.ts';

const clock = () => performance.now();
const MIB = 2 ** 20;

/** Bytes allocated for attention forward and backward, and the time of one run. */
async function attentionMemory(gpu: Gpu, length: number) {
  const [heads, headDim] = [4, 16];
  const make = (seed: number) => normals(seed, length * heads * headDim);
  const before = gpu.bytes;
  const x = { length, heads, headDim, q: make(1), k: make(2), v: make(3), dO: make(4) };
  const running = await ourAttention(gpu, { ...x, backward: true });
  const held = gpu.bytes - before;
  await running.run(1);
  const from = clock();
  await running.run(1);
  const ms = clock() - from;
  const finite = (await running.result()).every(Number.isFinite);
  await running.close();
  return { length, mib: held / MIB, squareMib: (4 * heads * length * length) / MIB, ms, finite };
}

/**
 * Scratch memory of the output head for 4,096 rows of a vocabulary of 151,936, as allocated. Only `run` of the rows are computed, forward
 * and backward, because all of them would take minutes on a software adapter.
 */
async function headMemory(gpu: Gpu, width: number, rows: number, run: number) {
  const vocabulary = 151_936;
  const stride = logitsStride(vocabulary);
  const planes = planesOf(
    { m: stride, n: width, k: headChunk(rows, vocabulary) },
    gpu.info.profile,
  );
  const make = (label: string, floats: number) => gpu.allocate(label, 4 * floats);
  const own = { weight: make('weight', stride * width), dWeight: make('gradient', stride * width) };
  const before = gpu.bytes;
  const scratch: Record<string, Slice> = {
    hidden: make('hidden', rows * width),
    dHidden: make('hidden gradient', rows * width),
    targets: make('targets', rows),
    stats: make('stats', 4 * rows),
    coefficients: make('coefficients', 2 * rows),
    logits: make('logits', headChunk(rows, vocabulary) * stride),
    ...(planes > 1 && { planes: make('planes', planes * stride * width) }),
  };
  const held = gpu.bytes - before;
  gpu.write(scratch.hidden, normals(1, rows * width));
  gpu.write(scratch.coefficients, new Float32Array(2 * rows).fill(1));
  const recorder = new Recorder(gpu);
  const { hidden, dHidden, targets, stats, coefficients, logits } = scratch;
  const options = {
    ...{ rows: run, width, vocabulary, temperature: 1, chunk: headChunk(rows, vocabulary) },
    ...{ ...own, hidden, dHidden, targets, stats, coefficients, logits },
  };
  recordHeadForward(recorder, options);
  recordHeadBackward(recorder, options);
  const recording = await recorder.build();
  const from = clock();
  await gpu.replay(recording);
  await gpu.idle();
  const ms = clock() - from;
  const logprob = (await gpu.readFloats({ ...stats, size: 16 }))[0];
  recording.destroy();
  for (const slice of [...Object.values(own), ...Object.values(scratch)]) gpu.free(slice);
  return { vocabulary, rows, width, scratchMib: held / MIB, computedRows: run, ms, logprob };
}

/** Steps after which the heap is read: the first hundred fill caches. */
const HEAP_STEPS = [100, 350, 600, 850, 1100];

/** Collects all garbage, more than once: what finalisers release is only freed by a later collection. */
function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  return () => {
    for (let i = 0; i < 3; i++) collect();
  };
}

/** CPU milliseconds to encode one training step of four layers, and the heap while it is repeated, read after garbage collection. */
async function encoding(gpu: Gpu) {
  const config = parseModelConfig({
    ...{ model_type: 'llama', vocab_size: 64, hidden_size: 64, num_hidden_layers: 4 },
    ...{ num_attention_heads: 4, num_key_value_heads: 4, intermediate_size: 176 },
    ...{ rms_norm_eps: 1e-6, rope_theta: 10000, max_position_embeddings: 64 },
    ...{ tie_word_embeddings: true, hidden_act: 'silu' },
  });
  const layout = parameterLayout(config);
  const policy = await Learner.create(gpu, layout, {
    ...{ tokens: 64, positions: 64, temperature: 1, train: true },
  });
  policy.setParameters(initialiseParameters(layout, 1));
  const batch = packBatch([{ prompt: [1], completion: Array.from({ length: 15 }, () => 5) }], 16);
  const { forward, backward, update } = await policy.recordings(batch);
  const all = [...forward.steps, ...backward.steps, ...update.steps];
  const times: number[] = [];
  for (let round = 0; round < 200; round++) {
    const from = clock();
    const encoder = gpu.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (const step of all) {
      pass.setPipeline(step.pipeline);
      pass.setBindGroup(0, step.group);
      pass.dispatchWorkgroups(step.grid[0], step.grid[1], step.grid[2]);
    }
    pass.end();
    encoder.finish();
    times.push(clock() - from);
  }
  const collect = garbageCollector();
  const coefficients = new Float32Array(batch.targetCount).fill(0.01);
  const settings = { learningRate: 1e-4, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
  const heap: { step: number; heapMib: number; buffersMib: number }[] = [];
  for (let step = 1; step <= Math.max(...HEAP_STEPS); step++) {
    await policy.accumulate(batch, () => ({ logprob: coefficients }));
    await policy.update({ ...settings, weightDecay: 0, maxGradNorm: 1, step });
    if (!HEAP_STEPS.includes(step)) continue;
    await gpu.idle();
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    heap.push({ step, heapMib: heapUsed / MIB, buffersMib: arrayBuffers / MIB });
  }
  const bytes = gpu.bytes;
  policy.destroy();
  return {
    layers: 4,
    dispatches: all.length,
    ms: median(times),
    least: Math.min(...times),
    heap,
    gpuBytes: bytes,
  };
}

export async function runLimits() {
  const gpu = await Gpu.open(nodeGpu(), { clock });
  await tuneVariants(gpu, TYPICAL_SHAPES, clock);
  const attention = [];
  for (const length of [1024, 2048, 4096]) attention.push(await attentionMemory(gpu, length));
  const head = await headMemory(gpu, 64, 4096, 64);
  const encode = await encoding(gpu);
  const shares = await ceilingShares(gpu, clock);
  const adapter = gpu.info.name;
  gpu.destroy();
  return { adapter, attention, head, encode, shares };
}
