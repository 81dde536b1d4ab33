/** From a reward model's logits to one reward per token: clipped where they are read, and filled back to the place read before. */
import type { Tokenizer } from '../../model/tokenizer.ts';
import type { Task } from '../tasks/task.ts';
import type { Written } from '../token-starts.ts';
import { fillBack, readPlaces, stepEnds } from './granularity.ts';
import type { RewardReading } from './reward-model.ts';

/** The tokens at which a trace is read, by index and rising. Only the granularity `step` asks the task and the tokenizer. */
export function placesOf(
  { task, tokenizer }: { readonly task: Task; readonly tokenizer: Tokenizer },
  trace: Written,
  reading: Pick<RewardReading, 'granularity' | 'interval'>,
): number[] {
  const ends =
    reading.granularity === 'step'
      ? stepEnds(trace, tokenizer, task.stepBoundaries(trace.text))
      : [];
  return readPlaces(trace.completionIds.length, ends, reading);
}

/**
 * @param logits one per token
 * @param places at which they are read; the last token is one
 * @param clip rewards stay between minus this and this
 */
export function tokenRewards(
  logits: ArrayLike<number>,
  places: readonly number[],
  clip: number,
): Float64Array {
  const held = Float64Array.from(logits, (logit) => Math.min(Math.max(logit, -clip), clip));
  return fillBack(held, places);
}
