/**
 * Chooses variants for a device, once when it is opened.
 *
 * 1. What was set before stays: a replay forces its manifest's choice (`forceVariants`).
 * 2. What a store remembers for this adapter and build is used again, so that a second start measures nothing.
 * 3. Otherwise every candidate first has to pass a gate: an awkward case of the kernel's own check, against its float64 reference, with
 *    guards and a second run for equal bits. `subgroups` must also add in the order of `lanes`, bit for bit. What fails, or does not
 *    compile here, gives way to the plain kernel.
 * 4. Then the clock chooses, on typical work, in a second or two: bursts that last, less what an empty one takes (stopwatch.ts). Among variants of one family bits are equal and the fastest wins. Families
 *    differ in bits, so a noisy clock must not choose between them run by run: the plain kernel takes a GPU's `lanes` kernel's place only
 *    where a store keeps the decision for the next run, and only when it is faster by far.
 *
 * On software adapters the favourites are known from measurements (docs/performance.md). They only pass the gate and are not timed:
 * compiling the losers takes longer (0.1 to 0.4 s each) than a first run could win back.
 */
import type { Gpu } from '../gpu/gpu.ts';
import { attentionCheck } from './attention/attention.check.ts';
import { decodeAttentionCheck } from './attention/decode-attention.check.ts';
import type { KernelCheck } from './checking/check.ts';
import { headCheck } from './head/head.check.ts';
import { matmulCheck } from './matmul/matmul.check.ts';
import { matmulFewCheck } from './matmul/matmul-few.check.ts';
import { adamWCheck } from './optimizer/adamw.check.ts';
import { rmsNormCheck } from './rmsnorm/rmsnorm.check.ts';
import { sampleCheck } from './sample/sample.check.ts';
import { timeRivals } from './stopwatch.ts';
import { keepsOrder } from './tree/tree-order.ts';
import {
  chooseVariant,
  familyOf,
  isVariant,
  supportsVariant,
  VARIANTS,
  type VariantKernel,
} from './variants.ts';
import { prepareWork, type TuneShapes } from './workloads.ts';

export type { TuneShapes } from './workloads.ts';

/** The product for gate and up in a model of width 128 on 1,024 tokens: used where the device is opened before the model is known. */
export const TYPICAL_SHAPES: TuneShapes = {
  nt: { m: 1024, n: 704, k: 128 },
  nn: { m: 1024, n: 128, k: 704 },
  tn: { m: 704, n: 128, k: 1024 },
};

/** Variant by kernel. */
export type VariantChoice = Readonly<Record<string, string>>;

/** Keeps choices for the next start. Where it fails, everything is measured again. */
export interface VariantStore {
  /** Names the code and what compiles it; a choice holds for one build only. */
  readonly build: string;
  readonly get: (key: string) => Promise<VariantChoice | null>;
  readonly set: (key: string, choice: VariantChoice) => Promise<void>;
}

/** Milliseconds of timing in all, without compiling and without finding out how long a burst has to be. */
const BUDGET_MS = 1000;
/** How much faster the plain kernel has to be before it takes the place of a GPU's own. */
const BY_FAR = 1.5;

/** The case that a variant has to pass, by its place among the cases of the kernel's check: awkward sizes, no epilogue. */
const GATES: Readonly<Record<VariantKernel, readonly [KernelCheck, number]>> = {
  'matmul-nt': [matmulCheck, 5],
  'matmul-nn': [matmulCheck, 8],
  'matmul-tn': [matmulCheck, 13],
  'matmul-few': [matmulFewCheck, 1],
  'attention-forward': [attentionCheck, 3],
  'attention-backward-q': [attentionCheck, 3],
  'attention-backward-kv': [attentionCheck, 3],
  'decode-attention': [decodeAttentionCheck, 2],
  'rmsnorm-forward': [rmsNormCheck, 5],
  'rmsnorm-backward': [rmsNormCheck, 5],
  'column-sums': [rmsNormCheck, 5],
  'token-logprob': [headCheck, 4],
  'token-logprob-backward': [headCheck, 4],
  'gradient-norm': [adamWCheck, 2],
  sample: [sampleCheck, 2],
};

/** A further case for `subgroups`, where lanes that share a row have to be neighbours: heads of 64. */
const SHARED_ROWS: ReadonlyMap<KernelCheck, number> = new Map([[attentionCheck, 5]]);

