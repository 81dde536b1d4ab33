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
  const asked = Number(process.env.BATON_PROPERTY_SEED);
  const seed = Number.isSafeInteger(asked) && asked > 0 ? asked : Date.now() % 2 ** 31;
  await fc.assert(property, { ...options, seed: FIXED });
  console.log(`BATON_PROPERTY_SEED=${seed} draws these cases again`);
  await fc.assert(property, { ...options, seed });
}
