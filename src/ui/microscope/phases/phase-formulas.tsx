/** Where the numbers of one answer come from: its log-prob, its reward, its advantage. */
import { Fragment, type ReactNode } from 'react';
import { moments, STD_OFFSET } from '../../../rl/objectives/advantage.ts';
import type { CompletionRecord } from '../../../rl/records.ts';
import { Formula, Frac, Name, Num, Op, Row, Sqrt, Sub, Sum, Sup } from '../../components/math.tsx';
import { rewardParts } from '../../samples/group-stats.ts';
import { negative, signed } from '../../samples/token-colour.ts';
import { termName } from '../../term-name.ts';
import type { BatchGroup, StepBatch } from '../step-batch.ts';

/** Numbers that stand in a formula before it is cut short. */
const SHOWN = 4;

const plain = (value: number, digits = 2) => negative(value, digits);

/** log π(o | q) as the sum over the tokens. */
export function SampleFormula({
  record,
  at,
}: {
  readonly record: CompletionRecord;
  readonly at: number;
}) {
  const { logprob } = record.tokens;
  const total = logprob.reduce((sum, one) => sum + one, 0);
  return (
    <>
      <Formula>
        <Row>
          <LogPi of={<Indexed name="o" at={at} />} />
          <Op>=</Op>
          <Sum over="t" />
          <LogPi
            of={
              <Sub
                base={<Name>o</Name>}
                sub={
                  <>
                    <Num>{String(at + 1)}</Num>
                    <Op>,</Op>
                    <Name>t</Name>
                  </>
                }
              />
            }
          />
        </Row>
      </Formula>
      <Formula>
        <Row>
          <Op>=</Op>
          {logprob.slice(0, SHOWN).map((one, t) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a token is its place in the answer
            <Fragment key={t}>
              <Op>−</Op>
              <Num>{plain(Math.abs(one))}</Num>
            </Fragment>
          ))}
          {logprob.length > SHOWN ? <Op>− …</Op> : null}
          <Op>=</Op>
          <Num result>{plain(total)}</Num>
        </Row>
      </Formula>
      <p className="small quiet">The same seed and step draw the same answers again.</p>
    </>
  );
}

function LogPi({ of }: { readonly of: ReactNode }) {
  return (
    <Row>
      <Name>log</Name>
      <Name>π</Name>
      <Op>(</Op>
      {of}
      <Op>)</Op>
    </Row>
  );
}

function Indexed({ name, at }: { readonly name: string; readonly at: number }) {
  return <Sub base={<Name>{name}</Name>} sub={<Num>{String(at + 1)}</Num>} />;
}

/** The reward as the weighted sum of its terms. */
export function ScoreFormula({
  record,
  terms,
  at,
}: {
  readonly record: CompletionRecord;
  readonly terms: readonly { readonly term: string; readonly weight: number }[];
  readonly at: number;
}) {
  const paid = terms.filter(({ weight }) => weight !== 0);
  const parts = rewardParts(record, terms).filter(({ watched }) => !watched);
  if (record.reward === undefined) return null;
  return (
    <>
      <Formula>
        <Row>
          <Name>R</Name>
          <Op>=</Op>
          {paid.map(({ term, weight }, i) => (
            <Fragment key={term}>
              {i > 0 ? <Op>+</Op> : null}
              <Num>{String(weight)}</Num>
              <Name>{`\u00a0${termName(term)}`}</Name>
            </Fragment>
          ))}
        </Row>
      </Formula>
      <Formula>
        <Row>
          <Indexed name="r" at={at} />
          <Op>=</Op>
          {parts.map(({ term, value }, i) => (
            <Fragment key={term}>
              {i > 0 ? <Op>+</Op> : null}
              <Num>{plain(value)}</Num>
            </Fragment>
          ))}
          <Op>=</Op>
          <Num result>{plain(record.reward)}</Num>
        </Row>
      </Formula>
    </>
  );
}

/** Mean, deviation where the run divides by it, and the advantage. */
export function AdvantageFormula({
  group: { answers },
  batch: { scale, trained },
  at,
}: {
  readonly group: BatchGroup;
  readonly batch: StepBatch;
  readonly at: number;
}) {
  if (trained === 'ppo' || trained === null)
    return (
      <p className="small quiet">
        {trained === 'ppo'
          ? 'PPO takes from what came after each token what the critic expected there; shown is the mean over the tokens.'
          : 'This method makes its advantages in its own way; they are as it gave them to the update.'}
      </p>
    );
  const rewards = answers.map(({ reward }) => reward);
  const { mean, std } = moments(rewards);
  const { reward, advantage } = answers[at];
  const count = String(rewards.length);
  const apart = (
    <>
      <Num>{plain(reward)}</Num>
      <Op>−</Op>
      <Num>{plain(mean)}</Num>
    </>
  );
  return (
    <>
      <Formula>
        <Row>
          <Name>mean</Name>
          <Op>=</Op>
          <Frac
            top={
              <>
                {rewards.slice(0, SHOWN).map((one, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: an answer is its place in the group
                  <Fragment key={i}>
                    {i > 0 ? <Op>+</Op> : null}
                    <Num>{plain(one)}</Num>
                  </Fragment>
                ))}
                {rewards.length > SHOWN ? <Op>+ …</Op> : null}
              </>
            }
            bottom={<Num>{count}</Num>}
          />
          <Op>=</Op>
          <Num>{plain(mean)}</Num>
        </Row>
      </Formula>
      {scale === 'group' ? (
        <Formula>
          <Row>
            <Name>deviation</Name>
            <Op>=</Op>
            <Sqrt>
              <Frac
                top={
                  <>
                    <Sum over="i" />
                    <Op>(</Op>
                    <Sub base={<Name>r</Name>} sub={<Name>i</Name>} />
                    <Op>−</Op>
                    <Num>{plain(mean)}</Num>
                    <Sup base={<Op>)</Op>} sup={<Num>2</Num>} />
                  </>
                }
                bottom={
                  <>
                    <Num>{count}</Num>
                    <Op>−</Op>
                    <Num>1</Num>
                  </>
                }
              />
            </Sqrt>
            <Op>=</Op>
            <Num>{plain(std)}</Num>
          </Row>
        </Formula>
      ) : null}
      <Formula>
        <Row>
          <Indexed name="A" at={at} />
          <Op>=</Op>
          {scale === 'none' ? (
            apart
          ) : (
            <Frac
              top={apart}
              bottom={
                scale === 'group' ? (
                  <>
                    <Num>{plain(std)}</Num>
                    <Op>+</Op>
                    <Num>{String(STD_OFFSET)}</Num>
                  </>
                ) : (
                  <Name>deviation of the step</Name>
                )
              }
            />
          )}
          <Op>=</Op>
          <Num result>{signed(advantage)}</Num>
        </Row>
      </Formula>
      <p className="small quiet">
        {std === 0
          ? 'All answers scored the same, so every advantage is 0 and nothing is learned from them.'
          : `The ${count} add up to 0. Had all scored the same, every one would be 0, and nothing would be learned.`}
      </p>
    </>
  );
}