/**
 * Chooses for every kernel that has no variant set. Sets `gpu.variants` where the choice is not the profile's plain way, and returns what
 * it set.
 * @param clock milliseconds
 */
export async function tuneVariants(
  gpu: Gpu,
  shapes: TuneShapes,
  clock: () => number,
  store?: VariantStore,
): Promise<ReadonlyMap<string, string>> {
  const kernels = Object.keys(VARIANTS) as VariantKernel[];
  const open = kernels.filter((kernel) => !gpu.variants.has(kernel));
  const key = store && keyOf(gpu, store.build);
  const known = key ? await remembered(gpu, store, key) : null;
  const choice = known ?? (await chosenBy(gpu, open, shapes, clock, store !== undefined));
  const set = new Map(Object.entries(choice).filter(([kernel]) => !gpu.variants.has(kernel)));
  for (const [kernel, variant] of set) gpu.variants.set(kernel, variant);
  // Where some kernels were forced, this is not a whole choice, and is not kept.
  if (key && !known && open.length === kernels.length)
    await store.set(key, choice).catch(() => undefined);
  return set;
}

function keyOf(gpu: Gpu, build: string): string {
  const { name, adapter, profile, features, limits } = gpu.info;
  // One card can be had through several drivers, which WebGPU does not name; their limits tell most of them apart.
  const driver = [...Object.values(adapter), ...Object.values(limits)];
  return [build, name, profile, ...features, ...driver].join('|');
}

/** A remembered choice, if it still means something here. */
async function remembered(
  gpu: Gpu,
  store: VariantStore,
  key: string,
): Promise<VariantChoice | null> {
  const choice = await store.get(key).catch(() => null);
  const usable = ([kernel, variant]: readonly [string, string]) =>
    isVariant(kernel, variant) && supportsVariant(gpu.info, variant);
  return choice && Object.entries(choice).every(usable) ? choice : null;
}

async function chosenBy(
  gpu: Gpu,
  kernels: readonly VariantKernel[],
  shapes: TuneShapes,
  clock: () => number,
  lasting: boolean,
): Promise<VariantChoice> {
  const gated = new Map<string, Promise<string[]>>();
  let order: Promise<boolean> | undefined;
  const ordered = () => {
    order ??= keepsOrder(gpu);
    return order;
  };
  for (const kernel of kernels) {
    const gate = gateOf(kernel);
    // Kernels that share a gate pass it together, so that it compiles candidates only.
    const group = kernels.filter((other) => gateOf(other) === gate);
    if (!gated.has(gate)) gated.set(gate, passing(gpu, group, ordered));
  }
  const passed = await Promise.all(
    kernels.map(async (kernel) =>
      ((await gated.get(gateOf(kernel))) ?? []).filter((variant) => isVariant(kernel, variant)),
    ),
  );
  // Few rows follow many into the plain kernel's family by themselves.
  const hasPlainRival = (kernel: VariantKernel) => lasting && kernel !== 'matmul-few';
  const timed = kernels.filter((k, i) => passed[i].length > (hasPlainRival(k) ? 0 : 1));
  const measures = gpu.info.profile === 'lanes';
  const choice: Record<string, string> = {};
  for (const [i, kernel] of kernels.entries()) {
    let best = passed[i][0] ?? 'scalar';
    if (measures && timed.includes(kernel)) {
      const rivals = hasPlainRival(kernel) ? [...passed[i], 'scalar'] : passed[i];
      best = await fastest(gpu, kernel, rivals, shapes, clock, BUDGET_MS / timed.length);
    }
    // What the profile gives anyway need not be set.
    if (best !== chooseVariant(gpu, kernel)) choice[kernel] = best;
  }
  return choice;
}

function gateOf(kernel: VariantKernel): string {
  const [check, place] = GATES[kernel];
  return `${check.name} ${place}`;
}

/**
 * The candidates of kernels with one gate that pass it, the likeliest winner first. Kernels of one gate need not have the same variants.
 * @param ordered whether subgroups add here in the order of `lanes`
 */
async function passing(
  gpu: Gpu,
  kernels: readonly VariantKernel[],
  ordered: () => Promise<boolean>,
): Promise<string[]> {
  const passed: string[] = [];
  for (const variant of new Set(kernels.flatMap((kernel) => candidates(gpu, kernel)))) {
    if (variant === 'subgroups' && !(await ordered())) continue;
    if (await passesGate(gpu, kernels, variant)) passed.push(variant);
  }
  return passed;
}

