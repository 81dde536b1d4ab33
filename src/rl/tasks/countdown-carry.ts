/** Countdown solutions by an expert who forgets to carry. */
import { sumWithoutCarry } from './carry.ts';
import { MOST_COUNTDOWN_NUMBERS, readSteps } from './countdown-steps.ts';
import { combine, equal, type Ratio, whole, write } from './ratio.ts';

/**
 * The same steps, in which some sums have lost their carries and later steps go on from there. The solution itself where a later step then has
 * no result that the form allows.
 * @param forgets asked once a step, whether a carry is forgotten there
 */
export function withoutCarries(solution: string, forgets: () => boolean, fractions: boolean) {
  /** Results that wait to be used: what they should be, and what was written. */
  const made: { readonly right: Ratio; readonly written: Ratio }[] = [];
  const operand = (value: Ratio): Ratio => {
    const at = made.findLastIndex(({ right }) => equal(right, value));
    return at < 0 ? value : made.splice(at, 1)[0].written;
  };
  const texts: string[] = [];
  for (const { op, left: l, right: r, result } of readSteps(solution, MOST_COUNTDOWN_NUMBERS) ??
    []) {
    const [left, right] = [operand(l), operand(r)];
    const lost = forgets() && op === '+' && left.d === 1 && right.d === 1;
    const written = lost ? whole(sumWithoutCarry([left.n, right.n])) : combine(op, left, right);
    if (written === null || (written.d !== 1 && !fractions)) return solution;
    made.push({ right: result, written });
    texts.push(`${write(left)}${op}${write(right)}=${write(written)}`);
  }
  return texts.join(',');
}
