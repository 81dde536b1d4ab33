/**
 * Runs recorded kernels on made-up buffers and finds what a comparison of results would not: writing past the end, writing an
 * input, leaving an output unwritten (outputs start as NaN), reading past the end (that is NaN too), and bits that differ
 * between two runs.
 */
import type { Slice } from '../../gpu/buffers.ts';
import type { Gpu } from '../../gpu/gpu.ts';
import { packHalves, unpackHalves } from '../../gpu/half.ts';
import { Recorder, type Recording } from '../../gpu/recording.ts';

/** Bytes after the end of every buffer that must stay as they are: more than one workgroup's worth of vectors. */
const GUARD_BYTES = 4096;
/** What stands after inputs, and in outputs before the run: NaN as a float, a huge index as an integer. */
const POISON = 0x7fc0beef;
/** What stands after buffers that are written: 1e30, so that a NaN that was computed from poison and written there is noticed. */
const MARK = 0x7149f2ca;

export interface BufferSpec {
  /** Bits at the start of each run. */
  readonly words: Uint32Array<ArrayBuffer>;
  readonly written: boolean;
  /** Whether the words hold two halves each, @see half-storage.ts */
  readonly half?: true;
}

function bitsOf(data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>) {
  return new Uint32Array(data.slice().buffer);
}

/** Data that the kernels only read. */
export function input(data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): BufferSpec {
  return { words: bitsOf(data), written: false };
}

/** Data that the kernels change. */
export function both(data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): BufferSpec {
  return { words: bitsOf(data), written: true };
}

/** `count` words that the kernels write; poisoned before. */
export function output(count: number): BufferSpec {
  return { words: new Uint32Array(count).fill(POISON), written: true };
}

/** The buffers, of which those named in `halves` store their numbers as f16. */
export function withHalves<K extends string>(
  buffers: Record<K, BufferSpec>,
  halves: readonly string[] = [],
): Record<K, BufferSpec> {
  const entries = Object.entries<BufferSpec>(buffers).map(([name, spec]) => [
    name,
    halves.includes(name) ? asHalves(spec) : spec,
  ]);
  return Object.fromEntries(entries) as Record<K, BufferSpec>;
}

/** The number of halves of an output has to be even. */
function asHalves({ words, written }: BufferSpec): BufferSpec {
  const poisoned = words.every((word) => word === POISON);
  const packed = poisoned
    ? new Uint32Array(words.length / 2).fill(POISON)
    : packHalves(new Float32Array(words.buffer));
  return { words: packed, written, half: true };
}

export interface KernelRun<K extends string> {
  /** What each buffer holds afterwards, as floats; halves are widened. */
  readonly floats: Record<K, Float32Array<ArrayBuffer>>;
  /** The same bits as integers. */
  readonly words: Record<K, Uint32Array<ArrayBuffer>>;
  /** What went wrong apart from the numbers; empty when nothing did. */
  readonly problems: readonly string[];
}

/**
 * Records once, runs twice from the same start, reads everything back and frees it.
 * @throws ShaderError where a kernel does not compile, and OutOfMemory, with everything given back
 */
export async function runKernel<K extends string>(
  gpu: Gpu,
  buffers: Record<K, BufferSpec>,
  record: (recorder: Recorder, slices: Record<K, Slice>) => void,
): Promise<KernelRun<K>> {
  const names = Object.keys(buffers) as K[];
  const slices = {} as Record<K, Slice>;
  let recording: Recording | undefined;
  const once = async (built: Recording) => {
    for (const name of names) gpu.write(slices[name], poisonedEnd(buffers[name], slices[name]));
    await gpu.replay(built);
    const bits = {} as Record<K, Uint32Array<ArrayBuffer>>;
    for (const name of names) bits[name] = await gpu.readWords(slices[name]);
    return bits;
  };
  const recorder = new Recorder(gpu);
  await gpu.allocating(() => {
    for (const name of names) {
      const { words, half } = buffers[name];
      const slice = gpu.allocate(name, words.byteLength + GUARD_BYTES);
      slices[name] = half ? { ...slice, half } : slice;
    }
    record(recorder, slices);
  });
  try {
    recording = await recorder.build();
    const first = await once(recording);
    const second = await once(recording);
    const problems: string[] = [];
    const words = {} as Record<K, Uint32Array<ArrayBuffer>>;
    const floats = {} as Record<K, Float32Array<ArrayBuffer>>;
    for (const name of names) {
      const { words: start, half } = buffers[name];
      problems.push(...problemsOf(name, buffers[name], first[name], second[name]));
      words[name] = first[name].slice(0, start.length);
      floats[name] = half ? unpackHalves(words[name]) : new Float32Array(words[name].buffer);
    }
    return { floats, words, problems };
  } finally {
    recording?.destroy();
    for (const name of names) gpu.free(slices[name]);
  }
}

function guardOf({ written }: BufferSpec): number {
  return written ? MARK : POISON;
}

function poisonedEnd(spec: BufferSpec, slice: Slice): Uint32Array<ArrayBuffer> {
  const all = new Uint32Array(slice.size / 4).fill(guardOf(spec));
  all.set(spec.words);
  return all;
}

function problemsOf(
  name: string,
  spec: BufferSpec,
  first: Uint32Array,
  second: Uint32Array,
): string[] {
  const problems: string[] = [];
  const { length } = spec.words;
  const past = first.subarray(length).findIndex((word) => word !== guardOf(spec));
  if (past >= 0) problems.push(`${name}: written past its end, word ${length + past}`);
  if (!spec.written) {
    const changed = spec.words.findIndex((word, i) => word !== first[i]);
    if (changed >= 0) problems.push(`${name}: an input changed, word ${changed}`);
  }
  const differs = first.findIndex((word, i) => word !== second[i]);
  if (differs >= 0) problems.push(`${name}: two runs differ, word ${differs}`);
  return problems;
}
