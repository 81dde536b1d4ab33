/** The visitor's calls beside the critic's, on the pairs that the visitor called before they saw what the critic said. */
import { useMemo } from 'react';
import { useArena } from './arena-context.tsx';
import { type Calls, countCalls } from './tally.ts';

const COLUMNS: readonly { readonly part: keyof Calls; readonly head: string }[] = [
  { part: 'right', head: 'right' },
  { part: 'wrong', head: 'wrong' },
  { part: 'tie', head: 'cannot tell' },
];

export function TallyTable() {
  const tally = useArena((data) => data.tally);
  const { visitor, critic } = useMemo(() => countCalls(tally), [tally]);
  if (tally.size === 0) return null;
  return (
    <section className="tally" aria-labelledby="tally-h">
      <h3 id="tally-h">You and the critic</h3>
      <table className="data">
        <thead>
          <tr>
            <th scope="col">
              <span className="sr">Who</span>
            </th>
            {COLUMNS.map(({ head }) => (
              <th key={head} scope="col" className="n">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Row name="You" calls={visitor} />
          <Row name="The critic" calls={critic} />
        </tbody>
      </table>
      <p className="small quiet">
        Pairs of two different answers that you called before you saw what the critic says, each
        once, until the page is closed. The critic’s call is what it says most often; it has none
        where it was not asked.
      </p>
    </section>
  );
}

function Row({ name, calls }: { readonly name: string; readonly calls: Calls }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      {COLUMNS.map(({ part }) => (
        <td key={part} className="n">
          {calls[part]}
        </td>
      ))}
    </tr>
  );
}
