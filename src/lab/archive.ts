/** Which of a growing list stay when not all can: all of the newest, and before them fewer with age. */

/**
 * At age `recent` x 2^k and above, only ordinals divisible by 2^(k+1) stay. What stays at an age has stayed at every lower age, so
 * nothing is ever missed.
 * @param ordinal counted from 0 and never used again
 * @param age how many came after it
 * @param recent how many of the newest all stay
 */
export function staysAtAge(ordinal: number, age: number, recent: number): boolean {
  if (age < recent) return true;
  const octave = Math.floor(Math.log2(age / recent));
  return ordinal % 2 ** (octave + 1) === 0;
}
