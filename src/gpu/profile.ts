/**
 * Where a recording's time goes, kernel by kernel. With timestamp queries every dispatch gets a pass of its own and the GPU's
 * clock, repeated where that clock goes in coarse steps; without them each dispatch is repeated in one submit and timed from outside.
 */
import { clockStep, type Reading, type Times, timeInSteps } from './clock-step.ts';
import type { Gpu } from './gpu.ts';
import { encodeStep, type Step, type Steps } from './kernel.ts';

/** All dispatches of one label in one replay of a recording. */
export interface LabelTime {
  readonly label: string;
  readonly kernel: string;
  readonly variant: string;
  /** Dispatches per replay. */
  readonly dispatches: number;
  /** Milliseconds per replay. Where this is less than `unseen`, all that is known is that it is less. */
  readonly ms: number;
  /** Milliseconds that the clock cannot tell from nothing. */
  readonly unseen: number;
  /** 0 where the time is not known. */
  readonly gflops: number;
  /** Gigabytes per second of necessary traffic: every operand once. */
  readonly gbs: number;
}

export interface Profile {
  readonly timedBy: 'timestamps' | 'repeats';
  /** The slowest first. */
  readonly labels: readonly LabelTime[];
  /** Milliseconds per replay, all labels together. */
  readonly ms: number;
}

/** Dispatches of one submit when they are repeated. */
const BURST = 8;

/**
 * Times a recording. Its buffers are written as in any replay, so a recording that changes weights does change them. Without
 * timestamps, and with those of a coarse clock, each dispatch also runs several times over, after which accumulated sums mean nothing.
 * @param clock milliseconds
 * @param repeats times that each dispatch is measured; the median counts
 */
export async function profileRecording(
  gpu: Gpu,
  recording: Steps,
  repeats: number,
  clock: () => number,
): Promise<Profile> {
  const { steps } = recording;
  const onGpu = gpu.info.features.includes('timestamp-query') && steps.length > 0;
  const seen: bigint[] = [];
  const { times, unseen } = onGpu
    ? await timeInSteps(steps.length, (counts) => stamped(gpu, steps, counts, seen), repeats)
    : await repeatedTimes(gpu, steps, repeats, clock);
  const labels = byLabel(steps, times.map(median), unseen);
  return {
    timedBy: onGpu ? 'timestamps' : 'repeats',
    labels,
    ms: labels.reduce((sum, { ms }) => sum + ms, 0),
  };
}

/** How each dispatch was timed when a recording ran once: on the GPU's clock, or from outside. */
export type OnceTimedBy = 'timestamps' | 'one by one';

export function onceTimedBy(gpu: Gpu): OnceTimedBy {
  return gpu.info.features.includes('timestamp-query') ? 'timestamps' : 'one by one';
}

/** Milliseconds. */
export interface OnceTimes {
  /** Of each step. One that is shorter than the clock's step may read 0; over many of them such errors cancel. */
  readonly times: readonly number[];
  /** What the clock cannot tell in one reading. After few readings this may seem longer than it is; 0 is not known. */
  readonly clockStep: number;
}

/**
 * Runs a recording once, in order, and times each of its dispatches. It computes what a replay computes. Without timestamps each
 * dispatch is waited for, and the round trip, measured on empty submits, is subtracted; how much these differ counts as the clock's step.
 */
export async function timeOnce(
  gpu: Gpu,
  { steps }: Steps,
  clock: () => number,
): Promise<OnceTimes> {
  if (onceTimedBy(gpu) === 'timestamps' && steps.length > 0) {
    const { ms, step } = await stamped(gpu, steps, Array(steps.length).fill(1), []);
    return { times: ms, clockStep: step };
  }
  const alone = async (step: Step | null) => {
    const encoder = gpu.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    if (step) encodeStep(pass, step);
    pass.end();
    const from = clock();
    gpu.device.queue.submit([encoder.finish()]);
    await gpu.idle();
    return clock() - from;
  };
  await gpu.idle();
  const trips = [await alone(null), await alone(null), await alone(null)];
  const times: number[] = [];
  for (const step of steps) times.push(Math.max(0, (await alone(step)) - median(trips)));
  return { times, clockStep: Math.max(...trips) - Math.min(...trips) };
}

