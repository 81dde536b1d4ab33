import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatonError } from '../errors.ts';
import { fuzz } from '../testing/fuzz.ts';
import {
  decodeTensor,
  type FloatTensor,
  parseSafetensors,
  SAFETENSORS_LIMITS,
  type SafetensorsFile,
  type StoredTensor,
  writeSafetensors,
} from './safetensors.ts';

/** A file from the text of its header and its data bytes. */
function file(header: string, data: Uint8Array | number = 0): Uint8Array {
  const text = new TextEncoder().encode(header);
  const body = typeof data === 'number' ? new Uint8Array(data) : data;
  const out = new Uint8Array(8 + text.length + body.length);
  new DataView(out.buffer).setUint32(0, text.length, true);
  out.set(text, 8);
  out.set(body, 8 + text.length);
  return out;
}

const entry = (begin: number, end: number, shape: unknown = [(end - begin) / 4], dtype = 'F32') =>
  JSON.stringify({ dtype, shape, data_offsets: [begin, end] });

function failure(bytes: Uint8Array): BatonError {
  try {
    parseSafetensors(bytes);
  } catch (error) {
    if (error instanceof BatonError) return error;
    throw error;
  }
  throw new Error('the file was accepted');
}

/** A parsed file's tensor; the test fails where it is absent. */
function tensor(parsed: SafetensorsFile, name: string): StoredTensor {
  const found = parsed.tensors.get(name);
  if (!found) throw new Error(`no tensor ${name}`);
  return found;
}

const tensorList = fc.uniqueArray(
  fc.record({
    name: fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom('__proto__', 'constructor', '1', 'a"b\\', 'é\u0000'),
    ),
    shape: fc.array(fc.nat(4), { maxLength: 4 }),
    seed: fc.nat(),
  }),
  { selector: ({ name }) => name, maxLength: 6 },
);

const tensors: fc.Arbitrary<FloatTensor[]> = tensorList.map((list) =>
  list
    .filter(({ name }) => name !== '__metadata__')
    .map(({ name, shape, seed }) => {
      const size = shape.reduce((a, b) => a * b, 1);
      return {
        name,
        shape,
        data: Float32Array.from({ length: size }, (_, i) => Math.sin(seed + i)),
      };
    }),
);

