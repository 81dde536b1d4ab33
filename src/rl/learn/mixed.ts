/**
 * Several losses in one update, such as those of a policy and of a critic that are one model in two roles. Each sees its own examples
 * alone, and so has its own divisor; the loss of the update is their weighted sum.
 */
import type { Example } from './example.ts';
import { flat, type Gradient, type Loss, type Scored } from './learn.ts';

/** A share of an update. */
export interface Part {
  readonly examples: readonly Example[];
  readonly loss: Loss;
  /** What the loss and its derivatives are multiplied with. */
  readonly weight: number;
}

export interface Mixed {
  /** All examples, part after part. Groups and pairs are numbered on from part to part. */
  readonly examples: readonly Example[];
  readonly loss: Loss;
  /** Gives rows, one per example, back to the parts: `Learned.logprobs`, for example. */
  split<T>(rows: readonly T[]): T[][];
}

/**
 * With minibatches, each part's loss sees its examples of the minibatch; a part that has none there adds nothing.
 * @throws RangeError for a weight that is not finite
 */
export function mixed(parts: readonly Part[]): Mixed {
  if (!parts.every(({ weight }) => Number.isFinite(weight)))
    throw new RangeError('the weight of a loss is not finite');
  let groups = 0;
  let pairs = 0;
  const examples = parts.flatMap(({ examples: own }, part) => {
    const moved = own.map((example) => ({
      ...{ ...example, part, group: groups + example.group },
      ...(example.pair !== undefined && { pair: pairs + example.pair }),
    }));
    for (const { group, pair = -1 } of moved) {
      groups = Math.max(groups, group + 1);
      pairs = Math.max(pairs, pair + 1);
    }
    return moved;
  });
  return {
    examples,
    loss: (update) => {
      const gradients = parts.map(({ loss }, part) => {
        const own = update.filter((example) => example.part === part);
        return own.length === 0 ? null : loss(own);
      });
      return (batch) => joined(batch, parts, gradients);
    },
    split: (rows) => parts.map((_, part) => rows.filter((_, i) => examples[i].part === part)),
  };
}

/** The losses of a micro-batch, each asked about its own tokens. */
function joined(
  batch: Scored,
  parts: readonly Part[],
  gradients: readonly (((part: Scored) => Gradient) | null)[],
): Gradient {
  const tokens = batch.spans.reduce((sum, { length }) => sum + length, 0);
  const sums: Partial<Record<(typeof COEFFICIENTS)[number], Float64Array>> = {};
  let loss = 0;
  parts.forEach(({ weight }, part) => {
    const { scored, places } = only(batch, part);
    const gradientOf = gradients[part];
    if (!gradientOf || scored.examples.length === 0) return;
    const gradient = gradientOf(scored);
    loss += weight * gradient.loss;
    for (const name of COEFFICIENTS) {
      const own = gradient[name];
      if (!own) continue;
      sums[name] ??= new Float64Array(tokens);
      const all = sums[name];
      places.forEach((place, t) => {
        all[place] = weight * own[t];
      });
    }
  });
  return { loss, ...sums };
}

const COEFFICIENTS = ['coefficients', 'entropyCoefficients', 'valueCoefficients'] as const;

/** What a micro-batch holds of one part, and where each of its tokens stands in the flat arrays of the whole. */
function only(batch: Scored, part: number): { scored: Scored; places: readonly number[] } {
  const examples: Example[] = [];
  const spans: { start: number; length: number }[] = [];
  const places: number[] = [];
  batch.examples.forEach((example, i) => {
    if (example.part !== part) return;
    const { start, length } = batch.spans[i];
    examples.push(example);
    spans.push({ start: places.length, length });
    for (let t = 0; t < length; t++) places.push(start + t);
  });
  // A learner without a token head gives no log-probs.
  const take = (row: ArrayLike<number>) =>
    row.length === 0 ? row : Float64Array.from(places, (place) => row[place]);
  const { logp, entropy, values } = batch;
  const scored = {
    ...{ examples, spans, logp: take(logp), entropy: take(entropy) },
    ...(values && { values: take(values) }),
    column: (name: string) => flat(examples, name),
  };
  return { scored, places };
}
