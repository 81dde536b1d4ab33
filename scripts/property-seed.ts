/**
 * Property tests draw the same cases every time, so that what passes here passes elsewhere.
 * `BATON_PROPERTY_SEED=random npm run check` searches for new counterexamples.
 */
import fc from 'fast-check';

const asked = process.env.BATON_PROPERTY_SEED;
if (asked !== 'random') fc.configureGlobal({ seed: Number(asked ?? 20261120) });
