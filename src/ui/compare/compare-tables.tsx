/** Compared groups in numbers: what they came to at one step, and in which settings they differ. */
import { resultOf } from '../../lab/run-groups/over-steps.ts';
import { pairedCurve } from '../../lab/run-groups/paired.ts';
import { RunKey } from '../charts/run-key.tsx';
import { reading } from '../plot/numbers.ts';
import { settingAt, valuesOf, valueText } from '../settings.ts';
import { METRICS, metricOf } from '../stored/group-words.ts';
import { differenceText, settingsTable } from './compare-words.ts';
import type { Compared, Comparison } from './comparison.ts';

function Heads({
  groups,
  children,
}: {
  readonly groups: readonly Compared[];
  readonly children: string;
}) {
  return (
    <tr>
      <th scope="col">{children}</th>
      {groups.map(({ row, slot }) => (
        <th scope="col" key={row.key}>
          <RunKey run={{ slot }} />
          <span className="sr">{row.name}</span>
        </th>
      ))}
    </tr>
  );
}

/** Numbers beside the one that is drawn. */
const BESIDE = ['reward', 'completions/mean_length', 'eval/accuracy'];

interface ResultsProps {
  readonly comparison: Comparison;
  readonly onLevel: (level: number) => void;
}

/** With two groups their paired difference stands in a column of its own. */
export function Results({ comparison, onLevel }: ResultsProps) {
  const { groups, metric, step, level } = comparison;
  const two = groups.length === 2 ? groups[1] : null;
  const others = BESIDE.filter((id) => id !== metric.id);
  return (
    <table className="data difftable results">
      <thead>
        <tr>
          <th scope="col">{step === null ? 'No step in common' : `At step ${step}`}</th>
          {groups.map(({ row, slot }) => (
            <th scope="col" key={row.key}>
              <RunKey run={{ slot }} />
              <span className="sr">{row.name}</span>
            </th>
          ))}
          {two && (
            <th scope="col" className="n">
              difference, 95 %
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        <tr>
          <td>{metric.label}</td>
          {groups.map(({ row, result }) => (
            <td key={row.key}>{result ? reading(result.estimate.mean) : '–'}</td>
          ))}
          {two && (
            <td className="n">
              {two.pair?.last ? differenceText(metric, two.pair.last.estimate) : '–'}
            </td>
          )}
        </tr>
        <tr>
          <td>
            <label className="level">
              Steps to{' '}
              <input
                className="input"
                type="number"
                step="any"
                value={level}
                onChange={({ target }) =>
                  Number.isFinite(target.valueAsNumber) && onLevel(target.valueAsNumber)
                }
              />
            </label>
          </td>
          {groups.map(({ row, toLevel }) => (
            <td key={row.key}>
              {toLevel ? Math.round(toLevel.mean) : 'never'}
              {toLevel && toLevel.missed > 0 && (
                <span className="faint small">
                  {' '}
                  {toLevel.n - toLevel.missed} of {toLevel.n}
                </span>
              )}
            </td>
          ))}
          {two && (
            <td className="n">
              {two.pair?.toLevel ? differenceText(STEPS, two.pair.toLevel) : '–'}
            </td>
          )}
        </tr>
        {others.map((id) => (
          <Other key={id} id={id} groups={groups} two={two !== null} />
        ))}
      </tbody>
    </table>
  );
}

const STEPS = { id: 'steps', label: 'Steps', unit: '', share: false, better: null } as const;

/** A further number at the end of each group. */
function Other({
  id,
  groups,
  two,
}: {
  readonly id: string;
  readonly groups: readonly Compared[];
  readonly two: boolean;
}) {
  const metric = metricOf(id);
  const results = groups.map(({ row }) => resultOf(row.group.runs, id));
  if (results.every((result) => result === null)) return null;
  const [a, b] = groups.map(({ row }) => row.group.runs);
  const last = two ? pairedCurve(a, b, id).at(-1) : undefined;
  return (
    <tr>
      <td>{METRICS.find((known) => known.id === id)?.label ?? id}</td>
      {groups.map(({ row }, i) => (
        <td key={row.key}>{results[i] ? reading(results[i].estimate.mean) : '–'}</td>
      ))}
      {two && <td className="n">{last ? differenceText(metric, last.estimate) : '–'}</td>}
    </tr>
  );
}

/** The settings that differ; all others are one fold away. */
export function Settings({ comparison }: { readonly comparison: Comparison }) {
  const { groups, adapters, builds } = comparison;
  const rows = groups.map(({ row }) => row);
  const lines = settingsTable(rows);
  const [{ experiment }] = rows[0].group.runs;
  const differing = new Set(lines.map(({ label }) => label));
  const equal = valuesOf(experiment).filter(
    ({ setting }) => setting.path !== 'seed' && !differing.has(setting.label),
  );
  const same = [
    ...(builds.length === 1 ? ['the build'] : []),
    ...(adapters.length === 1 ? ['the adapter'] : []),
  ];
  return (
    <>
      {(rows.length > 1 || lines.length > 0) && (
        <table className="data difftable">
          <thead>
            <Heads groups={groups}>{rows.length > 1 ? 'What differs' : 'Moved live'}</Heads>
          </thead>
          <tbody>
            {lines.map(({ label, values }) => (
              <tr key={label}>
                <td>{label}</td>
                {values.map((value, i) => (
                  <td key={rows[i].key} className={i > 0 && value !== values[0] ? '' : 'was'}>
                    {value}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <details className="small faint equal">
        <summary>
          {rows.length > 1
            ? `The other ${equal.length} settings${same.length > 0 ? `, ${same.join(' and ')}` : ''} are equal. Show them`
            : `All ${equal.length} settings`}
        </summary>
        <dl className="facts">
          {equal.map(({ setting: { path, label }, value }) => {
            const setting = settingAt(experiment, path)?.setting;
            return (
              <div key={path}>
                <dt>{label}</dt>
                <dd>{setting ? valueText(setting, value) : String(value)}</dd>
              </div>
            );
          })}
        </dl>
      </details>
    </>
  );
}
