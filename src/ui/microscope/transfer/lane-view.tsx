/** One policy's answer with the cut in it, its curve under it, and what the cut says. */
import { verdictWord } from '../../samples/verdict.ts';
import { Failed } from '../failed.tsx';
import { LineKey, laneSlot } from './line-key.tsx';
import { Numbers } from './numbers.tsx';
import { Ruler } from './ruler.tsx';
import { useScope, useTransfer } from './transfer-context.tsx';
import { curveOf, type Lane, type TransferData } from './transfer-data.ts';
import { cutSentence } from './words.ts';

export function LaneView({ lane, index }: { lane: Lane; index: number }) {
  const scope = useScope();
  const several = useTransfer(({ lanes }) => lanes.length > 1);
  const active = useTransfer((data) => data.active === index);
  const { answer, policy, status, problem } = lane;
  return (
    <section
      className="lane"
      aria-label={`Answer of ${policy.name}`}
      data-active={several && active}
    >
      <p className="lanehead">
        <LineKey className={`r${laneSlot(policy.ref.kind, index)}`} />
        {several ? (
          <button
            className="lanename"
            type="button"
            aria-pressed={active}
            onClick={() => scope.look(index)}
          >
            {policy.name}
          </button>
        ) : (
          <span className="medium">{policy.name}</span>
        )}
        {status === 'answering' || status === 'waiting' ? (
          <span className="faint wait">
            <span className="pulse" />
            {answer ? 'Answering once more' : 'Answering'}
          </span>
        ) : (
          answer && <Judged lane={lane} />
        )}
      </p>
      {status === 'failed' && problem ? (
        <Failed problem={problem} onRetry={() => scope.retryAnswer(index)} />
      ) : answer ? (
        <>
          <Ruler answer={answer} cut={lane.cut} lane={index} />
          <CutLine lane={lane} />
          <Numbers answer={answer} />
        </>
      ) : (
        <div className="ruler-wait" />
      )}
    </section>
  );
}

/** Whether the answer is right, and why not. */
function Judged({ lane: { answer, number } }: { lane: Lane }) {
  if (!answer) return null;
  const { verdict, truncated, dialect } = answer;
  return (
    <span className="judged">
      {dialect ? (
        <span className="badge dialect" title={dialect.help}>
          {dialect.label}
        </span>
      ) : null}
      <span className="faint">{number === null ? 'as written' : `answer ${number + 1}`}</span>
      {verdict ? <span className={verdict.correct ? 'dot yes' : 'dot no'} /> : null}
      {verdictWord(verdict?.correct)}
      <span className="faint">
        {verdict?.correct ? '' : truncated ? 'not finished' : verdict?.note}
      </span>
    </span>
  );
}

function CutLine({ lane }: { lane: Lane }) {
  const receivers = useTransfer((data) => data.receivers);
  const lifted = useTransfer((data) => data.lifted);
  const tries = useTransfer((data) => data.tries);
  const progress = useTransfer((data) => progressOf(data, lane));
  const { answer, cut } = lane;
  if (!answer) return null;
  const count = answer.tokens.length;
  const receiver = receivers.find(({ model }) => model.ref.key === lifted);
  return (
    <p className="cutline">
      <span className="cutchip">
        Cut <b>{cut}</b> of {count}
        {count > 0 && (
          <>
            , <i>τ</i> = {(cut / count).toFixed(2)}
          </>
        )}
      </span>
      <span className="quiet said">{receiver && cutSentence(receiver, answer, cut)}</span>
      <span className="spacer" />
      <span className="faint">
        {progress < 1 ? (
          <>
            <span className="pulse" /> {Math.round(100 * progress)} % of the curve.{' '}
          </>
        ) : null}
        Share of finished answers that are right, {tries} tries at each of {count + 1} cuts. Band:
        95 % interval.
      </span>
    </p>
  );
}

/** How much of a lane's curves is there, 0 to 1; receivers that failed are not waited for. */
function progressOf({ receivers }: TransferData, { answer }: Lane): number {
  const going = receivers.filter(({ status }) => status !== 'failed');
  if (!answer || going.length === 0 || going.every(({ status }) => status === 'done')) return 1;
  const done = going.reduce((sum, receiver) => sum + curveOf(receiver, answer).length, 0);
  return done / (going.length * answer.prefixes.length);
}
