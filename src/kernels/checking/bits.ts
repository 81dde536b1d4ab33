/** A short name for bits, so that outputs can be compared between variants, and between machines, without being kept. */

const rotated = (x: number, by: number) => (x << by) | (x >>> (32 - by));

/** One round of MurmurHash3 (Appleby 2011, public domain) per word. */
function mixed(words: Uint32Array, seed: number, factor: number): string {
  let hash = seed;
  for (const word of words) {
    hash ^= Math.imul(rotated(Math.imul(word, factor), 15), 0x1b873593);
    hash = (Math.imul(rotated(hash, 13), 5) + 0xe6546b64) | 0;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0).toString(16).padStart(8, '0');
}

function wordsOf(numbers: ArrayLike<number>): Uint32Array {
  if (numbers instanceof Float32Array || numbers instanceof Uint32Array)
    return new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length);
  return new Uint32Array(Float64Array.from(numbers).buffer);
}

/**
 * 16 hex digits that follow from the bits of numbers and their number. Two lists that differ in one bit have other digits, but for a
 * chance of about 2^-64. Not against forgery.
 */
export function fingerprint(numbers: ArrayLike<number>): string {
  const words = wordsOf(numbers);
  const { length } = words;
  return mixed(words, length, 0xcc9e2d51) + mixed(words, ~length, 0x9e3779b1);
}

/** One fingerprint of several. */
export function together(fingerprints: readonly string[]): string {
  return fingerprint(
    fingerprints.flatMap((one) => [
      Number.parseInt(one.slice(0, 8), 16),
      Number.parseInt(one.slice(8), 16),
    ]),
  );
}
