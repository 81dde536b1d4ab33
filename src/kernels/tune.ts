/**
 * Chooses variants for a device, once when it is opened.
 *
 * 1. What was set before stays: a replay forces its manifest's choice (`forceVariants`).
 * 2. What a store remembers for this adapter and build is used again, so that a second start measures nothing.
 * 3. Otherwise every candidate first has to pass a gate (tune-gate.ts). What fails, does not compile here, or gives other bits than
 *    its family is refused, and `Gpu.refused` says why.
 * 4. Then the clock chooses, on typical work, in a second or two: bursts that last, less what an empty one takes (stopwatch.ts). Among variants of one family bits are equal and the fastest wins. Families
 *    differ in bits, so a noisy clock must not choose between them run by run: the plain kernel takes a GPU's `lanes` kernel's place only
 *    where a store keeps the decision for the next run, and only when it is faster by far.
 *
 * On software adapters the favourites are known from measurements (docs/performance.md). They only pass the gate and are not timed:
 * compiling the losers takes longer (0.1 to 0.4 s each) than a first run could win back.
 */
import type { Gpu } from '../gpu/gpu.ts';
import { timeRivals } from './stopwatch.ts';
import { keepsOrder } from './tree/tree-order.ts';
import { gateName, passGate, type Verdicts } from './tune-gate.ts';
import {
  chooseVariant,
  familyOf,
  isVariant,
  recordedWith,
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
type VariantChoice = Readonly<Record<string, string>>;

/** What the gates and the clock decided. */
export interface Decision {
  readonly variants: VariantChoice;
  /** @see Gpu.refused */
  readonly refused: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Milliseconds of typical work by kernel and variant, where the clock chose; null for a reading of nothing. */
  readonly times?: Readonly<Record<string, Readonly<Record<string, number | null>>>>;
}

/** Keeps decisions for the next start. Where it fails, everything is measured again. */
export interface VariantStore {
  /** Names the code and what compiles it; a choice holds for one build only. */
  readonly build: string;
  readonly get: (key: string) => Promise<Decision | null>;
  readonly set: (key: string, decision: Decision) => Promise<void>;
}

/** Milliseconds of timing in all, without compiling and without finding out how long a burst has to be. */
const BUDGET_MS = 1000;
/** How much faster the plain kernel has to be before it takes the place of a GPU's own. */
const BY_FAR = 1.5;

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
  const decision = known ?? (await decide(gpu, open, shapes, clock, store !== undefined));
  const { variants, refused } = decision;
  const set = new Map(Object.entries(variants).filter(([kernel]) => !gpu.variants.has(kernel)));
  for (const [kernel, variant] of set) gpu.variants.set(kernel, variant);
  for (const [kernel, reasons] of Object.entries(refused)) gpu.refused.set(kernel, reasons);
  // Where some kernels were forced, this is not a whole decision, and is not kept.
  if (key && !known && open.length === kernels.length)
    await store.set(key, decision).catch(() => undefined);
  return set;
}

function keyOf(gpu: Gpu, build: string): string {
  const { name, adapter, profile, features, limits } = gpu.info;
  // One card can be had through several drivers, which WebGPU does not name; their limits tell most of them apart.
  const driver = [...Object.values(adapter), ...Object.values(limits)];
  return [build, name, profile, ...features, ...driver].join('|');
}

/** A remembered decision, if it still means something here. */
async function remembered(gpu: Gpu, store: VariantStore, key: string): Promise<Decision | null> {
  const decision = await store.get(key).catch(() => null);
  const usable = ([kernel, variant]: readonly [string, string]) =>
    isVariant(kernel, variant) && supportsVariant(gpu.info, variant);
  if (!decision?.variants || !decision.refused) return null;
  return Object.entries(decision.variants).every(usable) ? decision : null;
}

/**
 * Gates and times the variants of every kernel, whatever is set or remembered, as a decision that is to last. Sets nothing.
 * @param clock milliseconds
 */
