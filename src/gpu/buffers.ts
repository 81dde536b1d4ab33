/** Pieces of GPU memory, and the words of a uniform block. */

/** A range of a GPU buffer, in bytes. Offsets of storage bindings are multiples of 256. */
export interface Slice {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly size: number;
  /** Whether its numbers are f16, two to a word, instead of f32: @see half-storage.ts */
  readonly half?: true;
}

/** Bytes of `count` numbers as a slice stores them. */
export function bytesOf(slice: Pick<Slice, 'half'>, count: number): number {
  return count * (slice.half ? 2 : 4);
}

/** The numbers [from, from + count) of a slice. */
export function floats(slice: Slice, from: number, count: number): Slice {
  const { buffer, offset } = slice;
  const range = { buffer, offset: offset + bytesOf(slice, from), size: bytesOf(slice, count) };
  return slice.half ? { ...range, half: true } : range;
}

/** Shape words of a kernel, in the order of its uniform struct: all u32, then all f32. */
export interface Words {
  readonly u32?: readonly number[];
  readonly f32?: readonly number[];
}

/** Bytes of one uniform block in a recording's arena: WebGPU promises that no adapter asks for a larger alignment. */
export const UNIFORM_STRIDE = 256;

/** Writes words into an arena at `offset` bytes. */
export function writeWords(arena: ArrayBuffer, offset: number, words: Words): void {
  const u32 = words.u32 ?? [];
  const f32 = words.f32 ?? [];
  if ((u32.length + f32.length) * 4 > UNIFORM_STRIDE) throw new RangeError('too many shape words');
  new Uint32Array(arena, offset, u32.length).set(u32);
  new Float32Array(arena, offset + u32.length * 4, f32.length).set(f32);
}
