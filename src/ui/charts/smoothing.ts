/**
 * Exponential moving average without the pull towards 0 at the start: m_t = f m_(t-1) + (1 - f) v_t, divided by
 * 1 - f^t, so that every value is a weighted mean of the values so far (the correction of Adam's moments; Kingma and Ba
 * 2015, section 3).
 *
 * Causal: value t depends on values 0..t only, so points that are drawn never move when data arrive. A NaN stays a NaN
 * and leaves the average as it was.
 *
 * @param factor 0 (no smoothing) to below 1.
 */
export function smooth(values: readonly number[], factor: number): readonly number[] {
  if (!(factor > 0)) return values;
  const out = new Array<number>(values.length);
  let sum = 0;
  let weight = 0;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i];
    if (Number.isFinite(value)) {
      sum = factor * sum + (1 - factor) * value;
      weight = factor * weight + (1 - factor);
      out[i] = sum / weight;
    } else {
      out[i] = Number.NaN;
    }
  }
  return out;
}
