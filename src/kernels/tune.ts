/**
 * Chooses variants for a device, once when it is opened. Only variants of the profile's own family are compared, and these give equal
 * bits (variants.ts), so the clock decides about speed and never about results.
 *
 * On software adapters the order of the candidates is known from measurements and not asked again, because compiling the losers
 * would take longer than what is to be won; on GPUs the candidates are timed. In both cases a variant has to pass a gate before it
 * may be used: a product of small whole numbers, for which float32 is exact.
 */
import type { Slice } from '../gpu/buffers.ts';
import type { Gpu } from '../gpu/gpu.ts';
import type { Recording } from '../gpu/recording.ts';
import { matmul } from './matmul/matmul.reference.ts';
import { type MatmulForm, type MatmulShape, recordMatmul } from './matmul/matmul.ts';
import { supportsVariant } from './variants.ts';

/** The product that matters most in each form: time is measured on it. */
export type TuneShapes = Readonly<Record<MatmulForm, MatmulShape>>;

/** Gate and up of a model of width 128 on 1,024 tokens: for when the device is opened before the model is known. */
export const TYPICAL_SHAPES: TuneShapes = {
  nt: { m: 1024, n: 704, k: 128 },
  nn: { m: 1024, n: 128, k: 704 },
  tn: { m: 704, n: 128, k: 1024 },
};

const FORMS: readonly MatmulForm[] = ['nt', 'nn', 'tn'];
/** Rounds of timing; the fastest of each candidate counts, since what disturbs only adds. */
const ROUNDS = 5;
/** Milliseconds that one form may be timed for. */
const BUDGET_MS = 60;
/** Shape of the gate: larger than one tile in both directions, and no multiple of one. */
const GATE: MatmulShape = { m: 68, n: 84, k: 20 };

/**
 * Sets `gpu.variants` for the kernels that have a faster way here than the profile's plain one, and returns what it set. Kernels that
 * were set before stay as they are: a replay forces its manifest's choice.
 * @param clock milliseconds
 */
export async function tuneVariants(
  gpu: Gpu,
  shapes: TuneShapes,
  clock: () => number,
): Promise<ReadonlyMap<string, string>> {
  const chosen = new Map<string, string>();
  const open = FORMS.filter((form) => !gpu.variants.has(`matmul-${form}`));
  const passed = await Promise.all(open.map((form) => candidatesOf(gpu, form)));
  for (const [i, form] of open.entries()) {
    const [first, ...others] = passed[i];
    const best =
      others.length > 0 ? await fastest(gpu, form, passed[i], shapes[form], clock) : first;
    if (best !== undefined && best !== gpu.info.profile) chosen.set(`matmul-${form}`, best);
  }
  if (prefersRows(gpu)) {
    for (const kernel of ['attention-forward', 'attention-backward-q', 'attention-backward-kv'])
      if (!gpu.variants.has(kernel)) chosen.set(kernel, 'rows');
  }
  for (const [kernel, variant] of chosen) gpu.variants.set(kernel, variant);
  return chosen;
}

/** Variants of the profile's family that pass the gate; in the scalar family just the likeliest winner. */
async function candidatesOf(gpu: Gpu, form: MatmulForm): Promise<string[]> {
  const scalar = gpu.info.profile === 'scalar';
  const family = scalar ? ['quads'] : ['lanes', 'lanes32'];
  const passed: string[] = [];
  for (const variant of family) {
    if (!supportsVariant(gpu.info.features, variant)) continue;
    if (await passesGate(gpu, form, variant)) passed.push(variant);
  }
  return passed;
}

/**
 * Whether attention should do two rows an invocation: on SwiftShader (told by its subgroups of four) that takes 1.4 to 1.8 times less;
 * on lavapipe the time is the same and compiling takes three times longer.
 */
function prefersRows(gpu: Gpu): boolean {
  const widest = gpu.device.adapterInfo?.subgroupMaxSize ?? 0;
  return gpu.info.profile === 'scalar' && widest > 0 && widest <= 4;
}

async function passesGate(gpu: Gpu, form: MatmulForm, variant: string): Promise<boolean> {
  const { m, n, k } = GATE;
  const a = Float32Array.from({ length: m * k }, (_, i) => ((i * 7) % 15) - 7);
  const b = Float32Array.from({ length: n * k }, (_, i) => ((i * 5) % 13) - 6);
  return withProduct(gpu, form, variant, GATE, async (recording, [sliceA, sliceB, sliceC]) => {
    gpu.write(sliceA, a);
    gpu.write(sliceB, b);
    await gpu.replay(recording);
    const got = await gpu.readFloats(sliceC);
    const want = matmul(form, GATE, a, b);
    return want.every((x, i) => got[i] === x);
  }).catch(() => {
    // What cannot be compiled here is no candidate; a device that was lost says so at the next call.
    gpu.assertAlive();
    return false;
  });
}

async function fastest(
  gpu: Gpu,
  form: MatmulForm,
  variants: readonly string[],
  shape: MatmulShape,
  clock: () => number,
): Promise<string> {
  const best = new Map(variants.map((variant) => [variant, Number.POSITIVE_INFINITY]));
  const began = clock();
  for (let round = 0; round <= ROUNDS; round++) {
    for (const variant of variants) {
      const ms = await withProduct(gpu, form, variant, shape, (recording) =>
        burst(gpu, recording, clock),
      );
      // The first round warms up.
      if (round > 0) best.set(variant, Math.min(best.get(variant) ?? ms, ms));
    }
    if (round > 0 && clock() - began > BUDGET_MS) break;
  }
  return [...best].reduce((a, b) => (b[1] < a[1] ? b : a))[0];
}

/** Milliseconds of eight products in one go, so that the way there and back does not count. */
async function burst(gpu: Gpu, recording: Recording, clock: () => number): Promise<number> {
  await gpu.idle();
  const from = clock();
  for (let i = 0; i < 8; i++) await gpu.replay(recording);
  await gpu.idle();
  return clock() - from;
}

/** Runs `use` on a recorded product with buffers of its own (m k, n k and m n numbers in every form), and gives all back. */
async function withProduct<T>(
  gpu: Gpu,
  form: MatmulForm,
  variant: string,
  shape: MatmulShape,
  use: (recording: Recording, buffers: readonly Slice[]) => Promise<T>,
): Promise<T> {
  const { m, n, k } = shape;
  const buffers = [m * k, n * k, m * n].map((count, i) => gpu.allocate(`tuning ${i}`, 4 * count));
  const [a, b, c] = buffers;
  const recorder = gpu.recorder();
  // Set only while recording, so that products of several forms may be prepared at once.
  const kernel = `matmul-${form}`;
  const before = gpu.variants.get(kernel);
  gpu.variants.set(kernel, variant);
  recordMatmul(recorder, form, { m, n, k, a, b, c });
  if (before === undefined) gpu.variants.delete(kernel);
  else gpu.variants.set(kernel, before);
  let recording: Recording | null = null;
  try {
    recording = await recorder.build();
    return await use(recording, buffers);
  } finally {
    recording?.destroy();
    for (const slice of buffers) gpu.free(slice);
  }
}
