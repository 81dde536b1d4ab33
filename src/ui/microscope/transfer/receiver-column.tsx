/** What one receiver makes of the answer at the cut: how often it is right, and its tries one by one. */
import { useState } from 'react';
import type { Finished } from '../../../rl/rewards/transfer/finish.ts';
import { Failed } from '../failed.tsx';
import type { Answer } from './answer.ts';
import { differenceInterval, rateOf } from './interval.ts';
import { LineKey, laneSlot } from './line-key.tsx';
import { useScope, useTransfer } from './transfer-context.tsx';
import { type Lane, poolAt, type ReceiverState, shareAt } from './transfer-data.ts';
import { intervalText, signedText } from './words.ts';

/** Tries that are listed at first. */
const SHOWN = 8;

/** The line of a receiver by its place: ink, and told apart by its dashes. */
export function receiverLine(place: number): string {
  return ['k', 'k2', 'k3', 'k4'][place % 4];
}

export function ReceiverColumn({ receiver, place }: { receiver: ReceiverState; place: number }) {
  const scope = useScope();
  const lanes = useTransfer((data) => data.lanes);
  const active = useTransfer((data) => data.active);
  const lifted = useTransfer((data) => data.lifted === receiver.model.ref.key);
  const { key } = receiver.model.ref;
  const { answer, cut } = lanes[active];
  const pool = answer ? poolAt(receiver, answer, cut) : undefined;
  return (
    <section className="receiver" aria-label={receiver.model.name}>
      <header>
        <LineKey className={receiverLine(place)} />
        <h3>
          <button
            type="button"
            aria-pressed={lifted}
            title="Draw its interval and its base rate"
            onClick={() => scope.lift(key)}
          >
            {receiver.model.name}
          </button>
        </h3>
        <span className="faint note">{receiver.model.note}</span>
      </header>
      {lanes.map((lane, index) => (
        <Rate
          // biome-ignore lint/suspicious/noArrayIndexKey: a lane is its place
          key={index}
          receiver={receiver}
          lane={lane}
          index={index}
          named={lanes.length > 1}
        />
      ))}
      {receiver.status === 'failed' && receiver.problem ? (
        <Failed problem={receiver.problem} onRetry={() => scope.retry(key)} />
      ) : pool === null ? (
        <p className="quiet small">Question and answer leave no room in its context here.</p>
      ) : (
        <Tries pool={pool ?? []} />
      )}
    </section>
  );
}

/** `30 of 48 right` and what it is more than from scratch, each with its 95 % interval. */
function Rate({
  receiver,
  lane,
  index,
  named,
}: {
  receiver: ReceiverState;
  lane: Lane;
  index: number;
  named: boolean;
}) {
  const { answer, cut, policy } = lane;
  const share = answer ? shareAt(receiver, answer, cut) : undefined;
  if (receiver.status === 'failed' && !share) return null;
  return (
    <p className="rate">
      {named && (
        <span className="of" title={policy.name}>
          <LineKey className={`r${laneSlot(policy.ref.kind, index)}`} />
          <span className="sr">{policy.name}: </span>
        </span>
      )}
      {share ? (
        <>
          <b>{share.right}</b> of {share.tries} right{' '}
          <span className="faint">{intervalText(share)}</span>
          <Lift receiver={receiver} answer={answer} cut={cut} />
        </>
      ) : (
        <span className="faint wait">
          {receiver.status === 'done' ? null : <span className="pulse" />}
          {receiver.status === 'loading' ? 'Loading the model' : 'Finishing the answer'}
        </span>
      )}
    </p>
  );
}

function Lift({
  receiver,
  answer,
  cut,
}: {
  receiver: ReceiverState;
  answer: Answer | null;
  cut: number;
}) {
  const here = answer ? shareAt(receiver, answer, cut) : undefined;
  const scratch = answer ? shareAt(receiver, answer, 0) : undefined;
  if (!here || !scratch) return null;
  if (cut === 0) return <span className="lift">from scratch</span>;
  const { low, high } = differenceInterval(here, scratch);
  return (
    <span className="lift">
      {liftText(rateOf(here) - rateOf(scratch))}{' '}
      <span className="faint">
        ({signedText(low)} to {signedText(high)})
      </span>
      {low <= 0 && high >= 0 ? ', within chance' : ''}
    </span>
  );
}

/** `+0.32 over scratch`, `0.13 under scratch`. */
function liftText(difference: number): string {
  const text = signedText(difference);
  if (text === '0') return 'as from scratch';
  return difference > 0 ? `${text} over scratch` : `${text.slice(1)} under scratch`;
}

function Tries({ pool }: { pool: readonly Finished[] }) {
  const [all, showAll] = useState(false);
  const shown = all ? pool : pool.slice(0, SHOWN);
  const rest = pool.length - shown.length;
  return (
    <>
      <ol className="tries">
        {shown.map(({ text, correct, truncated }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a try is its number
          <li key={i} className={correct ? undefined : 'miss'} title={text}>
            <span className={correct ? 'dot yes' : 'dot no'} />
            <span className="sr">{correct ? 'right' : 'wrong'}</span>
            {text === '' ? (
              <span className="faint">nothing added</span>
            ) : (
              <span className="mono">{text}</span>
            )}
            {truncated && <span className="faint small">cut off</span>}
          </li>
        ))}
      </ol>
      {(rest > 0 || all) && pool.length > SHOWN && (
        <p className="more">
          <button className="link" type="button" onClick={() => showAll(!all)}>
            {all ? 'Fewer' : `${rest} more`}
          </button>
        </p>
      )}
    </>
  );
}
