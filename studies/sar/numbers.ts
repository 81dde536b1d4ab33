/** Arms and numbers that the parts of the study share. */
import { evaluated } from '../lib/results.ts';

export const BASE = 'grpo';
/** The weight of the official code. */
export const MAIN = 'sar-020';

export const accuracy = evaluated('test', (e) => e.accuracy);
export const length = evaluated('test', (e) => e.mean_length);
/** Share of the tokens of held-out answers that say nothing new. */
export const chatterShare = evaluated('test', (e) => e.chatter);

export const isSelfAligned = (arm: string) => /^sar-\d+$/.test(arm);
