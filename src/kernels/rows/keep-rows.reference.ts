/** y with y[slot of i] = x[i] for every row i that has a slot. @param x [slots.length, width] @param y [any, width], which is copied */
export function keepRows(
  width: number,
  slots: ArrayLike<number>,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
): Float64Array {
  const kept = Float64Array.from(y);
  for (let i = 0; i < slots.length; i++) {
    if (slots[i] * width >= y.length) continue;
    for (let c = 0; c < width; c++) kept[slots[i] * width + c] = x[i * width + c];
  }
  return kept;
}
