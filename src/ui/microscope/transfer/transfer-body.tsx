/** The answers under the knife, and what receivers make of them. */
import { useSubject } from '../subject-context.ts';
import { LaneView } from './lane-view.tsx';
import { ReceiverColumn } from './receiver-column.tsx';
import { useCutKeys, useScope, useTransfer } from './transfer-context.tsx';
import { isBeside } from './transfer-data.ts';

export function TransferActs() {
  const scope = useScope();
  const active = useTransfer((data) => data.active);
  const { pair } = useSubject().about;
  const paired = useTransfer(isBeside);
  return (
    <>
      {pair && (
        <button
          className="btn"
          type="button"
          aria-pressed={paired}
          onClick={() => (paired ? scope.compare(null) : scope.showPair())}
        >
          {pair.label}
        </button>
      )}
      <button className="btn" type="button" onClick={() => scope.newAnswer(active)}>
        New answer
      </button>
    </>
  );
}

export function TransferBody() {
  const lanes = useTransfer((data) => data.lanes);
  const receivers = useTransfer((data) => data.receivers);
  useCutKeys();
  return (
    <>
      {lanes.map((lane, index) => (
        <LaneView
          // biome-ignore lint/suspicious/noArrayIndexKey: a lane is its place
          key={index}
          lane={lane}
          index={index}
        />
      ))}
      <div className="receivers" data-count={receivers.length}>
        {receivers.map((receiver, place) => (
          <ReceiverColumn key={receiver.model.ref.key} receiver={receiver} place={place} />
        ))}
        {receivers.length === 0 && (
          <p className="quiet">No receiver is chosen. Choose one above, under Receivers.</p>
        )}
      </div>
    </>
  );
}