/** Dispatches that are stamped in one submit: repeated until they last, each may take some milliseconds. */
const STAMPED = 64;

/**
 * Each dispatch in a pass of its own, `counts[i]` times, between two timestamps.
 * @param seen all timestamps so far, to which these are added
 */
async function stamped(
  gpu: Gpu,
  steps: readonly Step[],
  counts: readonly number[],
  seen: bigint[],
): Promise<Reading> {
  const { device } = gpu;
  const ms: number[] = Array(steps.length).fill(0);
  const wanted = [...steps.keys()].filter((i) => counts[i] > 0);
  for (let first = 0; first < wanted.length; first += STAMPED) {
    const part = wanted.slice(first, first + STAMPED);
    const queries = device.createQuerySet({ type: 'timestamp', count: 2 * part.length });
    const resolved = device.createBuffer({
      label: 'timestamps',
      size: 16 * part.length,
      usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
    });
    const encoder = device.createCommandEncoder();
    part.forEach((i, place) => {
      const pass = encoder.beginComputePass({
        timestampWrites: {
          querySet: queries,
          beginningOfPassWriteIndex: 2 * place,
          endOfPassWriteIndex: 2 * place + 1,
        },
      });
      for (let time = 0; time < counts[i]; time++) encodeStep(pass, steps[i]);
      pass.end();
    });
    encoder.resolveQuerySet(queries, 0, 2 * part.length, resolved, 0);
    device.queue.submit([encoder.finish()]);
    const stamps = new BigUint64Array(
      await gpu.read({ buffer: resolved, offset: 0, size: 16 * part.length }),
    );
    part.forEach((i, place) => {
      ms[i] = Math.max(0, Number(stamps[2 * place + 1] - stamps[2 * place])) / 1e6;
    });
    seen.push(...stamps);
    resolved.destroy();
    queries.destroy();
  }
  return { ms, step: clockStep(seen) };
}

async function repeatedTimes(
  gpu: Gpu,
  steps: readonly Step[],
  repeats: number,
  clock: () => number,
): Promise<Times> {
  const times: number[][] = [];
  for (const step of steps) {
    const own: number[] = [];
    for (let round = 0; round < repeats; round++) {
      const encoder = gpu.device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      for (let i = 0; i < BURST; i++) encodeStep(pass, step);
      pass.end();
      await gpu.idle();
      const from = clock();
      gpu.device.queue.submit([encoder.finish()]);
      await gpu.idle();
      own.push((clock() - from) / BURST);
    }
    times.push(own);
  }
  // The way to the GPU and back is part of each reading, so none is nothing.
  return { times, unseen: steps.map(() => 0) };
}

function byLabel(
  steps: readonly Step[],
  times: readonly number[],
  unseen: readonly number[],
): LabelTime[] {
  const sums = new Map<
    string,
    { step: Step; dispatches: number; ms: number; unseen: number; flop: number; bytes: number }
  >();
  steps.forEach((step, i) => {
    const key = `${step.label} ${step.kernel.name} ${step.kernel.variant}`;
    const sum = sums.get(key) ?? { step, dispatches: 0, ms: 0, unseen: 0, flop: 0, bytes: 0 };
    sum.dispatches += 1;
    sum.ms += times[i];
    sum.unseen += unseen[i];
    sum.flop += step.flop;
    sum.bytes += step.bytes;
    sums.set(key, sum);
  });
  return [...sums.values()]
    .map(({ step, dispatches, ms, unseen, flop, bytes }) => ({
      label: step.label,
      kernel: step.kernel.name,
      variant: step.kernel.variant,
      dispatches,
      ms,
      unseen,
      gflops: ms > unseen ? flop / ms / 1e6 : 0,
      gbs: ms > unseen ? bytes / ms / 1e6 : 0,
    }))
    .sort((a, b) => b.ms - a.ms);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
