/** Tar archives of strangers: their headers are walked and checked before the library reads them, because it believes every size. */
import { parseTar } from 'nanotar';

/** Bytes of a header, and of what file contents are filled up to. */
const BLOCK = 512;
const [SIZE_AT, SIZE_LENGTH] = [124, 12];

export type TarEntry = ReturnType<typeof parseTar>[number];

/** @throws Error in a few words for what is no tar archive, or one that is cut short */
export function readTar(bytes: Uint8Array): readonly TarEntry[] {
  if (bytes.length < BLOCK) throw new Error('it is no tar archive');
  let at = 0;
  while (at < bytes.length && bytes[at] !== 0) {
    if (at + BLOCK > bytes.length) throw new Error('it is cut short');
    const size = sizeAt(bytes, at + SIZE_AT);
    if (at + BLOCK + size > bytes.length) throw new Error('it is cut short');
    at += BLOCK * (1 + Math.ceil(size / BLOCK));
  }
  if (at > bytes.length) throw new Error('it is cut short');
  if (at === 0) throw new Error('it is no tar archive');
  // The library reads the whole buffer that a view is of.
  const whole = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
  return parseTar(whole);
}

/** A size in octal digits; a negative one would lead the library back to where it was, for ever. */
function sizeAt(bytes: Uint8Array, at: number): number {
  const text = new TextDecoder('latin1').decode(bytes.subarray(at, at + SIZE_LENGTH));
  const digits = /^ *([0-7]+)[ \0]*$/.exec(text)?.[1];
  if (digits === undefined) throw new Error('it is no tar archive');
  return Number.parseInt(digits, 8);
}
