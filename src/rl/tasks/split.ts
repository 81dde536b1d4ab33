/** Held-out questions by a fixed hash of what is asked, so that no seed and no setting can leak one into training. */
import { fnv1a } from '../random.ts';

/** One in this many multisets of numbers, or paths, is held out. */
export const HELD_OUT_ONE_IN = 5;

/** FNV-1a's low bits mix badly for short texts, hence the finaliser of MurmurHash3 (Appleby) after it. */
export function spreadHash(text: string): number {
  let hash = fnv1a(text);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The same text for the same multiset of numbers, in whatever order. */
export function multisetKey(numbers: readonly number[]): string {
  return numbers.toSorted((a, b) => a - b).join(',');
}

/** Whether what this text stands for is held out. */
export function heldOutText(text: string): boolean {
  return spreadHash(text) % HELD_OUT_ONE_IN === 0;
}

/** Whether the questions about this multiset of numbers are held out. The order of the numbers does not matter. */
export function heldOut(family: string, numbers: readonly number[]): boolean {
  return heldOutText(`${family}:${multisetKey(numbers)}`);
}
