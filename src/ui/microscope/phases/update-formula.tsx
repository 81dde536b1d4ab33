/** What the update does to one token of an answer, and what has become of its log-prob. */
import { settingsUnder, underEveryLoss } from '../../../rl/objectives/every-loss.ts';
import { Formula, Frac, Name, Num, Op, Row } from '../../components/math.tsx';
import { negative } from '../../samples/token-colour.ts';
import { Divisor, General, inBrackets, ratioText } from '../loss-formula.tsx';
import { inUnit, LOSS_NAMES, powerText, unitOf } from '../loss-words.ts';
import { useRunView } from '../run-view.ts';
import type { BatchGroup, StepBatch } from '../step-batch.ts';
import { tokenText } from '../token-text.ts';

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
  const { trained, size, settings } = batch;
  const answer = group.answers[at];
  if (trained === null || !answer)
    return <p className="small quiet">The loss of this method is none of the group’s.</p>;
  const { old, record } = answer;
  const least = old.reduce((low, one, t) => (one < old[low] ? t : low), 0);
  const token = Math.min(chosen ?? least, old.length - 1);
  const under = underEveryLoss([answer], [old], size, () =>
    settingsUnder(trained, settings, trained),
  ).find(({ loss }) => loss === trained);
  if (!under) return null;
  const [{ coefficients, divisor }] = under.answers;
  const coefficient = -coefficients[token];
  const unit = unitOf(Math.abs(coefficient));
  const advantage = (trained === 'ppo' ? answer.critic : answer.advantages)[token];
  const { before, after } = record.tokens;
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
      ) : (
        <Formula>
          <Row>
            <Op>=</Op>
            <Frac
              top={
                <>
                  <Num>{ratioText(1)}</Num>
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
      {before && after ? (
        <table className="data moved">
          <thead>
            <tr>
              <th scope="col" className="n">
                log-prob before
              </th>
              <th scope="col" className="n">
                after
              </th>
              <th scope="col" className="n">
                ratio
              </th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <td className="n">{negative(before[token], 4)}</td>
              <td className="n">{negative(after[token], 4)}</td>
              <td className="n">
                <b>{Math.exp(after[token] - before[token]).toFixed(4)}</b>
              </td>
            </tr>
          </tbody>
        </table>
      ) : null}
      <p className="small quiet">
        {LOSS_NAMES[trained]}, first pass: nothing has moved yet, every ratio is 1.{' '}
        {before
          ? 'AdamW then moved all weights at once, so a token also moves for what others pushed.'
          : 'What became of the log-prob is known where the step is done in phases here.'}
      </p>
    </>
  );
}
