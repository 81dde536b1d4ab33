/** What the run's critic said of the pair in its step, by the order in which it was shown. */
import { useState } from 'react';
import { useArena, useArenaScope } from './arena-context.tsx';
import { meanSum } from './pay-sums.ts';
import type { RunPair, RunVerdict } from './run-pairs.ts';
import { VerdictText } from './verdict-text.tsx';

export function SeenVerdicts({ seen }: { readonly seen: RunPair }) {
  const orders = [false, true].map((turned) =>
    seen.verdicts.filter((verdict) => verdict.turned === turned),
  );
  const arena = useArenaScope();
  const shown = useArena((data) => data.revealed || data.peeked);
  return (
    <section className="seen" aria-labelledby="seen-h">
      <h3 id="seen-h">What the critic said in step {seen.step}</h3>
      <Pays verdicts={seen.verdicts} />
      {shown ? (
        <div className="orders">
          <Order label="Shown 1, then 2" verdicts={orders[0]} turned={false} />
          <Order label="Shown 2, then 1" verdicts={orders[1]} turned />
        </div>
      ) : (
        <p className="small quiet">
          First say yourself which is the expert’s.{' '}
          <button className="link" type="button" onClick={() => arena.peek()}>
            Show what the critic said
          </button>
        </p>
      )}
    </section>
  );
}

interface OrderProps {
  readonly label: string;
  readonly verdicts: readonly RunVerdict[];
  readonly turned: boolean;
}

function Order({ label, verdicts, turned }: OrderProps) {
  const [at, setAt] = useState(0);
  const shown = verdicts[Math.min(at, verdicts.length - 1)];
  if (!shown) return <p className="order faint small">Not {label.toLowerCase()}.</p>;
  const { record, verdict, probability } = shown;
  const text = record.truncated ? record.text : record.pieces.slice(0, -1).join('');
  return (
    <div className="order">
      <h4>{label}</h4>
      <VerdictText text={text} verdict={verdict} />
      <p className="small quiet">
        {turned && verdict && verdict !== 'tie'
          ? `As it was shown: that is ${verdict === '1' ? '2' : '1'} here. `
          : ''}
        {probability === null
          ? record.truncated
            ? 'It met its token budget. '
            : ''
          : `After this reasoning it said so with probability ${probability.toFixed(2)}. `}
        Verdict {Math.min(at, verdicts.length - 1) + 1} of {verdicts.length} in this order
        {verdicts.length > 1 ? (
          <>
            {', '}
            <button
              className="link"
              type="button"
              onClick={() => setAt((at + 1) % verdicts.length)}
            >
              next
            </button>
          </>
        ) : null}
      </p>
    </div>
  );
}

/** What both were paid and how it came about, which tells who is who; so only once that is shown. */
function Pays({ verdicts }: { readonly verdicts: readonly RunVerdict[] }) {
  const revealed = useArena((data) => data.revealed);
  if (!revealed) return null;
  const read = verdicts.flatMap(({ policy }) => policy ?? []);
  return (
    <p className="small">
      Paid as a mean over the verdicts: critic {meanSum(verdicts.map(({ critic }) => critic))},
      policy {read.length === 0 ? 'not scored, since none can be read' : meanSum(read)}.
    </p>
  );
}
