/** Numbers of the RARO study. */
import { evaluated, last, majAt } from '../lib/results.ts';

export const RARO = 'raro';
export const RLVR = 'rlvr';
export const SFT = 'sft';

export const accuracy = evaluated('test', (e) => e.accuracy);
export const maj16 = evaluated('test', majAt(16));

/** Over how many of the last steps a number of the game is meant. */
export const LATE = 20;
/** Of verdicts on different answers that name one. */
export const criticAccuracy = last('critic/accuracy', LATE);
export const tieRate = last('critic/tie_rate', LATE);
export const tiesOnIdentical = last('critic/tie_rate_identical', LATE);
export const orderBias = last('critic/order_bias', LATE);
export const unreadable = last('critic/unreadable', LATE);
