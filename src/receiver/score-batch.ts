/**
 * Scores texts: one pass of the decoder over whole sequences, without sampling. Shorter rows are padded on the right, where a causal
 * model does not look. So the mask is all ones, and it does not matter whether a decoder counts positions itself. What a pass gives is read in
 * two ways: as how likely each token is, or, of a reward model, as its one number at each token.
 */
import { BatonError } from '../errors.ts';
import { Breath } from './decode-batch.ts';
import type { Decoder } from './decoder.ts';

/** Prompts and their completions. */
export interface ReadRequest {
  /** Token sequences before the completions, none empty. */
  readonly prompts: readonly (readonly number[])[];
  /** One for each prompt; an empty one has nothing to score. */
  readonly completions: readonly (readonly number[])[];
  readonly signal?: AbortSignal;
}

/** Prompts and their completions, to be scored. */
export interface ScoreRequest extends ReadRequest {
  readonly temperature: number;
}

/** Something that can score given text. */
export interface Scorer {
  /**
   * Log-probability of every completion token given the tokens before it, in nats, at the temperature: one list for each prompt.
   * @throws Cancelled when the signal fires; RangeError if a prompt and its completion exceed the positions; NonFinite
   */
  logprobs(request: ScoreRequest): Promise<number[][]>;
}

/** The most logits that a pass returns, and the most rows of a pass. */
const MOST_LOGITS = 2 ** 22;
const ROWS = 32;

/** @returns log-probs in the order of the request */
export function scoreBatches(
  decoder: Decoder,
  { temperature, ...request }: ScoreRequest,
): Promise<number[][]> {
  const { vocabulary } = decoder;
  return passes(decoder, request, (logits, place, token) =>
    // A token is predicted at the place before it.
    logprobOf(logits, (place - 1) * vocabulary, vocabulary, { temperature, token }),
  );
}

/**
 * What a model with one output says at each completion token, at the token itself.
 * @returns numbers in the order of the request
 * @throws NonFinite
 */
export function valueBatches(decoder: Decoder, request: ReadRequest): Promise<number[][]> {
  return passes(decoder, request, (logits, place) => {
    if (!Number.isFinite(logits[place])) throw noNumbers();
    return logits[place];
  });
}

/** @param of the number of a completion token, from the logits of the pass and the token's place in them */
async function passes(
  decoder: Decoder,
  { prompts, completions, signal }: ReadRequest,
  of: (logits: Float32Array, place: number, token: number) => number,
): Promise<number[][]> {
  const out = completions.map((): number[] => []);
  const order = completions
    .flatMap((completion, i) => (completion.length > 0 ? [i] : []))
    .sort((a, b) => lengthOf(a) - lengthOf(b));
  function lengthOf(i: number): number {
    return prompts[i].length + completions[i].length;
  }
  const breath = new Breath();
  try {
    for (let first = 0; first < order.length; ) {
      let end = first + 1;
      const fits = (to: number) =>
        (to + 1 - first) * lengthOf(order[to]) * decoder.vocabulary <= MOST_LOGITS;
      while (end < order.length && end - first < ROWS && fits(end)) end += 1;
      const rows = order.slice(first, end);
      await breath.take(signal);
      const sequences = rows.map((i) => [...prompts[i], ...completions[i]]);
      const { logits, places } = await forward(decoder, sequences);
      rows.forEach((i, row) => {
        const begin = row * places + prompts[i].length;
        out[i] = completions[i].map((token, t) => of(logits, begin + t, token));
      });
      first = end;
    }
  } finally {
    breath.end();
  }
  return out;
}

/** Logits [rows, places, vocabulary] of whole sequences. The last token of the longest is fed too, although its logits are not used. */
async function forward(decoder: Decoder, sequences: readonly (readonly number[])[]) {
  const rows = sequences.length;
  const count = sequences.reduce((most, ids) => Math.max(most, ids.length), 0);
  const ids = new BigInt64Array(rows * count);
  const positions = new BigInt64Array(rows * count);
  sequences.forEach((sequence, row) => {
    for (let i = 0; i < count; i++) {
      ids[row * count + i] = BigInt(sequence[i] ?? 0);
      positions[row * count + i] = BigInt(i);
    }
  });
  const mask = new BigInt64Array(rows * count).fill(1n);
  const { logits, places, cache } = await decoder.run(
    { rows, count, ids, positions, mask },
    decoder.nothing(rows),
  );
  for (const tensor of cache.tensors) tensor.dispose();
  if (logits === null || places !== count) throw new RangeError(`${places} places of ${count}`);
  return { logits, places };
}

/** log softmax(logits / temperature) at one token, rounded as the sampler does. @throws NonFinite */
function logprobOf(
  logits: Float32Array,
  at: number,
  vocabulary: number,
  { temperature, token }: { readonly temperature: number; readonly token: number },
): number {
  const inverse = Math.fround(1 / temperature);
  const scaled = (j: number) => Math.fround(logits[at + j] * inverse);
  let top = Number.NEGATIVE_INFINITY;
  for (let j = 0; j < vocabulary; j++) top = Math.max(top, scaled(j));
  let mass = 0;
  for (let j = 0; j < vocabulary; j++) mass += Math.exp(Math.max(scaled(j) - top, -80));
  const value = scaled(token) - top - Math.log(mass);
  if (!Number.isFinite(value)) throw noNumbers();
  return value;
}

function noNumbers(): BatonError {
  return new BatonError({
    kind: 'NonFinite',
    message: 'The model’s logits are not numbers',
    remedy: 'Nothing was scored. Choose another model, or check its weights.',
  });
}
