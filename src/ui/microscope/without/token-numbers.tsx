/** What the bars say, as a table: both log-probs of each token and their difference. */
import { useState } from 'react';
import { Icon } from '../../components/icon.tsx';
import { negative, signed } from '../../samples/token-colour.ts';
import { spoken } from '../../samples/visible-text.ts';
import type { AnswerScore } from './score-answers.ts';

export function TokenNumbers({ score }: { score: AnswerScore }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="fold numbers" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Icon name="right" small />
        Numbers
      </summary>
      {open && <NumbersTable score={score} />}
    </details>
  );
}

function NumbersTable({ score: { tokens, logprobs, v } }: { score: AnswerScore }) {
  return (
    <section
      className="numbers-scroll"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
      tabIndex={0}
      aria-label="Log-probs by token"
      data-arrow-keys
    >
      <table className="data">
        <thead>
          <tr>
            <th scope="col">Token</th>
            <th scope="col">With the question</th>
            <th scope="col">Without</th>
            <th scope="col">The question adds</th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a token is its place in the answer
            <tr key={i}>
              <th scope="row" className="mono">
                {spoken(token)}
              </th>
              <td>{negative(logprobs[i])}</td>
              <td>{v ? negative(logprobs[i] - v[i]) : 'not known'}</td>
              <td>{v ? signed(v[i]) : 'not known'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
