/** Kinds of answers to the question, side by side under every reward. */
import { TERMS } from '../../../rl/experiment/catalog.ts';
import { colourStep, modeOf, signed } from '../../samples/token-colour.ts';
import { useSubject, useSubjectData } from '../subject-context.ts';
import { bestIn, type TableRow } from './best.ts';
import { type AnswerScore, SCORED_TERMS } from './score-answers.ts';
import { useWithout } from './without-context.tsx';

const MODE = modeOf('sar/v');

export function KindsTable() {
  const subject = useSubject();
  const kinds = useWithout((data) => data.kinds);
  const score = useWithout((data) => data.score);
  const text = useSubjectData((data) => data.answer?.text ?? '');
  const rows: TableRow[] = kinds.map(({ kind, score }) => ({
    id: kind.id,
    label: kind.label,
    note: kind.note,
    text: kind.text,
    score,
  }));
  const best = bestIn(rows);
  const own = { id: 'own', label: 'Yours', note: 'as it stands above', text, score };
  return (
    <section className="kinds" aria-labelledby="kinds-h">
      <h3 id="kinds-h">Kinds of answers, by every reward</h3>
      <p className="quiet small">
        Bold is what a reward likes best among these kinds. Values are before any weight. A length
        reward compares each kind with the other kinds, and yours with all of them.
      </p>
      <section
        className="kinds-scroll"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
        tabIndex={0}
        aria-label="Kinds of answers"
        data-arrow-keys
      >
        <table className="data">
          <thead>
            <tr>
              <th scope="col">Kind</th>
              <th scope="col">Answer</th>
              <th scope="col" className="n">
                tokens
              </th>
              {SCORED_TERMS.map((term) => (
                <th scope="col" className="n" key={term}>
                  {TERMS[term].label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {[...rows, own].map((row) => (
              <tr key={row.id} data-own={row.id === 'own' || undefined}>
                <th scope="row">
                  {row.label}
                  <span className="faint small">{row.note}</span>
                </th>
                <td className="mono kind-text">
                  {row.text === null ? (
                    <span className="faint">none</span>
                  ) : row.score ? (
                    <Coloured score={row.score} />
                  ) : (
                    row.text
                  )}
                  {row.text !== null && row.id !== 'own' ? (
                    <button
                      className="link"
                      type="button"
                      aria-label={`Take the answer: ${row.label}`}
                      disabled={row.text === text}
                      onClick={() => subject.write(row.text ?? '')}
                    >
                      take
                    </button>
                  ) : null}
                </td>
                <td className="n">{row.score?.tokens.length}</td>
                {SCORED_TERMS.map((term) => {
                  const value = row.score?.rewards[term];
                  const liked =
                    row.id !== 'own' && typeof best[term] === 'number' && value === best[term];
                  return (
                    <td className="n" key={term}>
                      {liked ? <b>{valueText(value)}</b> : valueText(value, row.score !== null)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

function Coloured({ score }: { score: AnswerScore }) {
  return (
    <span className="word">
      {score.tokens.slice(0, -1).map((token, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a token is its place in the answer
        <span key={i} className={`tok ${colourStep(score.v?.[i], MODE)}`}>
          {token}
        </span>
      ))}
    </span>
  );
}

function valueText(value: number | null | undefined, scored = true): string {
  if (value === undefined) return scored ? 'not judged' : '';
  if (value === null) return 'none';
  return Number.isInteger(value) ? signed(value, 0).replace('+', '') : signed(value);
}
