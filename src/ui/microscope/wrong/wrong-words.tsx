/** Under the ruler: what each finder points at, and whether it is right. */
import type { Reading } from '../../../rl/airl/granularity.ts';
import type { Stretch } from '../../samples/learned-reading.ts';
import { readingWords } from '../../samples/reading-control.tsx';
import { negative, signed } from '../../samples/token-colour.ts';
import { spoken } from '../../samples/visible-text.ts';
import { leastLikely, outcomeOf, pointless, type TraceReading } from './readings.ts';
import type { ReadTrace } from './trace.ts';
import { useWrong } from './wrong-context.tsx';

interface Props {
  readonly trace: ReadTrace;
  readonly shown: TraceReading;
  readonly reading: Reading;
  readonly clip: number;
}

/** Why a pick means nothing. */
const NOWHERE = {
  limit:
    'The reward stands at its limit wherever it is read. It has won against its policy, and no longer says where.',
  same: 'The reward says the same wherever it is read. It has learned nothing yet, or tells nothing of this trace.',
} as const;

export function WrongWords({ trace, shown, reading, clip }: Props) {
  const policyProblem = useWrong((data) => data.policyProblem);
  const foreign = useWrong((data) => data.reward.note);
  const { pieces, logprobs, verdict } = trace;
  const { fall, lowest, wrong } = shown.trace;
  const least = leastLikely(logprobs);
  const nowhere = pointless(shown, clip);
  const at = ({ from, to }: Stretch) => (
    <>
      “<span className="mono">{spoken(pieces.slice(from, to).join(''))}</span>”
    </>
  );
  const end = (pick: Stretch) => {
    const { hit, text } = outcomeOf(pick, wrong);
    if (hit === null) return null;
    return hit ? <b>: a hit</b> : <b>: a miss, {text}</b>;
  };
  return (
    <div className="wrongwords" role="status">
      <p>
        {wrong ? (
          <>
            By the verifier, which the reward never saw, the first wrong step is {at(wrong)}
            {verdict?.note ? ` (${verdict.note})` : ''}.
          </>
        ) : wrong === null ? (
          'Every step is right, by the verifier; what is picked is no error.'
        ) : (
          'No step can be called the first wrong one.'
        )}
      </p>
      <p>
        Read {readingWords(reading)},{' '}
        {lowest === null ? (
          'the reward is one number for the whole trace: nothing to pick.'
        ) : (
          <>
            the reward{' '}
            {fall ? (
              <>
                falls most, by {fall.by.toFixed(2)}, at {at(fall)}
                {end(fall)}.
              </>
            ) : (
              'only rises.'
            )}{' '}
            It is lowest, {signed(lowest.value)}, at {at(lowest)}
            {end(lowest)}.
          </>
        )}
      </p>
      {nowhere && <p>{NOWHERE[nowhere]}</p>}
      {foreign !== '' && (
        <p className="quiet">
          This reward model was {foreign}. “Used elsewhere” below says how well that works.
        </p>
      )}
      {policyProblem ? (
        <p className="quiet">The policy says nothing of it: {policyProblem.message}.</p>
      ) : least && logprobs ? (
        <p>
          The policy itself finds {at(least)} least likely, {negative(logprobs[least.from])} nats
          {end(least)}.
        </p>
      ) : null}
    </div>
  );
}
