/** The curves as a table: every cut that is known, with the token before it and each receiver's share. */
import { useState } from 'react';
import { Icon } from '../../components/icon.tsx';
import { spoken } from '../../samples/visible-text.ts';
import type { Answer } from './answer.ts';
import { rateOf } from './interval.ts';
import { useTransfer } from './transfer-context.tsx';
import { type ReceiverState, shareAt } from './transfer-data.ts';
import { intervalText, rateText } from './words.ts';

export function Numbers({ answer }: { answer: Answer }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="fold numbers" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Icon name="right" small />
        Numbers
      </summary>
      {open && <NumbersTable answer={answer} />}
    </details>
  );
}

function NumbersTable({ answer }: { answer: Answer }) {
  const receivers = useTransfer((data) => data.receivers);
  return (
    <section
      className="numbers-scroll"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
      tabIndex={0}
      aria-label="Share right by cut"
      data-arrow-keys
    >
      <table className="data">
        <thead>
          <tr>
            <th scope="col">Cut</th>
            <th scope="col">Last token</th>
            {receivers.map(({ model }) => (
              <th scope="col" key={model.ref.key}>
                {model.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...answer.prefixes.keys()].map((cut) => (
            <tr key={cut}>
              <th scope="row">{cut}</th>
              <td className="mono">{cut === 0 ? '' : spoken(answer.tokens[cut - 1])}</td>
              {receivers.map((receiver) => (
                <td key={receiver.model.ref.key}>
                  <ShareText receiver={receiver} answer={answer} cut={cut} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ShareText({
  receiver,
  answer,
  cut,
}: {
  receiver: ReceiverState;
  answer: Answer;
  cut: number;
}) {
  const share = shareAt(receiver, answer, cut);
  if (!share) return <span className="faint">not known</span>;
  return (
    <>
      {rateText(rateOf(share))} <span className="faint">{intervalText(share)}</span>
    </>
  );
}
