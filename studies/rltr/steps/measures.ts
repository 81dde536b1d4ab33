/** Arms and numbers that the parts of the report share. */
import { evaluated, majAt, type Results } from '../../lib/results.ts';

export const BASE = 'rlvr';
export const MAIN = 'rltr';
/** The reward alone, without the tries that only measure it. */
export const BARE = 'bare';
/** Share of right finishes on training questions, by the arm's own receiver. */
export const TRANSFER = 'rewards/transfer/mean';

export const testAccuracy = evaluated('test', (e) => e.accuracy);
export const maj64 = evaluated('test', majAt(64));

/** As strong as the start, of another seed: no arm trains with it. */
export const UNSEEN = 'receivers/chain-nano-b';

/** The model that training began from, as a receiver. */
export const startOf = ({ part }: Results): string => part.base.policy ?? '';
