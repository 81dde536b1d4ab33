/** One token, pass by pass: its log-prob as each began, its ratio and what the loss asked for. */
import { negative } from '../../samples/token-colour.ts';
import { inUnit, powerText, unitOf } from '../loss-words.ts';
import type { BatchAnswer, StepBatch } from '../step-batch.ts';
import { logpAt, type Moment, momentsOf, trainedAt } from './clip-view.ts';

interface Props {
  readonly answer: BatchAnswer;
  readonly token: number;
  readonly batch: StepBatch;
  /** The moment that is looked at. */
  readonly moment: Moment;
  readonly onMoment: (moment: Moment) => void;
}

export function PassTable({ answer, token, batch, moment, onMoment }: Props) {
  const rows = momentsOf(answer.record).map((at) => {
    const under = trainedAt(answer, at, batch);
    const asked = at === 'after' || !under ? null : 0 - under.policy[token];
    const held = asked !== null && (under?.held[token] ?? false);
    return { at, logp: logpAt(answer, at)[token], ratio: under?.ratios[token], asked, held };
  });
  const unit = unitOf(Math.max(...rows.map(({ asked }) => Math.abs(asked ?? 0))));
  return (
    <table className="data moved">
      <thead>
        <tr>
          <th scope="col">
            <span className="sr">moment</span>
          </th>
          <th scope="col" className="n">
            log-prob
          </th>
          <th scope="col" className="n">
            ratio
          </th>
          <th scope="col" className="n">
            c{unit === 0 ? '' : `, ${powerText(unit)}`}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ at, logp, ratio, asked, held }) => (
          <tr key={at} className={at === moment ? 'cur' : undefined}>
            <th scope="row">
              <button
                className="pickrow"
                type="button"
                aria-pressed={at === moment}
                onClick={() => onMoment(at)}
              >
                {at === 'after' ? 'After' : `Pass ${at}`}
              </button>
            </th>
            <td className="n">{negative(logp, 4)}</td>
            <td className="n">{ratio?.toFixed(4)}</td>
            <td className="n">
              {asked === null ? '' : inUnit(asked, unit)}
              {held ? <span className="faint"> held</span> : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
