/** How what verdicts paid came about, written out as a sum. */

/**
 * What verdicts paid on average: `(2 × 1 + 0.55 + 0) / 4 = 0.64`, the best paid first.
 * @param paid by each verdict
 */
export function meanSum(paid: readonly number[]): string {
  const mean = paid.reduce((sum, one) => sum + one, 0) / paid.length;
  const values = [...new Set(paid)].sort((a, b) => b - a);
  const parts = values.map((value) => {
    const times = paid.filter((one) => one === value).length;
    return times === 1 ? plain(value) : `${times} × ${plain(value)}`;
  });
  if (paid.length === 1) return plain(mean);
  return `(${parts.join(' + ')}) / ${paid.length} = ${mean.toFixed(2)}`;
}

/**
 * What verdicts pay by their probabilities: `0.31 + 0.25 × 0.55 = 0.45`, the naming that pays and the tie. It is the sum of the numbers as they are
 * printed, so that a reader who adds up comes to it.
 */
export function expectedSum(named: number, tie: number, tau: number): string {
  const [printedNamed, printedTie] = [named.toFixed(2), tie.toFixed(2)];
  const sum = Number(printedNamed) + tau * Number(printedTie);
  return `${printedNamed} + ${printedTie} × ${plain(tau)} = ${sum.toFixed(2)}`;
}

const plain = (value: number) => String(Number(value.toFixed(2)));
