/** Adds planes [planeCount, count] to `base` [count], in float64. */
export function addPlanes(
  count: number,
  planes: ArrayLike<number>,
  base: ArrayLike<number>,
): Float64Array {
  const target = Float64Array.from(base);
  for (let i = 0; i < planes.length; i++) target[i % count] += planes[i];
  return target;
}
