/**
 * Writes the part of the Protocol Buffers wire format that an ONNX file needs. A message is a list of parts that know their size before
 * they are written, so gigabytes of weights are written straight into the file, without another copy.
 *
 * A field is a tag (number and wire type) and a value: a varint (type 0), a length and that many bytes (2), or four bytes (5).
 * Source: protobuf.dev, "Encoding".
 */

/** A piece of a file. `write` puts exactly `size` bytes at `at`. */
export interface Part {
  readonly size: number;
  readonly write: (target: Uint8Array, at: number) => void;
}

/** The longest message that readers of the format accept: 2 GiB minus one byte. */
export const MAX_MESSAGE_BYTES = 2 ** 31 - 1;

const VARINT = 0;
const LENGTH = 2;
const FIXED32 = 5;

/** The bytes of an unsigned whole number below 2^53, seven bits per byte, the lowest first. */
function varintBytes(value: number): number[] {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is no varint here`);
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}

/** An int64 as a varint. A negative number is written as 2^64 plus itself, which takes ten bytes. */
function int64Bytes(value: number): number[] {
  if (value >= 0) return varintBytes(value);
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest >= 128n) {
    bytes.push(Number(rest % 128n) | 128);
    rest /= 128n;
  }
  bytes.push(Number(rest));
  return bytes;
}

function raw(bytes: ArrayLike<number>): Part {
  return { size: bytes.length, write: (target, at) => target.set(bytes, at) };
}

function tag(field: number, type: number): number[] {
  return varintBytes(field * 8 + type);
}

/** A message's parts, one after the other. */
export function message(parts: readonly Part[]): Part {
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  return {
    size,
    write(target, at) {
      let here = at;
      for (const part of parts) {
        part.write(target, here);
        here += part.size;
      }
    },
  };
}

/** A field of type int64, int32, bool or enum. */
export function int(field: number, value: number): Part {
  return raw([...tag(field, VARINT), ...int64Bytes(value)]);
}

/** A repeated field of int64, packed, as proto3 writes it. */
export function ints(field: number, values: readonly number[]): Part {
  return nested(field, raw(values.flatMap(int64Bytes)));
}

/** A field of type float. */
export function float(field: number, value: number): Part {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return message([raw(tag(field, FIXED32)), raw(bytes)]);
}

/** A field of type string, in UTF-8. */
export function text(field: number, value: string): Part {
  return nested(field, raw(new TextEncoder().encode(value)));
}

/** A field that holds a message or bytes. */
export function nested(field: number, content: Part): Part {
  return message([raw([...tag(field, LENGTH), ...varintBytes(content.size)]), content]);
}

/** The bytes of a message. @throws RangeError if it is longer than readers accept */
export function encode(part: Part): Uint8Array<ArrayBuffer> {
  if (part.size > MAX_MESSAGE_BYTES) {
    throw new RangeError(`A message of ${part.size} bytes, at most ${MAX_MESSAGE_BYTES} are read`);
  }
  const bytes = new Uint8Array(part.size);
  part.write(bytes, 0);
  return bytes;
}
