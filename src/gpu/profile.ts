/**
 * Where a recording's time goes, kernel by kernel. With timestamp queries every dispatch gets a pass of its own and the GPU's
 * clock; without them each dispatch is repeated in one submit and timed from outside.
 */
import type { Gpu } from './gpu.ts';
import { encodeStep, type Step, type Steps } from './kernel.ts';

/** All dispatches of one label in one replay of a recording. */
export interface LabelTime {
  readonly label: string;
  readonly kernel: string;
  readonly variant: string;
  /** Dispatches per replay. */
  readonly dispatches: number;
  /** Milliseconds per replay. */
  readonly ms: number;
  readonly gflops: number;
  /** Gigabytes per second of necessary traffic: every operand once. */
  readonly gbs: number;
}

export interface Profile {
  readonly method: 'timestamps' | 'repeats';
  /** The slowest first. */
  readonly labels: readonly LabelTime[];
  /** Milliseconds per replay, all labels together. */
  readonly ms: number;
}

/** Dispatches of one submit when they are repeated. */
const BURST = 8;

/**
 * Times a recording. Its buffers are written as in any replay, so a recording that changes weights does change them. Without
 * timestamps each dispatch also runs several times over, after which accumulated sums mean nothing.
 * @param clock milliseconds
 * @param repeats times that each dispatch is measured; the median counts
 */
export async function profileRecording(
  gpu: Gpu,
  recording: Steps,
  repeats: number,
  clock: () => number,
): Promise<Profile> {
  const stamped = gpu.info.features.includes('timestamp-query') && recording.steps.length > 0;
  const samples = stamped
    ? await stampedTimes(gpu, recording.steps, repeats)
    : await repeatedTimes(gpu, recording.steps, repeats, clock);
  const labels = byLabel(recording.steps, samples.map(median));
  return {
    method: stamped ? 'timestamps' : 'repeats',
    labels,
    ms: labels.reduce((sum, { ms }) => sum + ms, 0),
  };
}

/** How each dispatch was timed when a recording ran once: on the GPU's clock, or from outside. */
export type OnceMethod = 'timestamps' | 'one by one';

export function onceMethod(gpu: Gpu): OnceMethod {
  return gpu.info.features.includes('timestamp-query') ? 'timestamps' : 'one by one';
}

/**
 * Runs a recording once, in order, and times each of its dispatches. It computes what a replay computes. Without timestamps each
 * dispatch is waited for, and the round trip, measured on empty submits, is subtracted.
 * @returns milliseconds of each step
 */
export async function timeOnce(gpu: Gpu, { steps }: Steps, clock: () => number): Promise<number[]> {
  if (onceMethod(gpu) === 'timestamps' && steps.length > 0)
    return (await stampedTimes(gpu, steps, 1)).map(([ms]) => ms);
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
  return times;
}

/** Per step, one time in milliseconds for each repeat. */
async function stampedTimes(
  gpu: Gpu,
  steps: readonly Step[],
  repeats: number,
): Promise<number[][]> {
  const { device } = gpu;
  const times: number[][] = steps.map(() => []);
  // A query set holds at most 4,096 queries: two a dispatch.
  const most = 1024;
  for (let round = 0; round < repeats; round++) {
    for (let first = 0; first < steps.length; first += most) {
      const part = steps.slice(first, first + most);
      const queries = device.createQuerySet({ type: 'timestamp', count: 2 * part.length });
      const resolved = device.createBuffer({
        label: 'timestamps',
        size: 16 * part.length,
        usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
      });
      const encoder = device.createCommandEncoder();
      part.forEach((step, i) => {
        const pass = encoder.beginComputePass({
          timestampWrites: {
            querySet: queries,
            beginningOfPassWriteIndex: 2 * i,
            endOfPassWriteIndex: 2 * i + 1,
          },
        });
        encodeStep(pass, step);
        pass.end();
      });
      encoder.resolveQuerySet(queries, 0, 2 * part.length, resolved, 0);
      device.queue.submit([encoder.finish()]);
      const stamps = new BigUint64Array(
        await gpu.read({ buffer: resolved, offset: 0, size: 16 * part.length }),
      );
      part.forEach((_, i) => {
        times[first + i].push(Math.max(0, Number(stamps[2 * i + 1] - stamps[2 * i])) / 1e6);
      });
      resolved.destroy();
      queries.destroy();
    }
  }
  return times;
}

async function repeatedTimes(
  gpu: Gpu,
  steps: readonly Step[],
  repeats: number,
  clock: () => number,
): Promise<number[][]> {
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
  return times;
}

function byLabel(steps: readonly Step[], times: readonly number[]): LabelTime[] {
  const sums = new Map<
    string,
    { step: Step; dispatches: number; ms: number; flop: number; bytes: number }
  >();
  steps.forEach((step, i) => {
    const key = `${step.label} ${step.kernel.name} ${step.kernel.variant}`;
    const sum = sums.get(key) ?? { step, dispatches: 0, ms: 0, flop: 0, bytes: 0 };
    sum.dispatches += 1;
    sum.ms += times[i];
    sum.flop += step.flop;
    sum.bytes += step.bytes;
    sums.set(key, sum);
  });
  return [...sums.values()]
    .map(({ step, dispatches, ms, flop, bytes }) => ({
      label: step.label,
      kernel: step.kernel.name,
      variant: step.kernel.variant,
      dispatches,
      ms,
      gflops: ms > 0 ? flop / ms / 1e6 : 0,
      gbs: ms > 0 ? bytes / ms / 1e6 : 0,
    }))
    .sort((a, b) => b.ms - a.ms);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
