/** All answers of the group: what they earned, and the mean coefficient of their tokens under every loss. */
import type { AnswerUnderLoss } from '../../../rl/objectives/every-loss.ts';
import { signed } from '../../samples/token-colour.ts';
import { verdictWord } from '../../samples/verdict.ts';
import { boundsText, inUnit, LOSS_NAMES, powerText, unitOf } from '../loss-words.ts';
import { useRunView } from '../run-view.ts';
import { ShareBar } from '../share-bar.tsx';
import type { StepBatch } from '../step-batch.ts';
import type { Weighed } from '../weighed.ts';
import { EachLoss } from './each-loss.tsx';

interface Props {
  readonly weighed: Weighed;
  readonly batch: StepBatch;
}

export function GroupTable({ weighed, batch }: Props) {
  const { group, answerAt, losses, largest } = weighed;
  const unit = unitOf(Math.max(...Object.values(largest)));
  return (
    <section aria-labelledby="losses-group">
      <h3 id="losses-group">
        The group{' '}
        <span className="faint">
          the mean coefficient of an answer’s tokens, in {powerText(unit)}
        </span>
      </h3>
      <p className="small quiet">
        A coefficient is minus the derivative of the loss by the token’s log-prob: above 0 the
        update makes the token likelier. Bars and colours are a share of the loss’s own largest
        before the move, because AdamW takes out what all coefficients have in common.
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section className="scroller" tabIndex={0} aria-label="Answers and losses" data-arrow-keys>
        <table className="data lossgroup">
          <thead>
            <tr>
              <th scope="col">answer</th>
              <th scope="col" className="n">
                tokens
              </th>
              <th scope="col" className="n">
                reward
              </th>
              <th scope="col" className="n">
                A
              </th>
              {losses.map(({ loss, settings }) => (
                <th key={loss} scope="col" className="n">
                  <span className={loss === batch.trained ? 'own' : undefined}>
                    {LOSS_NAMES[loss]}
                  </span>
                  <span className="bounds">{boundsText(loss, settings)}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {group.answers.map(({ record, reward, advantage }, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: an answer is its place in the group
              <tr key={i} className={i === answerAt ? 'cur' : undefined}>
                <td>
                  <button
                    className="pickanswer"
                    type="button"
                    aria-pressed={i === answerAt}
                    onClick={() => useRunView.setState({ answer: i, token: null })}
                  >
                    <span className="idx">{i + 1}</span>
                    {record.correct === undefined ? null : (
                      <span className={`dot ${record.correct ? 'yes' : 'no'}`}>
                        <span className="sr">{verdictWord(record.correct)}</span>
                      </span>
                    )}
                    <span className="mono">{record.text}</span>
                  </button>
                </td>
                <td className="n">{record.pieces.length}</td>
                <td className="n">{signed(reward).replace('+', '')}</td>
                <td className="n">{signed(advantage)}</td>
                {losses.map(({ loss, answers }) => (
                  <td key={loss} className="coefficient">
                    <MeanCell under={answers[i]} largest={largest[loss]} unit={unit} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p className="small quiet">
        {batch.critic === 'run'
          ? 'PPO has the advantages of this run’s critic; the others those that comparing within the group gives.'
          : 'This run has no critic. PPO’s advantages are those of one that says the group’s mean before every token (λ 0.95, whitened over the kept answers).'}{' '}
        GSPO and CISPO are bounded as in their papers, since their bounds mean something else; the
        others as this run is.
      </p>
      <EachLoss losses={losses} />
    </section>
  );
}

interface MeanProps {
  readonly under: AnswerUnderLoss;
  readonly largest: number;
  readonly unit: number;
}

function MeanCell({ under: { coefficients, held, divisor }, largest, unit }: MeanProps) {
  // dLoss/dlogp is what the backward pass takes; a token is pushed the other way.
  const mean = -coefficients.reduce((sum, one) => sum + one, 0) / Math.max(1, coefficients.length);
  const count = held.filter(Boolean).length;
  if (divisor === null) return <span className="faint">masked</span>;
  return (
    <>
      <ShareBar share={largest === 0 ? 0 : mean / largest} />
      <span className="heldcount">{count === 0 ? '' : `${count} held`}</span>
      <span>{inUnit(mean, unit)}</span>
    </>
  );
}
