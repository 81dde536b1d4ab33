/** What the update does to one token of an answer, pass by pass, and what has become of its log-prob. */
import { useState } from 'react';
import { Formula, Frac, Name, Num, Op, Row } from '../../components/math.tsx';
import { Divisor, General, inBrackets, ratioText } from '../loss-formula.tsx';
import { inUnit, LOSS_NAMES, powerText, unitOf } from '../loss-words.ts';
import { useRunView } from '../run-view.ts';
import type { BatchGroup, StepBatch } from '../step-batch.ts';
import { tokenText } from '../token-text.ts';
import { ClipPlot } from './clip-plot.tsx';
import { advantagesUnder, type Moment, momentsOf, trainedAt } from './clip-view.ts';
import { PassTable } from './pass-table.tsx';

/** Why the coefficient is not that of the formula. */
const HELD = {
  clipped: 'the ratio is clipped, so the token is not pushed any further.',
  capped: 'the ratio is capped.',
} as const;

export function UpdateFormula({
  group,
  batch,
  at,
}: {
  readonly group: BatchGroup;
  readonly batch: StepBatch;
  readonly at: number;
}) {
  const chosen = useRunView((view) => view.token);
  const [wanted, setMoment] = useState<Moment>('after');
  const { trained, settings } = batch;
  const answer = group.answers[at];
  if (trained === null || !answer)
    return <p className="small quiet">The loss of this method is none of the group’s.</p>;
  const { old, record } = answer;
  const least = old.reduce((low, one, t) => (one < old[low] ? t : low), 0);
  const token = Math.min(chosen ?? least, old.length - 1);
  const moments = momentsOf(record);
  const moment = moments.includes(wanted) ? wanted : (moments.at(-1) ?? 1);
  const passes = Math.max(1, moments.length - 1);
  const pass = moment === 'after' ? passes : moment;
  const under = trainedAt(answer, pass, batch);
  if (!under) return null;
  const { policy, divisor, ratios, held } = under;
  const coefficient = 0 - policy[token];
  const capped = held[token] && trained === 'cispo';
  const weight = capped ? (settings.epsilon_high ?? settings.epsilon) : ratios[token];
  const unit = unitOf(Math.abs(coefficient));
  const advantage = advantagesUnder(answer, trained)[token];
  return (
    <>
      <label className="tokenpick small" htmlFor="phase-token">
        Token <span className="mono tkc">{tokenText(record, token)}</span>{' '}
        <span className="faint">
          {token + 1} of {old.length}
        </span>
        <input
          id="phase-token"
          className="range"
          type="range"
          min={0}
          max={old.length - 1}
          value={token}
          aria-valuetext={`${tokenText(record, token)}, token ${token + 1}`}
          onChange={(event) =>
            useRunView.setState({ answer: at, token: event.currentTarget.valueAsNumber })
          }
        />
      </label>
      <General
        loss={trained}
        sequence={trained === 'gspo' || settings.importance_sampling_level === 'sequence'}
      />
      {divisor === null ? (
        <p className="small quiet">The answer was cut off, and has no part in the loss.</p>
      ) : held[token] && !capped ? (
        <Formula>
          <Row>
            <Op>=</Op>
            <Num result>0</Num>
          </Row>
        </Formula>
      ) : (
        <Formula>
          <Row>
            <Op>=</Op>
            <Frac
              top={
                <>
                  <Num>{ratioText(weight)}</Num>
                  <Op>×</Op>
                  <Num>{inBrackets(advantage)}</Num>
                </>
              }
              bottom={<Divisor loss={trained} answer={old.length} batch={batch} />}
            />
            <Op>=</Op>
            <Num result>{inUnit(coefficient, unit)}</Num>
            {unit === 0 ? null : (
              <>
                <Op>×</Op>
                <Name>{powerText(unit)}</Name>
              </>
            )}
          </Row>
        </Formula>
      )}
      {moments.length > 0 ? (
        <PassTable {...{ answer, token, batch, moment }} onMoment={setMoment} />
      ) : null}
      <ClipPlot {...{ batch, answer, token, moment }} />
      <p className="small quiet">
        {LOSS_NAMES[trained]}, pass {pass} of {passes}
        {held[token] ? `: ${HELD[capped ? 'capped' : 'clipped']} ` : '. '}
        {pass === 1 && trained !== 'ppo'
          ? 'In the first pass nothing has moved yet, so every ratio is 1. '
          : ''}
        {moments.length > 0
          ? 'AdamW moves all weights at once, so a token also moves for what others pushed.'
          : 'What became of the log-prob is known where the step is done in phases here.'}
      </p>
    </>
  );
}
