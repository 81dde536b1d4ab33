/** Times kernels from outside. Rivals take turns, so that whatever disturbs the machine disturbs all of them alike. */
import type { Gpu } from '../../gpu/gpu.ts';
import { encodeStep, type Step, type Steps } from '../../gpu/kernel.ts';
import { median } from '../../gpu/profile.ts';
import { runCase } from '../../kernels/checking/check.ts';
import { FEW_ROWS } from '../../kernels/matmul/matmul.ts';
import { TYPICAL_SHAPES } from '../../kernels/tune.ts';
import { supportsVariant } from '../../kernels/variants.ts';
import { hasHalves, type PreparedWork, prepareWork } from '../../kernels/workloads.ts';
import { casesOf, type Entry, variantsOf } from './entries.ts';
import type { Advance, Ceilings, Speed, VariantSpeed } from './protocol.ts';

export const ROUNDS = 9;
/** Milliseconds of one measurement: long compared with a round trip to the GPU, short compared with a watchdog. */
const MEASURE_MS = 20;
const MOST_BURST = 256;
/** Milliseconds after which no new round begins: a changed kernel may be slower by any factor. */
const BUDGET_MS = 3000;

/** Milliseconds that `times` rounds of these dispatches take. */
async function once(gpu: Gpu, steps: readonly Step[], times: number, clock: () => number) {
  const encoder = gpu.device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  for (let i = 0; i < times; i++) {
    for (const step of steps) encodeStep(pass, step);
  }
  pass.end();
  await gpu.idle();
  const from = clock();
  gpu.device.queue.submit([encoder.finish()]);
  await gpu.idle();
  return clock() - from;
}

/** Median milliseconds of each rival's dispatches. */
export async function timeRivals(
  gpu: Gpu,
  rivals: readonly (readonly Step[])[],
  clock: () => number,
): Promise<number[]> {
  const bursts: number[] = [];
  for (const steps of rivals) {
    await once(gpu, steps, 1, clock);
    const alone = await once(gpu, steps, 1, clock);
    const fitting = Math.round(MEASURE_MS / Math.max(alone, 0.05));
    bursts.push(Math.max(1, Math.min(MOST_BURST, fitting)));
  }
  const times: number[][] = rivals.map(() => []);
  const began = clock();
  for (let round = 0; round < ROUNDS; round++) {
    if (round > 0 && clock() - began > BUDGET_MS) break;
    for (const [i, steps] of rivals.entries())
      times[i].push((await once(gpu, steps, bursts[i], clock)) / bursts[i]);
  }
  return times.map(median);
}

export function speedOf(steps: readonly Step[], ms: number): Speed {
  const flop = steps.reduce((sum, step) => sum + step.flop, 0);
  const bytes = steps.reduce((sum, step) => sum + step.bytes, 0);
  return { ms, gflops: ms > 0 ? flop / ms / 1e6 : 0, gbs: ms > 0 ? bytes / ms / 1e6 : 0 };
}

/** The dispatches of a recording that belong to this kernel. */
function stepsOf(entry: Entry, variant: string, recording: Steps): Step[] {
  const names = entry.make(variant).map(({ name }) => name);
  return recording.steps.filter(({ kernel }) => names.includes(kernel.name));
}

/** Sets a variant while `record` records. */
function as<T>(gpu: Gpu, entry: Entry, variant: string, record: () => T): T {
  const names = [entry.tuned, entry.follows].filter((name) => name !== undefined);
  const before = names.map((name) => gpu.variants.get(name));
  for (const name of names) gpu.variants.set(name, variant);
  try {
    return record();
  } finally {
    for (const [i, name] of names.entries()) {
      const choice = before[i];
      if (choice === undefined) gpu.variants.delete(name);
      else gpu.variants.set(name, choice);
    }
  }
}

/**
 * Records a kernel's work and hands its dispatches to `use` while their buffers are there. Kernels that the tuner knows are recorded on
 * its typical work; all others on the last, largest case of their check.
 * @param fp16 whether its operands are halves; only for kernels that the tuner knows
 * @returns what the work was, in words
 */
