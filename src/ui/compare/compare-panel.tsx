/** The chosen groups side by side: curves, what differs seed by seed with the sentence that its interval allows, tables, and files. */
import { type ReactNode, useId, useMemo, useRef, useState } from 'react';
import '../charts/charts.css';
import './compare.css';
import { exportColours } from '../charts/colours.ts';
import { RunKey } from '../charts/run-key.tsx';
import { savePng } from '../charts/save-png.ts';
import { Icon } from '../components/icon.tsx';
import { Select } from '../components/select.tsx';
import { usePage } from '../context.ts';
import { fileStem } from '../export.ts';
import { saveFile } from '../files.ts';
import { reading } from '../plot/numbers.ts';
import { showToast } from '../store/view.ts';
import type { GroupRow } from '../stored/group-rows.ts';
import { countWord, type Metric } from '../stored/group-words.ts';
import { DifferencePlot, Overlay } from './compare-charts.tsx';
import { comparisonCsv, comparisonJson, comparisonSvg } from './compare-export.ts';
import { Results, Settings } from './compare-tables.tsx';
import { captionOf, findingOf, signedOf, tasksWarning, unitOf } from './compare-words.ts';
import { type Compared, type Comparison, compare, metricsOf } from './comparison.ts';
import { type BarOf, barsOf, placesOf } from './standing.ts';
import { barFiles, type FigureFiles, placeFiles } from './standing-export.ts';
import { Bars, Places } from './standing-plot.tsx';

interface Props {
  /** At least one, in the order in which they were chosen. */
  readonly rows: readonly GroupRow[];
  readonly slotOf: (key: string) => number;
}

export function ComparePanel({ rows, slotOf }: Props) {
  const [asked, setAsked] = useState<string | null>(null);
  const [level, setLevel] = useState<number | null>(null);
  const [view, setView] = useState<View>('curves');
  const [barOf, setBarOf] = useState<BarOf>('last');
  const [along, setAlong] = useState<string | null>(null);
  const metrics = metricsOf(rows);
  const metric = metrics.find(({ id }) => id === asked)?.id ?? metrics[0]?.id;
  const comparison = useMemo(
    () => (metric === undefined ? null : compare(rows, { metric, level, slotOf })),
    [rows, metric, level, slotOf],
  );
  if (!comparison)
    return (
      <p className="none quiet">Nothing was recorded of {rows.length === 1 ? 'it' : 'them'} yet.</p>
    );
  const others = metrics.filter(({ id }) => id !== comparison.metric.id);
  const x = others.find(({ id }) => id === along) ?? others[0];
  const shown = view === 'pareto' && !x ? 'curves' : view;
  const choose = (id: string) => {
    setAsked(id);
    setLevel(null);
  };
  return (
    <>
      <section className="overlaysection">
        <Warnings comparison={comparison} />
        <figure className="chart overlay">
          <figcaption className="chart-head">
            <h3 className="sr">{comparison.metric.label}</h3>
            <Select
              aria-label="What is compared"
              value={metric}
              onChange={({ target }) => choose(target.value)}
            >
              {metrics.map(({ id, label }) => (
                <option key={id} value={id}>
                  {label}
                </option>
              ))}
            </Select>
            {shown === 'pareto' && (
              <span className="against">
                against
                <Select
                  aria-label="Against what"
                  value={x?.id}
                  onChange={({ target }) => setAlong(target.value)}
                >
                  {others.map(({ id, label }) => (
                    <option key={id} value={id}>
                      {label}
                    </option>
                  ))}
                </Select>
              </span>
            )}
            {shown === 'bars' && (
              <Select
                aria-label="Which value"
                value={barOf}
                onChange={({ target }) => setBarOf(target.value === 'best' ? 'best' : 'last')}
              >
                <option value="last">last value</option>
                <option value="best">best value</option>
              </Select>
            )}
            <Views view={shown} pareto={x !== undefined} onView={setView} />
            <span className="unit">{unitText(comparison)}</span>
            {shown === 'curves' && <Readout comparison={comparison} />}
          </figcaption>
          {shown === 'curves' && <Overlay comparison={comparison} />}
          {shown === 'bars' && <Bars bars={barsOf(comparison, barOf)} metric={comparison.metric} />}
          {shown === 'pareto' && x && (
            <Places places={placesOf(comparison, x)} metrics={[x, comparison.metric]} />
          )}
        </figure>
        {comparison.groups.slice(1).map((group) => (
          <Difference key={group.row.key} comparison={comparison} group={group} />
        ))}
      </section>
      <section>
        <Results comparison={comparison} onLevel={setLevel} />
      </section>
      <section>
        <Settings comparison={comparison} />
      </section>
      <Figure comparison={comparison} files={filesOf(comparison, shown, barOf, x)} />
    </>
  );
}

type View = 'curves' | 'bars' | 'pareto';

