/** The sweep of the page: how far it is, and what its combinations came to, as a table and as a heat map. */
import { useMemo } from 'react';
import { useStore } from 'zustand';
import './sweep.css';
import { runsCsv } from '../../lab/sweep/results.ts';
import type { Experiment } from '../../rl/experiment/schema.ts';
import { Icon } from '../components/icon.tsx';
import { Notice } from '../components/notice.tsx';
import { useLab, usePage } from '../context.ts';
import { saveFile } from '../files.ts';
import { plural } from '../format.ts';
import { reading } from '../plot/numbers.ts';
import { nearestPreset } from '../presets.ts';
import { aboutText, secondsOf } from '../queue/estimate.ts';
import { settingAt, valueText } from '../settings.ts';
import { lower, metricOf } from '../stored/group-words.ts';
import {
  finishedOf,
  type HeatMap,
  heatMap,
  progressOf,
  sweepJobs,
  sweepResults,
} from './sweep-progress.ts';

export function SweepPane() {
  const page = usePage();
  const { plan, text, problem } = useStore(page.sweep.store);
  const seeds = useStore(page.stored.store, (state) => state.seeds);
  const jobs = useStore(page.queue.store, (state) => state.queue.jobs);
  const adapter = useLab((data) => data.adapter?.name);
  const finished = useMemo(() => finishedOf(seeds ?? [], adapter), [seeds, adapter]);
  const results = useMemo(() => plan && sweepResults(plan, finished), [plan, finished]);
  if (problem)
    return (
      <Notice tone="warn" title={problem.message} onClose={() => page.sweep.dismiss()}>
        <p>{problem.remedy}</p>
      </Notice>
    );
  if (!plan || !results || text === null) return null;
  const { done, all, left } = progressOf(plan, finished, jobs);
  const seconds = secondsOf(
    left.map(({ experiment }) => experiment),
    seeds ?? [],
    adapter,
  );
  const [{ experiment }] = plan.runs;
  const queue = () =>
    void page.queue.change({ type: 'add', jobs: sweepJobs(plan, left, nearestPreset(experiment)) });
  const map = heatMap(results.cells);
  return (
    <section className="sweep" aria-labelledby="sweep-title">
      <header>
        <h2 id="sweep-title">Sweep</h2>
        <span className="quiet">
          {done} of {plural(all, 'run')}
        </span>
        <progress className="progress" value={done} max={all} aria-label="Runs of the sweep" />
        <span className="spacer" />
        {left.length > 0 && (
          <button className="btn primary" type="button" onClick={queue}>
            Queue {plural(left.length, 'run')}, {aboutText(seconds)}
          </button>
        )}
        <button
          className="btn bare icon-only"
          type="button"
          aria-label="Put the sweep away; its runs stay"
          onClick={() => page.sweep.clear()}
        >
          <Icon name="close" small />
        </button>
      </header>
      <div className="sweepresults">
        {map && <Heat map={map} experiment={experiment} metric={results.metric} />}
        <div className="cells">
          <table className="data">
            <thead>
              <tr>
                {Object.keys(plan.cells[0] ?? {}).map((path) => (
                  <th scope="col" key={path}>
                    {settingAt(experiment, path)?.setting.label ?? path}
                  </th>
                ))}
                <th scope="col" className="n">
                  seeds
                </th>
                <th scope="col" className="n">
                  {metricOf(results.metric).label.toLowerCase()}
                </th>
              </tr>
            </thead>
            <tbody>
              {results.cells.map(({ cell, seeds: there, result }) => (
                <tr key={JSON.stringify(cell)}>
                  {Object.entries(cell).map(([path, value]) => (
                    <td key={path}>{valueAt(experiment, path, value)}</td>
                  ))}
                  <td className="n">{there.length}</td>
                  <td className="n">
                    {result ? reading(result.mean) : '–'}
                    {result?.high != null && (
                      <span className="faint"> ± {reading(result.high - result.mean)}</span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
      <div className="acts">
        <button
          className="btn"
          type="button"
          onClick={() => saveFile('sweep.json', 'application/json', text)}
        >
          <Icon name="save" />
          The sweep’s file
        </button>
        <button
          className="btn"
          type="button"
          onClick={() => saveFile('runs.csv', 'text/csv', runsCsv(plan, finished))}
        >
          CSV
        </button>
      </div>
    </section>
  );
}

function valueAt(experiment: Experiment, path: string, value: unknown): string {
  const setting = settingAt(experiment, path)?.setting;
  return setting ? valueText(setting, value) : String(value);
}

interface HeatProps {
  readonly map: HeatMap;
  readonly experiment: Experiment;
  readonly metric: string;
}

/** Every cell has its number: the shade only leads the eye. */
function Heat({ map: { across, down, means }, experiment, metric }: HeatProps) {
  const known = means.flat().filter((mean) => mean !== null);
  const low = Math.min(...known);
  const span = Math.max(...known) - low;
  const shade = (mean: number | null) =>
    mean === null ? undefined : `h${span > 0 ? Math.round((4 * (mean - low)) / span) : 0}`;
  const label = (path: string) => settingAt(experiment, path)?.setting.label ?? path;
  return (
    <table className="heat">
      <caption className="small faint">
        {metricOf(metric).label} by {lower(label(across.path))}
        {down && ` (across) and ${lower(label(down.path))} (down)`}
      </caption>
      <thead>
        <tr>
          {down && (
            <th>
              <span className="sr">{label(down.path)}</span>
            </th>
          )}
          {across.values.map((value) => (
            <th scope="col" key={String(value)}>
              {valueAt(experiment, across.path, value)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {means.map((row, i) => (
          <tr key={String(down?.values[i] ?? 'one')}>
            {down && <th scope="row">{valueAt(experiment, down.path, down.values[i])}</th>}
            {row.map((mean, j) => (
              <td key={String(across.values[j])} className={shade(mean)}>
                {mean === null ? '–' : reading(mean)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
