/** Token embedding in float64: x[row] = table[id[row]], and backwards dtable[id] = sum of dx over the rows of id. */
type Numbers = ArrayLike<number>;

/** @param table [vocabulary, width] @returns [ids, width] */
export function embeddingForward(width: number, ids: Numbers, table: Numbers): Float64Array {
  return Float64Array.from(
    { length: ids.length * width },
    (_, i) => table[ids[Math.floor(i / width)] * width + (i % width)],
  );
}

/** Adds the gradient of the first `ids.length` rows of dx to a copy of `before` [vocabulary, width]. */
export function embeddingBackward(
  width: number,
  ids: Numbers,
  dx: Numbers,
  before: Numbers,
): Float64Array {
  const dTable = Float64Array.from(before);
  for (let row = 0; row < ids.length; row++) {
    for (let c = 0; c < width; c++) dTable[ids[row] * width + c] += dx[row * width + c];
  }
  return dTable;
}