export async function withWork(
  gpu: Gpu,
  entry: Entry,
  variant: string,
  use: (steps: readonly Step[]) => Promise<void>,
  fp16 = false,
): Promise<string> {
  const { tuned } = entry;
  if (tuned) {
    const work: PreparedWork = await as(gpu, entry, variant, () =>
      prepareWork(gpu, tuned, TYPICAL_SHAPES, fp16),
    );
    try {
      await use(stepsOf(entry, variant, work.recording));
    } finally {
      work.destroy();
    }
    const rows = tuned === 'matmul-few' ? FEW_ROWS / 2 : 1024;
    return `typical work of a model of width 128 on ${rows.toLocaleString('en')} tokens`;
  }
  const cases = casesOf(entry);
  const which = cases[cases.length - 1];
  let used = false;
  const forget = gpu.observe(async (recording, replay) => {
    await replay();
    const steps = stepsOf(entry, variant, recording);
    if (used || steps.length === 0) return;
    used = true;
    await use(steps);
  });
  try {
    await runCase(gpu, entry.check, entry.check.variants[0], which);
  } finally {
    forget();
  }
  return `its largest check, ${which.label}`;
}

/**
 * Times every variant of a kernel that this device can compile, on the same work: with floats and, where the kernel has them, with halves.
 * @param tell is told how many of them are compiled
 */
export async function timeVariants(
  gpu: Gpu,
  entry: Entry,
  clock: () => number,
  tell: (advance: Advance) => void = () => undefined,
): Promise<VariantSpeed[]> {
  const names = variantsOf(entry).filter((name) => supportsVariant(gpu.info, name));
  const precisions =
    entry.tuned && hasHalves(entry.tuned, TYPICAL_SHAPES) ? [false, true] : [false];
  const wanted = names.flatMap((variant) => precisions.map((fp16) => ({ variant, fp16 })));
  const rivals: (readonly Step[])[] = [];
  let times: readonly number[] = [];
  const enter = async ([next, ...rest]: typeof wanted): Promise<void> => {
    if (next === undefined) {
      times = await timeRivals(gpu, rivals, clock);
      return;
    }
    const use = async (steps: readonly Step[]) => {
      rivals.push(steps);
      tell({ done: rivals.length, total: wanted.length });
      await enter(rest);
    };
    await withWork(gpu, entry, next.variant, use, next.fp16);
  };
  await enter(wanted);
  return names.map((variant, i) => {
    const at = i * precisions.length;
    const halfMs = precisions.length > 1 ? times[at + 1] : null;
    return { variant, ...speedOf(rivals[at], times[at]), halfMs };
  });
}

const MIB = 2 ** 20;

/** The best product and the best copy that this adapter was seen to do. */
export async function measureCeilings(
  gpu: Gpu,
  product: Entry,
  clock: () => number,
): Promise<Ceilings> {
  const size = gpu.info.software ? 256 : 1024;
  const shape = { m: size, n: size, k: size };
  const shapes = { nt: shape, nn: shape, tn: shape };
  const names = variantsOf(product).filter((name) => supportsVariant(gpu.info, name));
  const { tuned } = product;
  let best = { gflops: 0, variant: '' };
  for (const variant of names) {
    if (!tuned) break;
    const work = await as(gpu, product, variant, () => prepareWork(gpu, tuned, shapes));
    const { steps } = work.recording;
    const [ms] = await timeRivals(gpu, [steps], clock);
    const { gflops } = speedOf(steps, ms);
    if (gflops > best.gflops) best = { gflops, variant };
    work.destroy();
  }
  const bytes = (gpu.info.software ? 16 : 64) * MIB;
  const [from, to] = [gpu.allocate('copied', bytes), gpu.allocate('copy', bytes)];
  const times: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    await gpu.idle();
    const began = clock();
    for (let i = 0; i < 4; i++) gpu.copy(from, to);
    await gpu.idle();
    // The first round only touches the memory.
    if (round > 0) times.push((clock() - began) / 4);
  }
  gpu.free(from);
  gpu.free(to);
  return {
    gflops: best.gflops,
    gbs: (2 * bytes) / median(times) / 1e6,
    matmul: `${size} × ${size} × ${size}, ${best.variant}`,
    copy: `${bytes / MIB} MiB, read and written`,
  };
}
