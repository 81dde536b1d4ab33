/** An answer of two tokens as the sample browser gets it, for tests that care for one of its fields. */
import type { CompletionRecord } from '../../rl/records.ts';

export function madeRecord(more: Partial<CompletionRecord> = {}): CompletionRecord {
  return {
    role: 'solver',
    text: 'ab',
    pieces: ['a', 'b'],
    tokens: { logprob: [-0.5, -1] },
    rewards: {},
    reward: 0,
    advantage: 0,
    truncated: true,
    correct: false,
    ...more,
  };
}
