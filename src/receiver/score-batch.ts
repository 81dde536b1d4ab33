/**
 * Scores texts: one pass of the decoder over whole sequences, without sampling. Shorter rows are padded on the right, where a causal
 * model does not look. So the mask is all ones, and it does not matter whether a decoder counts positions itself.
 */
import { BatonError } from '../errors.ts';
import { Breath } from './decode-batch.ts';
import type { Decoder } from './decoder.ts';

/** Prompts and their completions, to be scored. */
export interface ScoreRequest {
  /** Token sequences before the completions, none empty. */
  readonly prompts: readonly (readonly number[])[];
  /** One for each prompt; an empty one has nothing to score. */
  readonly completions: readonly (readonly number[])[];
  readonly temperature: number;
  readonly signal?: AbortSignal;
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
export async function scoreBatches(
  decoder: Decoder,
  { prompts, completions, temperature, signal }: ScoreRequest,
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
        out[i] = completions[i].map((token, t) => {
          const place = row * places + prompts[i].length + t - 1;
          return logprobOf(logits, place * decoder.vocabulary, decoder.vocabulary, {
            temperature,
            token,
          });
        });
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
  if (!Number.isFinite(value)) {
    throw new BatonError({
      kind: 'NonFinite',
      message: 'The model’s logits are not numbers',
      remedy: 'Nothing was scored. Choose another model, or check its weights.',
    });
  }
  return value;
}
