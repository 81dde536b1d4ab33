/** Numbers of the RARO study. */
import { early, evaluated, late, majAt } from '../lib/results.ts';

export const RARO = 'raro';
export const RLVR = 'rlvr';
export const SFT = 'sft';

export const accuracy = evaluated('test', (e) => e.accuracy);
export const maj16 = evaluated('test', majAt(16));

/** Over how many of the last steps a number of the game is meant. */
export const LATE = 20;
/** Over how many of the first steps. */
export const FIRST = 2;
/** Of verdicts on different answers that name one. */
export const criticAtFirst = early('critic/accuracy', FIRST);
export const criticAccuracy = late('critic/accuracy', LATE);
export const tieRate = late('critic/tie_rate', LATE);
export const tiesOnIdentical = late('critic/tie_rate_identical', LATE);
export const orderBias = late('critic/order_bias', LATE);
export const unreadable = late('critic/unreadable', LATE);
