/** The coefficient of a token as a formula, for every loss. */
import type { ReactNode } from 'react';
import type { EveryLoss } from '../../rl/objectives/every-loss.ts';
import { Formula, Frac, Length, Name, Num, Op, Row, Sub } from '../components/math.tsx';
import { negative } from '../samples/token-colour.ts';
import type { StepBatch } from './step-batch.ts';

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

/** The coefficient of a token in general. @param sequence one ratio serves the whole answer */
export function General({
  loss,
  sequence,
}: {
  readonly loss: EveryLoss;
  readonly sequence: boolean;
}) {
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

/** What the loss divides by, with its numbers. */
export function Divisor({
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
export function inBrackets(value: number): string {
  const text = negative(value, 3);
  return value < 0 ? `(${text})` : text;
}

/** Ratios near 1 need their digits: gspo is held at 1.0004. */
export function ratioText(ratio: number): string {
  return ratio.toFixed(ratio !== 1 && Math.abs(ratio - 1) < 0.01 ? 5 : 2);
}
