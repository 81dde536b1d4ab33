/**
 * Reads the Protocol Buffers wire format field by field, from untrusted bytes. Nothing is copied, every length is checked against the
 * bytes that remain, and every step moves forward, so reading always ends.
 */

/** Thrown if the bytes are not a message; says what is wrong in a few words. */
export class WireError extends Error {}

/** One field of a message: the value of a varint, or the bytes of a field with a length or a fixed size. */
export interface Field {
  readonly number: number;
  /** Null if the field is not a varint. */
  readonly value: number | null;
  /** Null if the field is a varint. */
  readonly bytes: Uint8Array | null;
}

/** How many more fields of a file, over all its messages, may be read: a file of empty fields takes a second for every few megabytes. */
export interface FieldBudget {
  left: number;
}

/** The fields of a message, in order. @throws WireError, also if the file's budget is used up */
export function* fieldsOf(bytes: Uint8Array, budget: FieldBudget): Iterable<Field> {
  const reader = new Reader(bytes);
  while (reader.at < bytes.length) {
    budget.left -= 1;
    if (budget.left < 0) throw new WireError('has more fields than any model');
    const tag = reader.varint();
    const number = Math.floor(tag / 8);
    const type = tag % 8;
    if (number < 1 || number >= 2 ** 29) throw new WireError('has a field without a number');
    if (type === 0) yield { number, value: reader.varint(), bytes: null };
    else if (type === 1) yield { number, value: null, bytes: reader.take(8) };
    else if (type === 2) yield { number, value: null, bytes: reader.take(reader.varint()) };
    else if (type === 5) yield { number, value: null, bytes: reader.take(4) };
    else throw new WireError(`has a field of the unknown wire type ${type}`);
  }
}

/** The first whole numbers of a repeated field, which may be packed; `most` at most. @throws WireError */
export function numbersOf({ value, bytes }: Field, most: number): number[] {
  if (value !== null) return [value];
  const reader = new Reader(bytes ?? new Uint8Array());
  const values: number[] = [];
  while (reader.at < reader.bytes.length && values.length < most) values.push(reader.varint());
  return values;
}

/** The text of a field, in UTF-8. @throws WireError */
export function textOf({ bytes }: Field): string {
  if (bytes === null) throw new WireError('has a number where a text belongs');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new WireError('has a text that is not UTF-8');
  }
}

/** The message in a field. @throws WireError */
export function messageOf({ bytes }: Field): Uint8Array {
  if (bytes === null) throw new WireError('has a number where a message belongs');
  return bytes;
}

/** The whole number in a field. @throws WireError */
export function numberOf({ value }: Field): number {
  if (value === null) throw new WireError('has something else where a number belongs');
  return value;
}

class Reader {
  readonly bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** An int64. Values beyond the safe integers are rounded, which does not matter here. */
  varint(): number {
    let value = 0n;
    for (let i = 0; i < 10; i++) {
      const byte = this.bytes[this.at + i];
      if (byte === undefined) throw new WireError('ends in the middle of a number');
      if (i < 4 && byte < 128) {
        // Four groups of seven bits fit in a 32-bit integer.
        let small = byte;
        for (let k = i - 1; k >= 0; k--) small = small * 128 + (this.bytes[this.at + k] & 127);
        this.at += i + 1;
        return small;
      }
      value |= BigInt(byte & 127) << BigInt(7 * i);
      if (byte < 128) {
        this.at += i + 1;
        return Number(BigInt.asIntN(64, value));
      }
    }
    throw new WireError('has a number of more than ten bytes');
  }

  take(length: number): Uint8Array {
    if (!(length >= 0 && length <= this.bytes.length - this.at)) {
      throw new WireError(`ends before ${length} bytes that it announces`);
    }
    const part = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return part;
  }
}
