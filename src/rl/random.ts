/**
 * Random numbers of the CPU side: shuffles, tasks, bootstraps. Every stream is a pure function of (seed, stream name,
 * counters), so nothing depends on what other parts drew before, and a resumed run gets the same numbers.
 *
 * Mapping, so that it can be rebuilt elsewhere (and is shared with the sampler on the GPU through `streamKey`):
 * - key = first two words of philox4x32(counter = [seed mod 2^32, floor(seed / 2^32), s, kind], key = [0x6261746f, 0x6e000000]);
 *   a stream that is a name has kind 0 and s = FNV-1a (32 bits) of its UTF-8 bytes, a number has kind 1 and s = that number.
 * - block b of the stream = philox4x32(counter = [c0, c1, c2, b], key), where c0..c2 are the counters given (0 where absent).
 * - a draw takes two words (high, low) in order: ((high >> 5) * 2^26 + (low >> 6)), an integer of 53 bits.
 */
import { badConfig } from '../errors.ts';
import { philox4x32, philox4x32Into, type Words2 } from '../kernels/sample/philox.ts';

/** ASCII "bato", "n": a constant that sets these keys apart from other uses of the generator. */
const DERIVATION_KEY: Words2 = [0x6261746f, 0x6e000000];
const TWO_32 = 2 ** 32;
const TWO_53 = 2 ** 53;

const UTF8 = new TextEncoder();

/** FNV-1a, 32 bits, of the UTF-8 bytes of a text (Fowler, Noll, Vo; draft-eastlake-fnv). */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of UTF8.encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** Words of the names that were asked for: a task draws thousands of questions from a few streams. */
const wordsOfNames = new Map<string, number>();
const MOST_NAMES = 256;

function wordOfName(name: string): number {
  const known = wordsOfNames.get(name);
  if (known !== undefined) return known;
  if (wordsOfNames.size >= MOST_NAMES) wordsOfNames.clear();
  const word = fnv1a(name);
  wordsOfNames.set(name, word);
  return word;
}

/**
 * The two key words of a stream. Distinct (seed, stream) pairs give distinct keys up to the chance of a 64-bit collision
 * (and of 32 bits between two names).
 * @throws BatonError BadConfig when the seed is not a non-negative safe integer or a numbered stream is not a 32-bit word.
 */
export function streamKey(seed: number, stream: string | number): Words2 {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw badConfig('seed', 'The seed must be a whole number from 0 to 9007199254740991');
  }
  const named = typeof stream === 'string';
  const word = named ? wordOfName(stream) : checkWord('stream', stream);
  const counter = [seed % TWO_32, Math.floor(seed / TWO_32), word, named ? 0 : 1] as const;
  const [k0, k1] = philox4x32(counter, DERIVATION_KEY);
  return [k0, k1];
}

/**
 * A stream of random numbers, for example `randomStream(seed, 'task/train', step, question)`.
 * @param counters up to three 32-bit words; different counters give independent streams.
 */
export function randomStream(
  seed: number,
  stream: string | number,
  ...counters: readonly number[]
): RandomStream {
  return new RandomStream(streamKey(seed, stream), counters);
}

/** Draws in order from one stream; the only state is how many were drawn. Make it with `randomStream`. */
export class RandomStream {
  readonly #key: Words2;
  readonly #counters: Words3;
  readonly #block = new Uint32Array(4);
  #nextBlock = 0;
  /** Words of the current block already used. */
  #used = 4;

  constructor(key: Words2, counters: readonly number[] = []) {
    if (counters.length > 3) throw badConfig('counters', 'A stream has at most three counters');
    const [c0 = 0, c1 = 0, c2 = 0] = counters.map((counter) => checkWord('counters', counter));
    this.#key = key;
    this.#counters = [c0, c1, c2];
  }

  /** A float64 in [0, 1), a multiple of 2^-53. */
  uniform(): number {
    return this.#bits53() / TWO_53;
  }

  /** A whole number in [0, n), each exactly equally likely (by rejection). @throws RangeError unless 1 <= n <= 2^53 - 1. */
  below(n: number): number {
    if (!Number.isSafeInteger(n) || n < 1) throw new RangeError(`below(${n}): n must be 1 or more`);
    const limit = TWO_53 - (TWO_53 % n);
    let bits = this.#bits53();
    while (bits >= limit) bits = this.#bits53();
    return bits % n;
  }

  /** One of the items. @throws RangeError when there is none. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)];
  }

  /** A copy in random order (Fisher and Yates, from the end); the argument is left alone. */
  shuffle<T>(items: readonly T[]): T[] {
    const out = [...items];
    for (let last = out.length - 1; last > 0; last--) {
      const other = this.below(last + 1);
      [out[last], out[other]] = [out[other], out[last]];
    }
    return out;
  }

  /**
   * A draw from the standard normal distribution, by Box and Muller's cosine; always takes two uniforms.
   * Equal on every machine up to the last bits of the engine's log and cos.
   */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  #bits53(): number {
    if (this.#used === 4) {
      const [c0, c1, c2] = this.#counters;
      philox4x32Into(this.#block, 0, c0, c1, c2, this.#nextBlock, this.#key[0], this.#key[1]);
      this.#nextBlock++;
      this.#used = 0;
    }
    const high = this.#block[this.#used] >>> 5;
    const low = this.#block[this.#used + 1] >>> 6;
    this.#used += 2;
    return high * 2 ** 26 + low;
  }
}

type Words3 = readonly [number, number, number];

function checkWord(field: string, value: number): number {
  if (!Number.isInteger(value) || value < 0 || value >= TWO_32) {
    throw badConfig(field, `${value} is not a whole number from 0 to 4294967295`);
  }
  return value;
}
