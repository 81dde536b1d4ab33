/** The probability of each verdict in both orders, on one scale: where the borders move from one bar to the other, order has decided. */
import type { CriticVerdict } from '../../../rl/critic/verdict.ts';
import type { Judgement, VerdictShares } from '../judge.ts';

const PARTS: readonly { readonly verdict: CriticVerdict; readonly head: string }[] = [
  { verdict: '1', head: 'names 1' },
  { verdict: 'tie', head: 'tie' },
  { verdict: '2', head: 'names 2' },
];

export function VerdictBars({ judgement: { orders } }: { readonly judgement: Judgement }) {
  return (
    <table className="data vbars">
      <thead>
        <tr>
          <th scope="col">Shown first</th>
          <th scope="col" className="vbarcell">
            <span className="sr">Probabilities</span>
          </th>
          {PARTS.map(({ verdict, head }) => (
            <th key={verdict} scope="col" className="n">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {orders.map(({ probabilities }, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an order is its place
          <tr key={i}>
            <th scope="row">{i + 1}</th>
            <td className="vbarcell">
              <Bar shares={probabilities} />
            </td>
            {PARTS.map(({ verdict }) => (
              <td key={verdict} className="n">
                {probabilities[verdict].toFixed(2)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** From the left: names 1, tie; from the right: names 2. What is missing between could not be read. */
function Bar({ shares }: { readonly shares: VerdictShares }) {
  const width = (share: number) => `${(100 * Math.min(1, share)).toFixed(2)}%`;
  const [one, tie, two] = PARTS.map(({ verdict }) => shares[verdict]);
  return (
    <svg className="vbar" aria-hidden="true">
      <rect className="v1" x="0" width={width(one)} height="100%" />
      <rect className="vt" x={width(one)} width={width(tie)} height="100%" />
      <rect className="v2" x={width(1 - two)} width={width(two)} height="100%" />
      <rect className="vframe" x="0" width="100%" height="100%" />
    </svg>
  );
}
