/**
 * Draws a token from a row of logits as the GPU does, with the same noise: argmax_j (u_j + g_j) over the tokens that the filters
 * keep, with u = logits / temperature in f32 and g from Philox with the counter (position, block of four ids, uid, 0). Equal seeds
 * give equal tokens, unless two scores are equal within rounding. Nothing is allocated per token.
 * @see kernels/sample/sample.reference.ts, the definition, against which this is tested
 */
import { BatonError } from '../errors.ts';
import { philox4x32Into, type Words2 } from '../kernels/sample/philox.ts';
import { type SamplingSettings, usesFilters } from '../kernels/sample/sample.ts';

/** The largest possible noise: the smallest v is 2^-24. */
const MOST_NOISE = 24 * Math.LN2 + 1e-6;

/** -log(-log(1 - v)) with v in (0, 1) from the upper 23 bits. */
function gumbel(bits: number): number {
  return -Math.log(-Math.log1p(-((bits >>> 9) + 0.5) / 2 ** 23));
}

export class Sampler {
  readonly vocabulary: number;
  readonly #settings: SamplingSettings;
  readonly #key: Words2;
  readonly #inverse: number;
  /** Scaled logits, and the same sorted if a filter needs it. */
  readonly #u: Float32Array;
  readonly #sorted: Float32Array;
  readonly #words = new Uint32Array(4);
  /** Log-probability of the token drawn last, at the temperature, before the filters. */
  logprob = 0;

  constructor(vocabulary: number, settings: SamplingSettings, key: Words2) {
    this.vocabulary = vocabulary;
    this.#settings = settings;
    this.#key = key;
    this.#inverse = Math.fround(1 / settings.temperature);
    this.#u = new Float32Array(vocabulary);
    this.#sorted = new Float32Array(usesFilters(settings) ? vocabulary : 0);
  }

  /**
   * @param logits contains the row, starting at `at`
   * @param position the place in its sequence that the token will have, from 0
   * @returns the token; its log-probability is then in `logprob`
   * @throws NonFinite if the row has no distribution
   */
  draw(logits: Float32Array, at: number, position: number, uid: number): number {
    const u = this.#u;
    const inverse = this.#inverse;
    let top = Number.NEGATIVE_INFINITY;
    let likeliest = 0;
    for (let j = 0; j < u.length; j++) {
      const value = Math.fround(logits[at + j] * inverse);
      u[j] = value;
      if (value > top) {
        top = value;
        likeliest = j;
      }
    }
    let mass = 0;
    for (let j = 0; j < u.length; j++) mass += Math.exp(Math.max(u[j] - top, -80));
    if (!(mass > 0 && mass < Number.POSITIVE_INFINITY)) throw noDistribution();
    const chosen = this.#settings.greedy
      ? likeliest
      : this.#noisiest(likeliest, this.#least(top), position, uid);
    this.logprob = u[chosen] - top - Math.log(mass);
    return chosen;
  }

  /** The token of the highest score; a tie goes to the lower id. Noise is not drawn for blocks that cannot win. */
  #noisiest(likeliest: number, least: number, position: number, uid: number): number {
    const u = this.#u;
    const words = this.#words;
    const [k0, k1] = this.#key;
    let best = Number.NEGATIVE_INFINITY;
    let chosen = likeliest;
    const blocks = Math.ceil(u.length / 4);
    const first = likeliest >>> 2;
    // The block of the likeliest token comes first, so that most other blocks can be skipped.
    for (let turn = -1; turn < blocks; turn++) {
      if (turn === first) continue;
      const block = turn < 0 ? first : turn;
      const start = 4 * block;
      const end = Math.min(start + 4, u.length);
      let hope = Number.NEGATIVE_INFINITY;
      for (let j = start; j < end; j++) if (u[j] >= least && u[j] > hope) hope = u[j];
      if (hope + MOST_NOISE < best) continue;
      philox4x32Into(words, 0, position, block, uid, 0, k0, k1);
      for (let j = start; j < end; j++) {
        if (!(u[j] >= least)) continue;
        const score = u[j] + gumbel(words[j - start]);
        if (score > best || (score === best && j < chosen)) {
          best = score;
          chosen = j;
        }
      }
    }
    return chosen;
  }

  /** The smallest scaled logit that the filters keep; the likeliest token is always kept. */
  #least(top: number): number {
    const { topK, topP, minP } = this.#settings;
    if (!usesFilters(this.#settings)) return Number.NEGATIVE_INFINITY;
    const sorted = this.#sorted;
    sorted.set(this.#u);
    sorted.sort();
    const count = sorted.length;
    let least = topK > 0 && topK < count ? sorted[count - topK] : Number.NEGATIVE_INFINITY;
    if (topP < 1) {
      let total = 0;
      for (let i = count - 1; i >= 0 && sorted[i] >= least; i--) total += Math.exp(sorted[i] - top);
      let held = 0;
      let i = count;
      while (i > 0 && sorted[i - 1] >= least && held < topP * total) {
        i -= 1;
        held += Math.exp(sorted[i] - top);
      }
      least = sorted[Math.min(i, count - 1)];
    }
    if (minP > 0) least = Math.max(least, Math.fround(top + Math.fround(Math.log(minP))));
    return Math.min(least, top);
  }
}

function noDistribution(): BatonError {
  return new BatonError({
    kind: 'NonFinite',
    message: 'The receiver’s logits are not numbers',
    remedy: 'Nothing was scored. Choose another receiver, or check its weights.',
  });
}
