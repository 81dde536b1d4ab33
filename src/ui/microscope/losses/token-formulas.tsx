/** One token under every loss: the formula of its coefficient, in general and with its numbers. */
import type { ReactNode } from 'react';
import type { EveryLoss, UnderLoss } from '../../../rl/objectives/every-loss.ts';
import { Formula, Frac, Inline, Length, Name, Num, Op, Row, Sub } from '../../components/math.tsx';
import { negative, signed } from '../../samples/token-colour.ts';
import { boundsText, inUnit, LOSS_NAMES, LOSS_SAYS, powerText, unitOf } from '../loss-words.ts';
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
                <th scope="row" title={LOSS_SAYS[under.loss]}>
                  {LOSS_NAMES[under.loss]}
                </th>
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

const RHO = <Name>ρ</Name>;

/** What the loss divides by, as a formula. */
const DIVISORS: Readonly<Record<EveryLoss, ReactNode>> = {
  grpo: (
    <>
      <Name>B</Name>
      <Length of={<Name>o</Name>} />
    </>
  ),
  gspo: (
    <>
      <Name>B</Name>
      <Length of={<Name>o</Name>} />
    </>
  ),
  bnpo: <Name>T</Name>,
  dapo: <Name>T</Name>,
  cispo: <Name>T</Name>,
  ppo: <Name>T</Name>,
  dr_grpo: (
    <>
      <Name>B</Name>
      <Name>L</Name>
    </>
  ),
};

function General({ loss, sequence }: { readonly loss: EveryLoss; readonly sequence: boolean }) {
  const ratio = sequence ? <Name>s</Name> : RHO;
  const advantage =
    loss === 'ppo' ? <Sub base={<Name>A</Name>} sub={<Name>t</Name>} /> : <Name>A</Name>;
  const weight =
    loss === 'cispo' ? (
      <>
        <Name>min</Name>
        <Op>(</Op>
        {ratio}
        <Op>,</Op>
        <Name>cap</Name>
        <Op>)</Op>
      </>
    ) : (
      ratio
    );
  return (
    <Formula>
      <Row>
        <Name>c</Name>
        <Op>=</Op>
        <Frac
          top={
            <>
              {weight}
              {advantage}
            </>
          }
          bottom={DIVISORS[loss]}
        />
      </Row>
    </Formula>
  );
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

function Divisor({
  loss,
  answer,
  batch,
}: {
  readonly loss: EveryLoss;
  readonly answer: number;
  readonly batch: StepBatch;
}) {
  const { completions, activeTokens } = batch.size;
  const other =
    loss === 'grpo' || loss === 'gspo'
      ? answer
      : loss === 'dr_grpo'
        ? batch.settings.max_completion_length
        : null;
  if (other === null) return <Num>{activeTokens.toLocaleString('en')}</Num>;
  return (
    <>
      <Num>{String(completions)}</Num>
      <Op>×</Op>
      <Num>{String(other)}</Num>
    </>
  );
}

/** A factor: a number below 0 stands in brackets. */
function inBrackets(value: number): string {
  const text = negative(value, 3);
  return value < 0 ? `(${text})` : text;
}

/** Ratios near 1 need their digits: gspo is held at 1.0004. */
function ratioText(ratio: number): string {
  return ratio.toFixed(ratio !== 1 && Math.abs(ratio - 1) < 0.01 ? 5 : 2);
}
