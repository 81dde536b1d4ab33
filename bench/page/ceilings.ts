/** The peak rates of the adapter: arithmetic without memory, and memory without arithmetic. */
import type { Slice } from '../../src/gpu/buffers.ts';
import type { Gpu } from '../../src/gpu/gpu.ts';
import type { Kernel } from '../../src/gpu/kernel.ts';
import { Recorder } from '../../src/gpu/recording.ts';

export interface Ceilings {
  /** Multiply-adds in registers, GFLOP/s. */
  readonly arithmetic: number;
  /** The better of a kernel and the copy engine, GB/s read and written. */
  readonly copy: number;
}

const CHAINS = 16;

/** Every invocation works on `CHAINS` independent vectors, so that neither latency nor memory is a limit. */
function arithmeticKernel(): Kernel {
  const each = (line: (i: number) => string) =>
    Array.from({ length: CHAINS }, (_, i) => line(i)).join('\n');
  return {
    name: 'bench-arithmetic',
    variant: 'bench',
    bindings: ['write'],
    source: `
struct Words { loops: u32 }
@group(0) @binding(0) var<uniform> words: Words;
@group(0) @binding(1) var<storage, read_write> out: array<vec4f>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let b = vec4f(0.999, 0.998, 0.997, 0.996);
  let c = vec4f(f32(id.x)) * 1e-9;
${each((i) => `  var a${i} = vec4f(${i + 1}.0) + c;`)}
  for (var n = 0u; n < words.loops; n++) {
${each((i) => `    a${i} = fma(a${i}, b, c);`)}
  }
  out[id.x] = ${Array.from({ length: CHAINS }, (_, i) => `a${i}`).join(' + ')};
}`,
  };
}

/** The grid is flat, of at most 65,535 workgroups of 64 vectors each. */
const copyKernel: Kernel = {
  name: 'bench-copy',
  variant: 'bench',
  bindings: ['read', 'write'],
  source: `
struct Words { vectors: u32, stride: u32 }
@group(0) @binding(0) var<uniform> words: Words;
@group(0) @binding(1) var<storage, read> source: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> copied: array<vec4f>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  for (var i = id.x; i < words.vectors; i += words.stride) { copied[i] = source[i]; }
}`,
};

async function best(times: number, clock: () => number, run: () => Promise<void>): Promise<number> {
  await run();
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < times; i++) {
    const from = clock();
    await run();
    least = Math.min(least, clock() - from);
  }
  return least;
}

/** Multiply-adds in registers alone, ready to run; `flop` of one run. */
export async function arithmeticWork(gpu: Gpu) {
  const { software } = gpu.info;
  const threads = software ? 4096 : 2 ** 20;
  const loops = software ? 512 : 2048;
  const out = gpu.allocate('ceiling', threads * 16);
  const recorder = new Recorder(gpu);
  recorder.add({
    ...{ kernel: arithmeticKernel(), words: { u32: [loops] }, bind: [out] },
    grid: [threads / 64],
  });
  const recording = await recorder.build();
  return {
    flop: threads * loops * CHAINS * 8,
    async run(times: number) {
      for (let i = 0; i < times; i++) await gpu.replay(recording);
      await gpu.idle();
    },
    close() {
      recording.destroy();
      gpu.free(out);
    },
  };
}

/** The best of several rounds, because disturbances only add time. */
export async function measureCeilings(gpu: Gpu, clock: () => number): Promise<Ceilings> {
  const { software } = gpu.info;
  const rounds = software ? 5 : 15;
  const work = await arithmeticWork(gpu);
  const arithmetic = await best(rounds, clock, () => work.run(1));
  work.close();
  const copied = software ? 2 ** 25 : 2 ** 27;
  const from = gpu.allocate('copied from', copied);
  const to = gpu.allocate('copied to', copied);
  const replay = async (kernel: Kernel, u32: number[], bind: Slice[], groups: number) => {
    const recorder = new Recorder(gpu);
    recorder.add({ kernel, words: { u32 }, bind, grid: [groups] });
    const recording = await recorder.build();
    const ms = await best(rounds, clock, async () => {
      await gpu.replay(recording);
      await gpu.idle();
    });
    recording.destroy();
    return ms;
  };
  const vectors = copied / 16;
  const groups = Math.min(vectors / 64, software ? 1024 : 65_535);
  const byKernel = await replay(copyKernel, [vectors, groups * 64], [from, to], groups);
  const byEngine = await best(rounds, clock, async () => {
    gpu.copy(from, to);
    await gpu.idle();
  });
  for (const slice of [from, to]) gpu.free(slice);
  return {
    arithmetic: work.flop / arithmetic / 1e6,
    copy: (2 * copied) / Math.min(byKernel, byEngine) / 1e6,
  };
}