/** What leaves the page is what is shown. */
function filesOf(
  comparison: Comparison,
  view: View,
  barOf: BarOf,
  x: Metric | undefined,
): FigureFiles {
  if (view === 'bars') return barFiles(comparison, barOf);
  if (view === 'pareto' && x) return placeFiles(comparison, x);
  return {
    caption: captionOf(comparison),
    svg: (colours) => comparisonSvg(comparison, colours),
    csv: () => comparisonCsv(comparison),
    json: () => comparisonJson(comparison),
  };
}

function Views({
  view,
  pareto,
  onView,
}: {
  readonly view: View;
  readonly pareto: boolean;
  readonly onView: (view: View) => void;
}) {
  const name = useId();
  const choice = (id: View, label: string) => (
    <label>
      <input type="radio" name={name} checked={view === id} onChange={() => onView(id)} />
      {label}
    </label>
  );
  return (
    <fieldset className="segmented views">
      <legend className="sr">View</legend>
      {choice('curves', 'Curves')}
      {choice('bars', 'Bars')}
      {pareto && choice('pareto', 'Pareto')}
    </fieldset>
  );
}

function unitText({ metric, groups }: Comparison): string {
  const counts = [...new Set(groups.map(({ result }) => result?.values.length ?? 0))];
  const seeds = counts.length === 1 ? countWord(counts[0], 'seed') : 'seeds';
  const band = groups.some(({ result }) => result?.estimate.low != null);
  return `${metric.unit}, mean${band ? ' and 95 %' : ''} over ${seeds}`;
}

/** What makes numbers differ without anything being wrong, or keeps them from being compared at all. */
function Warnings({
  comparison: { adapters, builds, tasks },
}: {
  readonly comparison: Comparison;
}) {
  const named = [
    ...(adapters.length > 1 ? [`adapters ${adapters.join(' and ')}`] : []),
    ...(builds.length > 1 ? [`builds ${builds.join(' and ')}`] : []),
  ];
  return (
    <>
      {tasks.length > 1 && <Warned>{tasksWarning(tasks)}</Warned>}
      {named.length > 0 && (
        <Warned>
          Of different {named.join(', and ')}: a part of a difference may come from that.
        </Warned>
      )}
    </>
  );
}

function Warned({ children }: { readonly children: ReactNode }) {
  return (
    <p className="small warned">
      <Icon name="warn" small />
      {children}
    </p>
  );
}

function Readout({ comparison: { groups } }: { readonly comparison: Comparison }) {
  return (
    <dl className="readout">
      {groups.map(({ row, slot, result }) => (
        <div key={row.key}>
          <dt>
            <RunKey run={{ slot }} />
            <span className="sr">{row.name}</span>
          </dt>
          <dd>{result ? reading(result.estimate.mean) : '–'}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The first group less another. */
function Difference({
  comparison,
  group,
}: {
  readonly comparison: Comparison;
  readonly group: Compared;
}) {
  const { metric, groups } = comparison;
  const [{ row: first }] = groups;
  const last = group.pair?.last ?? null;
  const { said, because } = findingOf(metric, first.name, group.row.name, last);
  const { low, high } = last?.estimate ?? { low: null, high: null };
  return (
    <>
      {last && group.pair && (
        <figure className="chart paired">
          <figcaption className="chart-head">
            <h3>Difference</h3>
            <span className="unit">
              {first.name} less {group.row.name}, same seed{unitOf(metric).replace(' ', ', ')}
            </span>
            <span className="readout">
              <b className="medium">{signedOf(metric, last.estimate.mean)}</b>
              {low !== null && high !== null && (
                <span className="faint">
                  {signedOf(metric, low)} to {signedOf(metric, high)}
                </span>
              )}
            </span>
          </figcaption>
          <DifferencePlot metric={metric} curve={group.pair.curve} last={last} />
        </figure>
      )}
      <p className="finding">
        <b>{said}</b> <span className="quiet">{because}</span>
      </p>
    </>
  );
}

/** The figure and its numbers as files, with what was run. */
function Figure({
  comparison,
  files,
}: {
  readonly comparison: Comparison;
  readonly files: FigureFiles;
}) {
  const page = usePage();
  const box = useRef<HTMLElement>(null);
  const stem = fileStem(comparison.groups.map(({ row }) => row.name).join(' '));
  const svg = () => files.svg(exportColours(box.current ?? document.body));
  const png = () =>
    savePng(`${stem}.png`, svg()).catch(() =>
      showToast(page.view, 'This browser cannot draw the picture: save it as SVG'),
    );
  return (
    <section className="figure" ref={box} aria-label="Figure">
      <p className="small faint caption">{files.caption}</p>
      <div className="acts">
        <button
          className="btn"
          type="button"
          onClick={() => saveFile(`${stem}.svg`, 'image/svg+xml', svg())}
        >
          <Icon name="save" />
          SVG
        </button>
        <button className="btn" type="button" onClick={() => void png()}>
          PNG
        </button>
        <button
          className="btn"
          type="button"
          onClick={() => saveFile(`${stem}.csv`, 'text/csv', files.csv())}
        >
          CSV
        </button>
        <button
          className="btn"
          type="button"
          onClick={() => saveFile(`${stem}.json`, 'application/json', files.json())}
        >
          JSON
        </button>
      </div>
    </section>
  );
}
