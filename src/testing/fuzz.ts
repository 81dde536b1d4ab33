/**
 * Tries a property twice: on cases that are the same everywhere, and on new ones, whose seed is printed. A counterexample to the second
 * comes back with `BATON_PROPERTY_SEED=<seed>`, and belongs into the test as a case of its own.
 */
import fc from 'fast-check';

const FIXED = 20261120;

/** @throws where the property does not hold, with the seed and the smallest case found */
export async function fuzz<T>(
  property: fc.IProperty<T> | fc.IAsyncProperty<T>,
  options: { readonly numRuns: number },
): Promise<void> {
  await fc.assert(property, { ...options, seed: FIXED });
  await fc.assert(property, { ...options, seed: printedSeed() });
}

/** The first and the last of the numbers 1 to `total`, and about `some` between them, drawn with a seed that is printed; all where there are few. */
export function someOf(total: number, some: number): number[] {
  const all = Array.from({ length: total }, (_, i) => i + 1);
  if (total <= some + 2) return all;
  const drawn = fc.sample(fc.integer({ min: 2, max: total - 1 }), {
    ...{ numRuns: some, seed: printedSeed() },
  });
  return all.filter((n) => n === 1 || n === total || drawn.includes(n));
}

/** A new seed, or the one that was asked for. */
function printedSeed(): number {
  const asked = Number(process.env.BATON_PROPERTY_SEED);
  const seed = Number.isSafeInteger(asked) && asked > 0 ? asked : Date.now() % 2 ** 31;
  console.log(`BATON_PROPERTY_SEED=${seed} draws these cases again`);
  return seed;
}
