import type { CompletionRecord } from '../../rl/records.ts';

/** Whether token `i` of a completion says nothing new. */
export function isChatter({ manner }: CompletionRecord, i: number): boolean {
  return manner?.chatter?.some(([from, to]) => i >= from && i < to) ?? false;
}
