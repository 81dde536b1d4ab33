/**
 * The verdicts of the expert critic that a warm start learns from. They follow what its reasoning found in part of the traces and are drawn at
 * random in the rest: the model then knows the form, compares, and is right little more often than by chance, which leaves judging as something to learn.
 */
import type { RandomStream } from '../random.ts';
import type { CriticTraceOptions } from '../tasks/task.ts';
import { type AloneVerdict, type CriticVerdict, VERDICTS } from './verdict.ts';

/** The share of traces whose verdict follows the comparison, in our trial: 34 % right on differing pairs before training. */
const FOLLOWS = 0.4;

/** @param first whether the first answer was found right, @param second the second */
export function drawVerdict(
  first: boolean,
  second: boolean,
  random: RandomStream,
  { follows = FOLLOWS, ties = true }: CriticTraceOptions = {},
): CriticVerdict {
  const found = first === second ? 'tie' : first ? '1' : '2';
  const does = random.uniform() < follows;
  if (does && (ties || found !== 'tie')) return found;
  return random.pick(ties ? VERDICTS : VERDICTS.filter((verdict) => verdict !== 'tie'));
}

/** The same for a critic that judges one answer alone. */
export function drawAlone(
  right: boolean,
  random: RandomStream,
  { follows = FOLLOWS }: CriticTraceOptions = {},
): AloneVerdict {
  if (random.uniform() < follows) return right ? 'expert' : 'policy';
  return random.pick(['expert', 'policy']);
}
