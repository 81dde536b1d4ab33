/**
 * The gate of half precision: whether a device packs and unpacks halves as WGSL says. Kernels on halves are the kernels on floats, which
 * have passed gates of their own (tune.ts), with these two conversions around what they read and store (half-storage.ts).
 */
import { badConfig } from '../errors.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { f16ToF32 } from '../gpu/half.ts';
import type { Kernel } from '../gpu/kernel.ts';
import { input, output, runKernel, withHalves } from './checking/run.ts';

const COPY: Kernel = {
  name: 'half-gate',
  variant: 'plain',
  bindings: ['read', 'write'],
  source: `
@group(0) @binding(0) var<uniform> count: u32;
@group(0) @binding(1) var<storage, read> given: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> kept: array<vec4f>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x < count) { kept[id.x] = given[id.x]; }
}`,
};

/** Every 64th positive half, then for each a number a third of the way to the next, then numbers beyond all halves. */
const HELD = Array.from({ length: 0x7c00 / 64 }, (_, i) => f16ToF32(64 * i));
const NEXT = HELD.map((_, i) => f16ToF32(64 * i + 1));
const BETWEEN = HELD.map((x, i) => x + (NEXT[i] - x) / 3);
const BEYOND = [65_505, 65_519, 65_536, 1e9, 3e38, Number.POSITIVE_INFINITY, Number.NaN, 7e4];
/** Below this a driver may write zero. */
const NORMAL = 2 ** -14;

const passed = new WeakMap<Gpu, Promise<boolean>>();

/** Whether every number comes back as a half next to it, and none that is beyond all halves comes back as a finite number. */
export async function packsHalves(gpu: Gpu): Promise<boolean> {
  const positive = [...HELD, ...BETWEEN, ...BEYOND];
  const given = Float32Array.from([...positive, ...positive.map((x) => -x)]);
  const count = given.length / 4;
  const { floats, problems } = await runKernel(
    gpu,
    withHalves({ given: input(given), half: output(given.length), wide: output(given.length) }, [
      'half',
    ]),
    (recorder, { given, half, wide }) => {
      const grid = [Math.ceil(count / 64)] as const;
      const words = { u32: [count] };
      recorder.add({ kernel: COPY, words, bind: [given, half], grid });
      recorder.add({ kernel: COPY, words, bind: [half, wide], grid });
    },
  );
  const right = (stored: number, i: number): boolean => {
    const place = i % positive.length;
    if (place >= 2 * HELD.length) return !Number.isFinite(stored);
    const low = HELD[place % HELD.length];
    const sign = i < positive.length ? 1 : -1;
    const size = sign * stored;
    if (place < HELD.length) return size === low || (low < NORMAL && size === 0);
    const next = NEXT[place % HELD.length];
    return size === low || size === next || (low < NORMAL && size === 0);
  };
  return problems.length === 0 && floats.half.every(right) && floats.wide.every(right);
}

/**
 * Asks a device once.
 * @throws BadConfig of method.fp16 where halves come back as other numbers; DeviceLost
 */
export async function gateHalves(gpu: Gpu): Promise<void> {
  const asked = passed.get(gpu) ?? packsHalves(gpu);
  passed.set(gpu, asked);
  if (await asked) return;
  throw badConfig(
    'method.fp16',
    'This adapter does not store half precision as WebGPU says',
    'Run in full precision.',
  );
}
