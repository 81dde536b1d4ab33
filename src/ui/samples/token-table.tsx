import type { CompletionRecord } from '../../rl/records.ts';
import { sarShown } from './sar-shown.ts';
import { negative, probability, signed } from './token-colour.ts';
import { TOKEN_CAP } from './token-strip.tsx';
import { spoken } from './visible-text.ts';

interface Props {
  readonly completion: CompletionRecord;
  readonly index: number;
}

/** Tokens and their numbers as a table: what the colours say, without colour. */
export function TokenTable({ completion, index }: Props) {
  const { tokens, logprobs, refLogprobs, truncated } = completion;
  const told = sarShown(completion)?.v;
  return (
    <table className="data tokentable">
      <caption className="sr">Tokens of answer {index + 1}</caption>
      <thead>
        <tr>
          <th scope="col">token</th>
          <th scope="col" className="n">
            log-prob
          </th>
          <th scope="col" className="n">
            probability
          </th>
          {refLogprobs ? (
            <th scope="col" className="n">
              change
            </th>
          ) : null}
          {told ? (
            <th scope="col" className="n">
              question adds
            </th>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {tokens.slice(0, TOKEN_CAP).map((token, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a token is its place in the completion
          <tr key={i}>
            <td className="mono">
              {!truncated && i === tokens.length - 1 ? 'end of answer' : spoken(token)}
            </td>
            <td className="n">{negative(logprobs[i])}</td>
            <td className="n">{probability(logprobs[i])}</td>
            {refLogprobs ? <td className="n">{signed(logprobs[i] - refLogprobs[i])}</td> : null}
            {told ? <td className="n">{signed(told[i])}</td> : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
