/** y[c, r] = x[r, c]. @param x [rows, columns] @returns [columns, rows] */
export function transpose(rows: number, columns: number, x: ArrayLike<number>): Float64Array {
  const y = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) y[c * rows + r] = x[r * columns + c];
  return y;
}
