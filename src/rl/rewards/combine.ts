/**
 * From several terms to one number per completion: the weighted sum of what could be scored, and each term's mean and
 * standard deviation. The meaning follows the GRPOTrainer of TRL 1.13: a term that gives no value for a completion is left out of that
 * completion's sum and of its own mean and deviation, and the deviation is the sample one (n - 1), over the whole batch.
 */
import { BatonError } from '../../errors.ts';
import { randomStream } from '../random.ts';
import { permute } from './permute.ts';
import type { Completion, RewardContext, RewardTerm, TermScores } from './reward.ts';

/** A term with its name and its weight in the total. */
export interface WeightedTerm {
  readonly name: string;
  readonly weight: number;
  /** Whether its values are shuffled within each group before they are paid (permute.ts). Default false. */
  readonly permuted?: boolean;
  readonly term: RewardTerm;
}

/** The results of all terms for a batch of N completions. */
export interface CombinedRewards {
  /** N weighted sums. Null where no term with a weight could score the completion: leave it out of its group. */
  readonly totals: readonly (number | null)[];
  /**
   * N lists of weighted sums per completion token, over the terms that give token values; present where any does. Null
   * where none could score the completion.
   */
  readonly tokenTotals?: readonly (readonly number[] | null)[];
  /** Each term's result by name, in the experiment's order. Its values are those that were paid. */
  readonly terms: ReadonlyMap<string, TermScores>;
  /**
   * `rewards/<term>/mean`, `rewards/<term>/std` and the terms' own metrics, of what was measured, whether or not it was then permuted.
   * Null where nothing was.
   */
  readonly metrics: Readonly<Record<string, number | null>>;
}

/** Mean; null without values. */
export function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length;
}

/** Sample standard deviation (divisor n - 1); null below two values. */
export function stdOf(values: readonly number[]): number | null {
  const mean = meanOf(values);
  if (mean === null || values.length < 2) return null;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}

/** A reward that no term of the experiment gives, in the form of theirs. */
export function combinedAlone(name: string, scores: TermScores): CombinedRewards {
  const { values } = scores;
  const known = values.filter((value) => value !== null);
  return {
    totals: values,
    terms: new Map([[name, scores]]),
    metrics: { [`rewards/${name}/mean`]: meanOf(known), [`rewards/${name}/std`]: stdOf(known) },
  };
}

function broken(name: string, what: string): BatonError {
  return new BatonError({
    kind: 'Internal',
    message: `The reward term ${name} gave ${what}`,
    remedy: 'The run stopped at its last good step. Leave the term out, or report this.',
    field: 'rewards',
  });
}

/** Refuses wrong shapes and numbers that would silently spoil a run. */
function check(name: string, scores: TermScores, batch: readonly Completion[]): void {
  const { values, tokenValues, tokens = {}, used } = scores;
  const finite = (value: number | null) => value === null || Number.isFinite(value);
  if (values.length !== batch.length || used.length !== batch.length) {
    throw broken(name, `${values.length} values for ${batch.length} completions`);
  }
  if (!values.every(finite)) throw broken(name, 'a value that is not finite');
  for (const rows of [...(tokenValues ? [tokenValues] : []), ...Object.values(tokens)]) {
    const fits =
      rows.length === batch.length &&
      rows.every((row, i) => !row || row.length === batch[i].completionIds.length);
    if (!fits) throw broken(name, 'token values that do not fit the completions’ tokens');
    if (!rows.every((row) => row?.every(finite) ?? true)) {
      throw broken(name, 'a token value that is not finite');
    }
  }
}

/** Weighted sum for completion i; a term with weight 0 is only watched, so it cannot make a completion count as scored. */
function totalOf(terms: readonly WeightedTerm[], scores: readonly TermScores[], i: number) {
  let total: number | null = null;
  terms.forEach(({ weight }, k) => {
    const value = scores[k].values[i];
    if (weight !== 0 && value !== null) total = (total ?? 0) + weight * value;
  });
  return total;
}

/** The same per token, over the terms that have token values. */
function tokenTotalOf(terms: readonly WeightedTerm[], scores: readonly TermScores[], i: number) {
  let total: number[] | null = null;
  for (const [k, { weight }] of terms.entries()) {
    const tokens = scores[k].tokenValues?.[i];
    if (weight === 0 || !tokens) continue;
    const before: readonly number[] | null = total;
    total = tokens.map((value, t) => (before?.[t] ?? 0) + weight * value);
  }
  return total;
}

/**
 * Lets every term learn and score, in the term's own order (terms run concurrently), and adds the scores up.
 * @param context what the terms may use; each term has its own random numbers, keyed by `seed`, its name and the step.
 * @throws BatonError of the term that failed; nothing is scored then.
 */
export async function scoreBatch(
  terms: readonly WeightedTerm[],
  batch: readonly Completion[],
  context: Omit<RewardContext, 'random'> & { readonly seed: number },
): Promise<CombinedRewards> {
  const { seed, ...shared } = context;
  const metrics: Record<string, number | null> = {};
  const learned = new Map<string, Readonly<Record<string, number>>>();
  const measured = await Promise.all(
    terms.map(async ({ name, term }) => {
      const own: RewardContext = {
        ...shared,
        random: (...counters) => randomStream(seed, `reward/${name}`, shared.step, ...counters),
      };
      const learn = async () => {
        if (term.update) learned.set(name, await term.update(batch, own));
      };
      if (term.order !== 'score-first') await learn();
      const result = await term.score(batch, own);
      check(name, result, batch);
      if (term.order === 'score-first') await learn();
      return result;
    }),
  );
  const scores = terms.map(({ name, permuted }, k) =>
    permuted ? permute(name, measured[k], batch, context) : measured[k],
  );
  terms.forEach(({ name }, k) => {
    const scored = measured[k].values.filter((value) => value !== null);
    metrics[`rewards/${name}/mean`] = meanOf(scored);
    metrics[`rewards/${name}/std`] = stdOf(scored);
    for (const [key, value] of Object.entries({ ...learned.get(name), ...measured[k].metrics })) {
      metrics[`rewards/${name}/${key}`] = Number.isFinite(value) ? value : null;
    }
  });
  const anyTokens = terms.some(({ weight }, k) => weight !== 0 && scores[k].tokenValues);
  return {
    totals: batch.map((_, i) => totalOf(terms, scores, i)),
    ...(anyTokens && { tokenTotals: batch.map((_, i) => tokenTotalOf(terms, scores, i)) }),
    terms: new Map(terms.map(({ name }, k) => [name, scores[k]])),
    metrics,
  };
}
