/** Files that were right once: bytes changed, lost, doubled or put in, as disks, editors and attackers do it. */
import fc from 'fast-check';

/** Bytes that structure JSON, lines and lists; numbers and what ends them. */
const TELLING = [...new TextEncoder().encode('0123456789,:"{}[]-.eE\\ \n\0tfnul')];

interface Edit {
  /** Where, as a share of the length. */
  readonly at: number;
  readonly kind: 'set' | 'delete' | 'insert' | 'repeat' | 'cut';
  readonly byte: number;
  readonly length: number;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  kind: fc.constantFrom('set', 'set', 'set', 'delete', 'insert', 'repeat', 'cut'),
  byte: fc.oneof(fc.nat(255), fc.constantFrom(...TELLING)),
  length: fc.integer({ min: 1, max: 40 }),
});

/** One to four edits of bytes. @param reach where they fall, as a share of the length from the start */
export function mutationsOf(valid: Uint8Array, reach = 1): fc.Arbitrary<Uint8Array> {
  return fc
    .array(edit, { minLength: 1, maxLength: 4 })
    .map((edits) => edits.reduce((bytes, one) => edited(bytes, one, reach), valid));
}

function edited(bytes: Uint8Array, { at, kind, byte, length }: Edit, reach: number): Uint8Array {
  const from = Math.floor(at * reach * bytes.length);
  const [before, after] = [bytes.subarray(0, from), bytes.subarray(from)];
  switch (kind) {
    case 'set':
      return joined(before, Uint8Array.of(byte), after.subarray(1));
    case 'delete':
      return joined(before, after.subarray(length));
    case 'insert':
      return joined(before, Uint8Array.of(byte), after);
    case 'repeat':
      return joined(before, after.subarray(0, length), after);
    case 'cut':
      return before.slice();
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
