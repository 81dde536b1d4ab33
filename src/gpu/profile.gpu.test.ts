import { expect, it } from 'vitest';
import { Gpu } from './gpu.ts';
import type { Kernel } from './kernel.ts';
import { nodeGpu } from './node.ts';
import { profileRecording } from './profile.ts';
import { Recorder } from './recording.ts';

const clock = () => performance.now();

/** y[i] += sum of sin(i + j) over `terms` terms: work that grows with `terms`. */
function busy(name: string, terms: number): Kernel {
  return {
    name,
    variant: 'plain',
    bindings: ['write'],
    source: `
      @group(0) @binding(0) var<uniform> shape: vec4u;
      @group(0) @binding(1) var<storage, read_write> y: array<f32>;
      @compute @workgroup_size(64)
      fn main(@builtin(global_invocation_id) id: vec3u) {
        var sum = 0.0;
        for (var j = 0u; j < ${terms}u; j++) { sum += sin(f32(id.x + j)); }
        y[id.x] += sum + f32(shape.x);
      }`,
  };
}

it.each(['adapter', 'default'] as const)(
  'accounts for every dispatch under its label, the slowest first (%s limits)',
  async (limits) => {
    const gpu = await Gpu.open(nodeGpu(), { clock, limits });
    const y = gpu.allocate('y', 4 * 4096);
    const recorder = new Recorder(gpu);
    const add = (kernel: Kernel, label: string) =>
      recorder.add({
        kernel,
        words: { u32: [1, 0, 0, 0] },
        bind: [y],
        grid: [64],
        flop: 1000,
        bytes: 2000,
        label,
      });
    add(busy('short', 1), 'short work');
    add(busy('long', 20_000), 'long work');
    add(busy('short', 1), 'short work');
    const recording = await recorder.build();
    const profile = await profileRecording(gpu, recording, 3, clock);

    const stamped = gpu.info.features.includes('timestamp-query');
    expect(profile.timedBy).toBe(stamped ? 'timestamps' : 'repeats');
    expect(profile.labels.map(({ label, dispatches }) => [label, dispatches])).toEqual([
      ['long work', 1],
      ['short work', 2],
    ]);
    const [long] = profile.labels;
    expect(long.ms).toBeGreaterThan(long.unseen);
    expect(long.gflops).toBeCloseTo(1000 / long.ms / 1e6, 10);
    expect(long.gbs).toBeCloseTo(2000 / long.ms / 1e6, 10);
    expect(profile.ms).toBeCloseTo(
      profile.labels.reduce((sum, { ms }) => sum + ms, 0),
      10,
    );
    gpu.destroy();
  },
);
