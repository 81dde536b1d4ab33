/**
 * How much of the transfer reward comes from the answer and how much from the receiver's luck: the intraclass correlation ICC(1) of a
 * one-way random model (Shrout and Fleiss 1979), within questions, because GRPO only compares answers to one question.
 */

/** The tries on one answer, 0 or 1 each. */
export interface Tries {
  /** Answers to one question share a group. */
  readonly group: number;
  readonly outcomes: readonly number[];
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/**
 * (MSB - MSW) / (MSB + (k - 1) MSW), with MSB between the answers of a question, MSW between the k tries on an answer. 0 is luck alone,
 * 1 is no luck; chance can give values below 0. NaN where nothing varies, or nothing was tried twice.
 * @throws RangeError where answers were tried unequally often
 */
export function intraclassCorrelation(answers: readonly Tries[]): number {
  const tried = answers.filter(({ outcomes }) => outcomes.length >= 2);
  if (tried.length === 0) return Number.NaN;
  const k = tried[0].outcomes.length;
  if (tried.some(({ outcomes }) => outcomes.length !== k))
    throw new RangeError('answers were tried unequally often');
  const groups = new Map<number, number[]>();
  let within = 0;
  for (const { group, outcomes } of tried) {
    const own = mean(outcomes);
    groups.set(group, [...(groups.get(group) ?? []), own]);
    within += outcomes.reduce((sum, x) => sum + (x - own) ** 2, 0);
  }
  let between = 0;
  let freedom = 0;
  for (const means of groups.values()) {
    const centre = mean(means);
    between += k * means.reduce((sum, m) => sum + (m - centre) ** 2, 0);
    freedom += means.length - 1;
  }
  if (freedom === 0) return Number.NaN;
  const msb = between / freedom;
  const msw = within / (tried.length * (k - 1));
  return (msb - msw) / (msb + (k - 1) * msw);
}
