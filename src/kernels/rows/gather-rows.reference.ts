/** y[i] = x[index[i]], zeros where the index is `none`. @param x [any, width] @returns [index, width] */
export function gatherRows(
  width: number,
  index: ArrayLike<number>,
  x: ArrayLike<number>,
  none: number,
): Float64Array {
  const y = new Float64Array(index.length * width);
  for (let i = 0; i < index.length; i++) {
    if (index[i] === none) continue;
    for (let c = 0; c < width; c++) y[i * width + c] = x[index[i] * width + c];
  }
  return y;
}
