import { Fragment } from 'react';
import type { CompletionRecord } from '../../rl/records.ts';
import { isChatter } from './chatter.ts';
import { numbersOf, probability, tokenValue, valueText } from './token-colour.ts';
import { TOKEN_CAP } from './token-strip.tsx';
import { spoken } from './visible-text.ts';

interface Props {
  readonly completion: CompletionRecord;
  readonly index: number;
}

/** Tokens and all their numbers as a table: what the colours say, without colour. */
export function TokenTable({ completion, index }: Props) {
  const { pieces, truncated } = completion;
  const numbers = numbersOf(completion);
  return (
    <>
      <table className="data tokentable">
        <caption className="sr">Tokens of answer {index + 1}</caption>
        <thead>
          <tr>
            <th scope="col">token</th>
            {numbers.map(({ id, short, label, logprob }) => (
              <Fragment key={id}>
                <th scope="col" className="n">
                  {short ?? label}
                </th>
                {logprob ? (
                  <th scope="col" className="n">
                    probability
                  </th>
                ) : null}
              </Fragment>
            ))}
          </tr>
        </thead>
        <tbody>
          {pieces.slice(0, TOKEN_CAP).map((piece, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a token is its place in the completion
            <tr key={i}>
              <td className="mono">
                {!truncated && i === pieces.length - 1 ? 'end of answer' : spoken(piece)}
                {isChatter(completion, i) ? <span className="badge outline">chatter</span> : null}
              </td>
              {numbers.map((number) => {
                const value = tokenValue(completion, i, number);
                return (
                  <Fragment key={number.id}>
                    <td className="n">{value === undefined ? '' : valueText(value, number)}</td>
                    {number.logprob ? (
                      <td className="n">{value === undefined ? '' : probability(value)}</td>
                    ) : null}
                  </Fragment>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {numbers.map(({ id, short, label, says }) =>
        says ? (
          <p className="small quiet" key={id}>
            <b>{short ?? label}</b>: {says}
          </p>
        ) : null,
      )}
    </>
  );
}
