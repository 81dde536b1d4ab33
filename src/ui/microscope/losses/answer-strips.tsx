/** One answer under every loss: its tokens, coloured by what each loss does to them. */
import type { KeyboardEvent } from 'react';
import { LOSS_NAMES } from '../loss-words.ts';
import { useRunView } from '../run-view.ts';
import type { StepBatch } from '../step-batch.ts';
import { tokenText } from '../token-text.ts';
import type { Weighed } from '../weighed.ts';

/** Shares of the largest coefficient at which a colour gets stronger. */
const STRONGER = [0.05, 0.25, 0.5, 0.8];
/** Most tokens that are drawn. */
const CAP = 300;

interface Props {
  readonly weighed: Weighed;
  readonly batch: StepBatch;
}

export function AnswerStrips({ weighed, batch }: Props) {
  const { answer, answerAt, losses, largest, tokenAt } = weighed;
  const { record } = answer;
  const { length } = record.pieces;
  const onKey = (event: KeyboardEvent) => {
    const to = nextToken(event.key, tokenAt, Math.min(length, CAP));
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    useRunView.setState({ answer: answerAt, token: to });
    const row = event.currentTarget;
    requestAnimationFrame(() => row.querySelectorAll('button')[to]?.focus());
  };
  return (
    <section aria-labelledby="losses-answer">
      <h3 id="losses-answer">
        Answer {answerAt + 1}, token by token{' '}
        <span className="faint">
          green is made likelier, violet less likely; struck out is held
        </span>
      </h3>
      <table className="lossstrips">
        <tbody>
          {losses.map(({ loss, answers }) => {
            const { coefficients, held } = answers[answerAt];
            return (
              <tr key={loss}>
                <th scope="row">
                  {LOSS_NAMES[loss]}
                  {loss === batch.trained ? <span className="badge">this run</span> : null}
                </th>
                <td>
                  <div
                    className="strip"
                    role="toolbar"
                    aria-label={`Tokens under ${LOSS_NAMES[loss]}`}
                    onKeyDown={onKey}
                    data-arrow-keys
                  >
                    {Array.from({ length: Math.min(length, CAP) }, (_, t) => (
                      <button
                        // biome-ignore lint/suspicious/noArrayIndexKey: a token is its place in the answer
                        key={t}
                        type="button"
                        className={tokenClass(-coefficients[t] / (largest[loss] || 1), held[t])}
                        aria-pressed={t === tokenAt}
                        tabIndex={t === tokenAt ? 0 : -1}
                        onClick={() => useRunView.setState({ answer: answerAt, token: t })}
                      >
                        {tokenText(record, t)}
                      </button>
                    ))}
                  </div>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {length > CAP ? (
        <p className="small quiet">{length - CAP} more tokens are not drawn.</p>
      ) : null}
    </section>
  );
}

function tokenClass(share: number, held: boolean): string {
  const step = STRONGER.filter((boundary) => Math.abs(share) >= boundary).length;
  const colour = step === 0 ? '' : ` ${share < 0 ? 'n' : 'p'}${step}`;
  return `tok${colour}${held ? ' held' : ''}`;
}

function nextToken(key: string, at: number, count: number): number | undefined {
  if (key === 'ArrowLeft') return Math.max(0, at - 1);
  if (key === 'ArrowRight') return Math.min(count - 1, at + 1);
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : undefined;
}
