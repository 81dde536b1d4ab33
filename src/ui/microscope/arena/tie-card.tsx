/** A lesson: why ties save the game. The two payoff tables, and the chance below which a tie pays a critic more than its best guess. */
import { useId, useState } from 'react';
import { type Payoffs, WITHOUT_TIES } from '../../../rl/critic/payoffs.ts';
import { type PayoffRow, payoffTable, tiePays } from '../../../rl/critic/threshold.ts';
import { useLab } from '../../context.ts';
import { lead, type RunData } from '../../store/runs.ts';
import { TiePlot } from './tie-plot.tsx';
import { usePayoffs } from './use-run.ts';

const NAMED: Readonly<Record<PayoffRow['named'], string>> = {
  expert: 'names the expert’s',
  tie: 'says tie',
  policy: 'names the policy’s',
};

/** Steps whose accuracy counts as the critic's present one. */
const RECENT = 5;

export function TieCard() {
  const { payoffs, own } = usePayoffs();
  const [chosen, setChosen] = useState<number | null>(null);
  const tau = chosen ?? payoffs.tau_crit;
  const shown: Payoffs = { ...payoffs, tau_crit: tau };
  const accuracy = useLab((data) => accuracyOf(lead(data)));
  const id = useId();
  return (
    <section className="tiecard" aria-labelledby="ties-h">
      <h3 id="ties-h">Why ties save the game</h3>
      <div className="game">
        <div className="rules">
          <PayTable label="With ties" payoffs={shown} />
          <PayTable label="Without ties" payoffs={WITHOUT_TIES} />
        </div>
        <div className="threshold">
          <TiePlot tau={tau} accuracy={accuracy} />
          <label className="taurow" htmlFor={id}>
            <span className="label">
              A tie pays the critic <b>{tau.toFixed(2)}</b>
              <span className="faint">{chosen === null && own ? ' as in this run' : ''}</span>
            </span>
            <input
              id={id}
              className="range"
              type="range"
              min={0}
              max={1}
              step={0.01}
              value={tau}
              onChange={(event) => setChosen(event.currentTarget.valueAsNumber)}
            />
          </label>
        </div>
        <div className="words">
          <p>
            The critic’s best guess is right with chance <i>p</i>. Naming it pays <i>p</i>, a tie
            pays <i>τ</i>, whatever is right. So {thresholdText(tau)}
          </p>
          <p>
            When the policy answers as well as the expert, <i>p</i> is one half. Without ties the
            critic must flip a coin, and the coin is what the policy learns from. With ties it says
            that it cannot tell: both are paid the same each time, and nothing false is learned.
          </p>
          <p>
            The other side: a critic that is never right more often than <i>τ</i> ties always, and
            then nothing is learned at all.
          </p>
          {accuracy === null ? null : (
            <p>
              This run’s critic is right in <b>{accuracy.toFixed(2)}</b> of its verdicts that name
              one of two:{' '}
              {tiePays(accuracy, shown) ? 'a tie pays it more.' : 'naming pays it more.'}
            </p>
          )}
        </div>
      </div>
    </section>
  );
}

function thresholdText(tau: number): string {
  if (tau <= 0.5)
    return 'it always pays to name one: with two answers no best guess is below one half.';
  return `below p = ${tau.toFixed(2)} it does best to say tie.`;
}

function PayTable({ label, payoffs }: { readonly label: string; readonly payoffs: Payoffs }) {
  return (
    <table className="data payoff">
      <caption>{label}</caption>
      <thead>
        <tr>
          <th scope="col">the critic</th>
          <th scope="col" className="n">
            critic
          </th>
          <th scope="col" className="n">
            policy
          </th>
        </tr>
      </thead>
      <tbody>
        {payoffTable(payoffs).map(({ named, critic, policy }) => (
          <tr key={named} className={named === 'tie' ? 'istie' : undefined}>
            <th scope="row">{NAMED[named]}</th>
            <td className="n">{payText(critic)}</td>
            <td className="n">{payText(policy)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const payText = (value: number) => (Number.isInteger(value) ? String(value) : value.toFixed(2));

/** How often the run's critic was right of late, where it named one of two different answers; null where nobody knows. */
function accuracyOf(run: RunData | undefined): number | null {
  const rows = run?.record.rows.slice(-RECENT) ?? [];
  const known = rows.flatMap((row) => row['critic/accuracy'] ?? []);
  return known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0) / known.length;
}
