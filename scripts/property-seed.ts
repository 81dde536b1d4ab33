/**
 * Property tests draw the same cases every time, so that a run that passed here passes elsewhere.
 * `BATON_PROPERTY_SEED=random npm run check` looks for new counterexamples.
 */
import fc from 'fast-check';

const asked = process.env.BATON_PROPERTY_SEED;
if (asked !== 'random') fc.configureGlobal({ seed: Number(asked ?? 20261120) });
