/** One token under every loss: the formula of its coefficient, in general and with its numbers. */
import type { UnderLoss } from '../../../rl/objectives/every-loss.ts';
import { Formula, Frac, Inline, Length, Name, Num, Op, Row } from '../../components/math.tsx';
import { negative, signed } from '../../samples/token-colour.ts';
import { Divisor, General, inBrackets, ratioText } from '../loss-formula.tsx';
import { boundsText, inUnit, LOSS_NAMES, powerText, unitOf } from '../loss-words.ts';
import type { StepBatch } from '../step-batch.ts';
import { tokenText } from '../token-text.ts';
import type { Weighed } from '../weighed.ts';

interface Props {
  readonly weighed: Weighed;
  readonly batch: StepBatch;
}

export function TokenFormulas({ weighed, batch }: Props) {
  const { answer, answerAt, tokenAt, losses, largest, logp } = weighed;
  const unit = unitOf(Math.max(...Object.values(largest)));
  const old = answer.old[tokenAt];
  const now = logp[answerAt][tokenAt];
  return (
    <section aria-labelledby="losses-token">
      <h3 id="losses-token">
        Token <span className="mono tkc">{tokenText(answer.record, tokenAt)}</span>{' '}
        <span className="faint">
          number {tokenAt + 1} of answer {answerAt + 1}; log-prob {negative(old)}
          {now === old ? '' : `, moved to ${negative(now)}`}; coefficients c in {powerText(unit)}
        </span>
      </h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section className="scroller" tabIndex={0} aria-label="Formulas" data-arrow-keys>
        <table className="data lossformulas">
          <thead>
            <tr>
              <th scope="col">loss</th>
              <th scope="col">coefficient</th>
              <th scope="col">with its numbers</th>
              <th scope="col" className="n">
                c
              </th>
              <th scope="col">bounds</th>
            </tr>
          </thead>
          <tbody>
            {losses.map((under) => (
              <tr key={under.loss}>
                <th scope="row">{LOSS_NAMES[under.loss]}</th>
                <td>
                  <General loss={under.loss} sequence={shares(under)} />
                </td>
                <Filled under={under} weighed={weighed} batch={batch} unit={unit} />
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p className="small quiet">
        <Inline>
          <Name>B</Name>
        </Inline>{' '}
        is the answers of the step, {batch.size.completions};{' '}
        <Inline>
          <Length of={<Name>o</Name>} />
        </Inline>{' '}
        the tokens of this one, {answer.old.length};{' '}
        <Inline>
          <Name>T</Name>
        </Inline>{' '}
        those of all answers, {batch.size.activeTokens.toLocaleString('en')};{' '}
        <Inline>
          <Name>L</Name>
        </Inline>{' '}
        the longest allowed, {batch.settings.max_completion_length}.{' '}
        {batch.settings.beta === 0
          ? ''
          : 'This run also holds the policy near its reference; that part is added to each.'}
        {batch.settings.entropy_coef === 0
          ? ''
          : ' Its entropy bonus pulls at the whole distribution, not at this log-prob, and is not here.'}
      </p>
    </section>
  );
}

/** One ratio for the whole answer. */
function shares({ loss, settings }: UnderLoss): boolean {
  return loss === 'gspo' || settings.importance_sampling_level === 'sequence';
}

interface FilledProps {
  readonly under: UnderLoss;
  readonly weighed: Weighed;
  readonly batch: StepBatch;
  readonly unit: number;
}

function Filled({ under, weighed, batch, unit }: FilledProps) {
  const { answer, answerAt, tokenAt } = weighed;
  const { loss, settings, answers } = under;
  const { coefficients, policy, ratios, held, divisor } = answers[answerAt];
  const result = -coefficients[tokenAt];
  const kl = result + policy[tokenAt];
  const ratio = ratios[tokenAt];
  const advantage = (loss === 'ppo' ? answer.critic : answer.advantages)[tokenAt] ?? 0;
  const cap = loss === 'cispo' ? (settings.epsilon_high ?? settings.epsilon) : null;
  const capped = cap !== null && ratio > cap;
  const isHeld = held[tokenAt];
  return (
    <>
      <td>
        {divisor === null ? (
          <span className="quiet">the answer is cut off, and masked</span>
        ) : isHeld && cap === null ? (
          <span className="quiet">
            ratio {ratioText(ratio)}, A {signed(advantage)}: beyond its bound, so no push
          </span>
        ) : (
          <Formula>
            <Row>
              <Op>=</Op>
              <Frac
                top={
                  <>
                    <Num>{capped ? String(cap) : ratioText(ratio)}</Num>
                    <Op>×</Op>
                    <Num>{inBrackets(advantage)}</Num>
                  </>
                }
                bottom={<Divisor loss={loss} answer={answer.old.length} batch={batch} />}
              />
            </Row>
          </Formula>
        )}
        {settings.beta !== 0 && divisor !== null ? (
          <span className="small quiet">and of the KL {inUnit(kl, unit)}</span>
        ) : null}
      </td>
      <td className="n">
        <b>{inUnit(result, unit)}</b>
      </td>
      <td className="small quiet">
        {boundsText(loss, settings)}
        {isHeld ? (
          <span className="badge outline">{cap === null ? 'clipped' : 'capped'}</span>
        ) : null}
      </td>
    </>
  );
}