describe('parseSafetensors', () => {
  it('reads back what writeSafetensors wrote, whatever names and shapes, from any address', () => {
    fc.assert(
      fc.property(tensors, fc.nat(7), (list, shift) => {
        const bytes = writeSafetensors(list);
        expect(bytes).toEqual(writeSafetensors(list));
        const moved = new Uint8Array(bytes.length + shift);
        moved.set(bytes, shift);
        const parsed = parseSafetensors(moved.subarray(shift));
        expect(parsed.metadata).toEqual(new Map([['format', 'pt']]));
        expect(new Set(parsed.tensors.keys())).toEqual(new Set(list.map((t) => t.name)));
        for (const { name, shape, data } of list) {
          const stored = tensor(parsed, name);
          const out = new Float32Array(stored.size);
          decodeTensor(stored, out);
          expect([name, stored.shape, out]).toEqual([name, shape, data]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('starts the data at a multiple of 8', () => {
    for (const name of ['a', 'ab', 'abc', 'abcd', 'abcde']) {
      const bytes = writeSafetensors([{ name, shape: [1], data: new Float32Array([1.5]) }]);
      expect(tensor(parseSafetensors(bytes), name).bytes.byteOffset % 8).toBe(0);
    }
  });

  it('answers any mutation with sound tensors or BadFile, never with another error', async () => {
    const list = ['a', 'b.weight', '__proto__'].map((name, i) => {
      return { name, shape: [2, i + 1], data: new Float32Array(2 * i + 2).fill(i) };
    });
    const valid = writeSafetensors(list);
    const headerEnd = 8 + new DataView(valid.buffer).getUint32(0, true);
    const edit = fc.record({
      at: fc.oneof(fc.nat(headerEnd - 1), fc.nat(valid.length - 1)),
      kind: fc.constantFrom('set', 'delete', 'insert', 'repeat'),
      byte: fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('0123456789,:"{}[]-.e\\ '))),
    });
    let accepted = 0;
    let refused = 0;
    await fuzz(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        const bytes = [...valid];
        for (const { at, kind, byte } of edits) {
          if (kind === 'set') bytes[at] = byte;
          else if (kind === 'delete') bytes.splice(at, 1);
          else if (kind === 'insert') bytes.splice(at, 0, byte);
          else bytes.splice(at, 0, ...bytes.slice(at, at + 20));
        }
        const mutated = Uint8Array.from(bytes);
        try {
          const parsed = parseSafetensors(mutated);
          let total = 0;
          for (const { shape, size, dtype, bytes: part } of parsed.tensors.values()) {
            expect(shape.reduce((a, b) => a * b, 1)).toBe(size);
            expect(part.length % Math.max(size, 1)).toBe(0);
            if (dtype === 'F32') expect(part.length).toBe(4 * size);
            total += part.length;
          }
          const dataStart = 8 + new DataView(mutated.buffer).getUint32(0, true);
          expect(total).toBe(mutated.length - dataStart);
          accepted++;
        } catch (error) {
          if (!(error instanceof BatonError)) throw error;
          expect(error.kind).toBe('BadFile');
          refused++;
        }
      }),
      { numRuns: 2000 },
    );
    // The mutations are neither all harmless nor all fatal, so both branches were really tried.
    expect(accepted).toBeGreaterThan(20);
    expect(refused).toBeGreaterThan(500);
  });

  it('answers any bytes with BadFile', async () => {
    await fuzz(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(failure(bytes).kind).toBe('BadFile');
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ['an empty file', new Uint8Array(0), 'fewer than'],
    ['a header longer than the file', file('{}').slice(0, 9), 'after the file'],
    ['a huge header length', new Uint8Array(16).fill(255), 'longer than'],
    ['a header that is a list', file('[]'), 'start with {'],
    ['a header that is no JSON', file('{"a":'), 'not valid JSON'],
    ['a header that is no UTF-8', file('{"é":1}').map((b) => (b === 0xa9 ? 0xff : b)), 'UTF-8'],
    ['a byte order mark', file('\ufeff{}'), 'start with {'],
    ['two tensors of one name', file(`{"a":${entry(0, 4)},"a":${entry(4, 8)}}`, 8), 'twice'],
    [
      'one name in two spellings',
      file(`{"a":${entry(0, 4)},"\\u0061" :${entry(4, 8)}}`, 8),
      'twice',
    ],
    ['a key twice in an entry', file('{"a":{"dtype":"F32","shape":[1],"shape":[2]}}', 8), 'twice'],
    ['an entry that is no object', file('{"a":7}'), 'not an object'],
    ['an unknown key', file('{"a":{"dtype":"F32","x":1}}'), 'unknown key'],
    ['an unknown dtype', file(`{"a":${entry(0, 4, [1], 'F4')}}`, 4), 'dtype'],
    ['a dtype of the prototype', file(`{"a":${entry(0, 4, [1], 'constructor')}}`, 4), 'dtype'],
    ['a negative dimension', file(`{"a":${entry(0, 4, [-1])}}`, 4), 'shape'],
    ['nine dimensions', file(`{"a":${entry(0, 4, Array(9).fill(1))}}`, 4), 'shape'],
    [
      'a product that overflows',
      file(`{"a":${entry(0, 4, Array(8).fill(2 ** 31 - 1))}}`, 4),
      'needs',
    ],
    [
      'offsets beyond 2^53',
      file('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,1e300]}}', 4),
      'data_offsets',
    ],
    ['offsets that run backwards', file(`{"a":${entry(4, 0, [0])}}`, 4), 'data_offsets'],
    ['a shape larger than its bytes', file(`{"a":${entry(0, 4, [1000000])}}`, 4), 'needs'],
    ['an overlap', file(`{"a":${entry(0, 8)},"b":${entry(4, 12)}}`, 12), 'overlaps'],
    ['a hole', file(`{"a":${entry(0, 4)},"b":${entry(8, 12)}}`, 12), 'hole'],
    ['bytes after the last tensor', file(`{"a":${entry(0, 4)}}`, 9), 'after its last'],
    ['metadata that is not text', file('{"__metadata__":{"a":1}}'), 'not text'],
  ])('refuses %s', (_, bytes, reason) => {
    const error = failure(bytes);
    expect(error.kind).toBe('BadFile');
    expect(error.message).toContain(reason);
  });

  it('refuses too many tensors', () => {
    const names = Array.from({ length: SAFETENSORS_LIMITS.tensors + 1 }, (_, i) => `"${i}"`);
    const header = `{${names.map((name) => `${name}:${entry(0, 0)}`).join(',')}}`;
    expect(failure(file(header)).message).toContain('at most 4096');
  });

  it('reads F16 and BF16 as f32, and refuses to read integers as weights', () => {
    const data = new Uint8Array([0x00, 0x3e, 0xc0, 0x3f, 1, 0]);
    const two = (begin: number, dtype: string) => entry(begin, begin + 2, [1], dtype);
    const header = `{"h":${two(0, 'F16')},"b":${two(2, 'BF16')},"i":${two(4, 'I16')}}`;
    const parsed = parseSafetensors(file(header, data));
    const out = new Float32Array(1);
    for (const name of ['h', 'b']) {
      decodeTensor(tensor(parsed, name), out);
      expect(out[0]).toBe(1.5);
    }
    expect(() => decodeTensor(tensor(parsed, 'i'), out)).toThrow(/I16/);
  });
});
