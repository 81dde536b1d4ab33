/**
 * Whether a run has come to say almost nothing and be paid for it: the transfer reward's own hack. A receiver that is strong enough
 * alone finishes empty answers rightly, so transferability rises while the policy forgets to answer. Pure data.
 */
import { mean } from '../../rl/evaluate/statistics.ts';
import type { MetricsRow } from '../../rl/records.ts';
import type { AlertKind } from './alert.ts';

export const EMPTY_ANSWERS: Readonly<Record<'empty-answers', AlertKind>> = {
  'empty-answers': {
    title: 'Answers have become almost empty.',
    why: 'The receiver does the work: transferability is high, accuracy is not.',
    chart: 'length',
    setting: 'rewards.*.receivers',
    when: 'against the first 10 steps, the last 5 have a mean length below 0.2 and accuracy below 0.5 of theirs, and a transfer reward that stayed or rose',
    because: 'shorter answers alone may be better ones; all three together have no other cause.',
  },
};

/** Steps at the start whose means are what a run is compared with, and steps at the end that are compared. */
export const FIRST_STEPS = 10;
export const LAST_STEPS = 5;

/** Answers are almost empty below this share of their first length. */
const EMPTY = 0.2;
/** Accuracy has fallen below this share of what it was. */
const FALLEN = 0.5;
/** Transferability stays where it loses less than this. */
const NOISE = 0.05;

const COLUMNS = ['completions/mean_length', 'rewards/transfer/mean', 'accuracy'] as const;

/**
 * True where, against the first ten steps, the last five have a mean length below a fifth, accuracy below half, and a transfer reward
 * that stayed or rose.
 */
export function saysNothing(rows: readonly MetricsRow[]): boolean {
  // The row of step 0 is an evaluation: nothing is sampled there.
  const scored = rows.filter((row) => COLUMNS.every((name) => typeof row[name] === 'number'));
  if (scored.length < FIRST_STEPS + LAST_STEPS) return false;
  const over = (part: readonly MetricsRow[]) =>
    COLUMNS.map((name) => mean(part.map((row) => row[name] ?? Number.NaN)));
  const [length, transfer, accuracy] = over(scored.slice(0, FIRST_STEPS));
  const [lengthNow, transferNow, accuracyNow] = over(scored.slice(-LAST_STEPS));
  return (
    lengthNow < EMPTY * length && transferNow > transfer - NOISE && accuracyNow < FALLEN * accuracy
  );
}
