/** Imported first by a test, for its effect: the experiment's schema then knows the task `praise`, which has no verifier. */
import { addPraise } from './testing.ts';

addPraise();