export function decideVariants(
  gpu: Gpu,
  shapes: TuneShapes,
  clock: () => number,
): Promise<Decision> {
  return decide(gpu, Object.keys(VARIANTS) as VariantKernel[], shapes, clock, true);
}

async function decide(
  gpu: Gpu,
  kernels: readonly VariantKernel[],
  shapes: TuneShapes,
  clock: () => number,
  lasting: boolean,
): Promise<Decision> {
  const gates = new Map<string, Promise<Verdicts>>();
  let order: Promise<boolean> | undefined;
  const ordered = () => {
    order ??= keepsOrder(gpu);
    return order;
  };
  for (const kernel of kernels) {
    const gate = gateName(kernel);
    // Kernels that share a gate pass it together, so that it compiles candidates only.
    const group = kernels.filter((other) => gateName(other) === gate);
    const all = [...new Set(group.flatMap((other) => candidates(gpu, other)))];
    if (!gates.has(gate)) gates.set(gate, passGate(gpu, group, all, ordered));
  }
  const verdicts = await Promise.all(
    kernels.map(async (kernel) =>
      [...((await gates.get(gateName(kernel))) ?? [])].filter(([variant]) =>
        isVariant(kernel, variant),
      ),
    ),
  );
  const passed = verdicts.map((all) => all.flatMap(([variant, why]) => (why ? [] : [variant])));
  const refused = verdicts.map((all) => all.filter(([, why]) => why !== null));
  // Few rows follow many into the plain kernel's family by themselves.
  const hasPlainRival = (kernel: VariantKernel) => lasting && kernel !== 'matmul-few';
  const timed = kernels.filter((k, i) => passed[i].length > (hasPlainRival(k) ? 0 : 1));
  const measures = gpu.info.profile === 'lanes';
  const variants: Record<string, string> = {};
  const times: Record<string, Record<string, number | null>> = {};
  for (const [i, kernel] of kernels.entries()) {
    let best = passed[i][0] ?? 'scalar';
    if (measures && timed.includes(kernel)) {
      const rivals = hasPlainRival(kernel) ? [...passed[i], 'scalar'] : passed[i];
      const found = await timesOf(gpu, kernel, rivals, shapes, clock, BUDGET_MS / timed.length);
      best = fastest(found) ?? rivals[0];
      times[kernel] = Object.fromEntries(
        found.map(({ variant, ms }) => [variant, Number.isFinite(ms) ? ms : null]),
      );
    }
    // What the profile gives anyway need not be set.
    if (best !== chooseVariant(gpu, kernel)) variants[kernel] = best;
  }
  return {
    variants,
    times,
    refused: Object.fromEntries(
      kernels.flatMap((kernel, i) =>
        refused[i].length > 0 ? [[kernel, Object.fromEntries(refused[i]) as VariantChoice]] : [],
      ),
    ),
  };
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

/** Milliseconds of a variant on typical work; infinite where the clock never told it from nothing. */
interface Timed {
  readonly variant: string;
  readonly ms: number;
}

/** Times a kernel's variants; one that cannot be had here is left out. @throws DeviceLost */
async function timesOf(
  gpu: Gpu,
  kernel: VariantKernel,
  variants: readonly string[],
  shapes: TuneShapes,
  clock: () => number,
  budget: number,
): Promise<Timed[]> {
  const prepared = await Promise.allSettled(
    variants.map((variant) =>
      recordedWith(gpu, new Map([[kernel, variant]]), () => prepareWork(gpu, kernel, shapes)),
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
  return rivals.map(({ variant }, i) => ({ variant, ms: times[i] }));
}

/** The fastest, where there is one. The plain one wins only if it is faster by far. */
function fastest(times: readonly Timed[]): string | undefined {
  const handicapped = times.map(({ variant, ms }) => (variant === 'scalar' ? ms * BY_FAR : ms));
  const least = Math.min(...handicapped);
  // Where the clock tells none apart, the likeliest winner stays.
  return times[Math.max(0, handicapped.indexOf(least))]?.variant;
}