function candidates(gpu: Gpu, kernel: VariantKernel): string[] {
  const known = VARIANTS[kernel].filter((v) => supportsVariant(gpu.info, v));
  if (gpu.info.profile === 'lanes') return known.filter((v) => familyOf(v) === 'lanes');
  const products = known.includes('octets') ? 'octets' : 'quads';
  const attention = prefersRows(gpu) ? 'rows' : 'neighbours';
  return known.filter((v) => v === products || v === attention);
}

/**
 * Whether attention should do two rows per invocation rather than share keys through subgroups: on SwiftShader (told by its subgroups of
 * four) rows take 1.4 to 1.8 times less than the plain way, and sharing takes more; on lavapipe sharing takes 1.3 to 3.9 times less.
 */
function prefersRows(gpu: Gpu): boolean {
  const widest = gpu.device.adapterInfo?.subgroupMaxSize ?? 0;
  return widest > 0 && widest <= 4;
}

/**
 * Runs `record` with the variants that the gates will most likely let through, up to its first wait, so that these can be compiled while
 * the gates are still at work. This is for compiling only: nothing that is recorded here may be run.
 */
export function recordedAsFavourites<T>(gpu: Gpu, record: () => T): T {
  const kernels = (Object.keys(VARIANTS) as VariantKernel[]).filter((k) => !gpu.variants.has(k));
  const favourites = new Map<string, string>();
  for (const kernel of kernels) {
    const [favourite] = candidates(gpu, kernel);
    if (favourite) favourites.set(kernel, favourite);
  }
  return recordedWith(gpu, favourites, record);
}

function recordedAs<T>(gpu: Gpu, kernels: readonly string[], variant: string, record: () => T): T {
  return recordedWith(gpu, new Map(kernels.map((kernel) => [kernel, variant])), record);
}

/** Runs `record` with these variants, up to its first wait; after that others may be prepared. */
function recordedWith<T>(gpu: Gpu, variants: ReadonlyMap<string, string>, record: () => T): T {
  const before = [...variants.keys()].map((kernel) => [kernel, gpu.variants.get(kernel)] as const);
  for (const [kernel, variant] of variants) gpu.variants.set(kernel, variant);
  try {
    return record();
  } finally {
    for (const [kernel, choice] of before) {
      if (choice === undefined) gpu.variants.delete(kernel);
      else gpu.variants.set(kernel, choice);
    }
  }
}

/** Whether the kernels that share a gate compute the reference's numbers; false where one cannot be compiled. @throws DeviceLost */
async function passesGate(
  gpu: Gpu,
  kernels: readonly VariantKernel[],
  variant: string,
): Promise<boolean> {
  const [check, place] = GATES[kernels[0]];
  try {
    const shared = variant === 'subgroups' ? SHARED_ROWS.get(check) : undefined;
    for (const each of shared === undefined ? [place] : [place, shared]) {
      const outputs = await recordedAs(gpu, kernels, variant, () => check.cases[each].run(gpu));
      if (!outputs.every(({ passed }) => passed)) return false;
    }
    return true;
  } catch {
    // What cannot be compiled here is no candidate. A device that was lost throws.
    gpu.assertAlive();
    return false;
  }
}

/** The fastest of a kernel's variants. The plain one wins only if it is faster by far. */
async function fastest(
  gpu: Gpu,
  kernel: VariantKernel,
  variants: readonly string[],
  shapes: TuneShapes,
  clock: () => number,
  budget: number,
): Promise<string> {
  const prepared = await Promise.allSettled(
    variants.map((variant) =>
      recordedAs(gpu, [kernel], variant, () => prepareWork(gpu, kernel, shapes)),
    ),
  );
  const rivals = variants.flatMap((variant, i) => {
    const result = prepared[i];
    return result.status === 'fulfilled' ? [{ variant, work: result.value }] : [];
  });
  let times: number[];
  try {
    const recordings = rivals.map(({ work }) => work.recording);
    times = await timeRivals(gpu, recordings, clock, budget);
  } finally {
    for (const { work } of rivals) work.destroy();
  }
  gpu.assertAlive();
  const handicapped = times.map((ms, i) => (rivals[i].variant === 'scalar' ? ms * BY_FAR : ms));
  const least = Math.min(...handicapped);
  // Where the clock tells none apart, the likeliest winner stays.
  return rivals[Math.max(0, handicapped.indexOf(least))]?.variant ?? variants[0];
}
