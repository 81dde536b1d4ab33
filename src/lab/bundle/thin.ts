/** A run's samples, thinned: all groups of a few steps that lie evenly over the run. */

/**
 * @param lines of samples.jsonl
 * @param most steps that keep theirs; the first and the last logged step are always among them
 */
export function thinSamples(lines: readonly string[], most: number): string[] {
  const stepOf = lines.map((line) => (JSON.parse(line) as { readonly step: number }).step);
  const steps = [...new Set(stepOf)];
  if (steps.length <= most) return [...lines];
  const last = steps.length - 1;
  const kept = new Set(
    Array.from({ length: most }, (_, i) => steps[Math.round((i * last) / Math.max(1, most - 1))]),
  );
  return lines.filter((_, i) => kept.has(stepOf[i]));
}
