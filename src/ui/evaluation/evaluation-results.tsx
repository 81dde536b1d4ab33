/** What evaluations have found: curves and numbers of the newest, beside those of an earlier one. */
import { useId, useMemo, useState } from 'react';
import type { Dialect } from '../../rl/tasks/task.ts';
import { chartFile } from '../charts/chart-file.ts';
import { CurveChart } from '../charts/curve-chart.tsx';
import {
  kCurves,
  MAJORITY,
  type NamedEvaluation,
  NOT_JUDGED,
  numberRows,
  PASS,
  TOURNAMENT,
  TRANSFER,
  tournamentCurves,
  transferCurves,
} from '../charts/evaluation-curves.ts';
import { Select } from '../components/select.tsx';
import { useLab } from '../context.ts';
import type { EvaluationResult } from '../store/evaluations.ts';
import { lead } from '../store/runs.ts';
import { SPLIT_NAMES } from './order-rules.ts';

/** The run's slot on the page. */
const SLOT = 1;

/**
 * @param compared results on the same questions, the newest among them
 * @param dialects of the task
 */
export function EvaluationResults({
  compared,
  dialects,
}: {
  readonly compared: readonly EvaluationResult[];
  readonly dialects: readonly Dialect[];
}) {
  const [chosen, setChosen] = useState<number | null>(null);
  const label = useLab((data) => lead(data)?.label);
  const seed = useLab((data) => lead(data)?.experiment.seed);
  const file = (chart: string) => chartFile(label === undefined ? [] : [{ label, seed }], chart);
  const newest = compared.reduce((a, b) => (b.id > a.id ? b : a));
  const others = compared.filter((result) => result !== newest);
  const against = others.find(({ id }) => id === chosen) ?? others[0];
  const named = useMemo(
    (): NamedEvaluation[] =>
      (against ? [against, newest] : [newest]).map((result) => ({
        name: nameOf(result),
        evaluation: result.evaluation,
      })),
    [against, newest],
  );
  const curves = useMemo(
    () => ({
      majority: kCurves('maj_at_k', named, SLOT),
      pass: kCurves('pass_at_k', named, SLOT),
      transfer: transferCurves(named),
      tournament: tournamentCurves(named, SLOT),
    }),
    [named],
  );
  const id = useId();
  return (
    <div className="curve-grid">
      <CurveChart
        spec={MAJORITY}
        file={file(MAJORITY.id)}
        curves={curves.majority}
        {...(curves.majority.length === 0 && { off: NOT_JUDGED })}
      />
      <CurveChart
        spec={PASS}
        file={file(PASS.id)}
        curves={curves.pass}
        {...(curves.pass.length === 0 && { off: NOT_JUDGED })}
      />
      {curves.tournament.length > 0 ? (
        <CurveChart spec={TOURNAMENT} file={file(TOURNAMENT.id)} wide curves={curves.tournament} />
      ) : null}
      <CurveChart
        spec={TRANSFER}
        file={file(TRANSFER.id)}
        wide
        curves={curves.transfer}
        {...(curves.transfer.length === 0 && { off: 'No receiver was asked' })}
      />
      <div className="numbers">
        {others.length > 1 ? (
          <div className="field">
            <label className="label" htmlFor={id}>
              Compared with
            </label>
            <Select
              id={id}
              value={against?.id}
              onChange={(event) => setChosen(Number(event.target.value))}
            >
              {others.map((result) => (
                <option key={result.id} value={result.id}>
                  {nameOf(result)}
                </option>
              ))}
            </Select>
          </div>
        ) : null}
        <Numbers named={named} dialects={dialects} questions={questionsOf(newest)} />
      </div>
    </div>
  );
}

function nameOf({ order, step }: EvaluationResult): string {
  return order.policy === 'before' ? 'before training' : `step ${step}`;
}

/** Which questions an evaluation asked, as the charts call them. */
function questionsOf({ order: { split } }: EvaluationResult): string {
  return SPLIT_NAMES[split === 'ood' ? 'ood' : 'test'].toLowerCase();
}

function Numbers({
  named,
  dialects,
  questions,
}: {
  readonly named: readonly NamedEvaluation[];
  readonly dialects: readonly Dialect[];
  readonly questions: string;
}) {
  return (
    <table className="data">
      <caption className="sr">Numbers with 95 % intervals</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="sr">Number</span>
          </th>
          {named.map(({ name }) => (
            <th key={name} className="n" scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {numberRows(named, dialects, questions).map(({ name, values }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {values.map((value, i) => (
              <td key={named[i].name} className="n">
                {value}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
