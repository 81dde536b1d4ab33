/** A small grid editor: settings with the values that they take, seeds, and what all of it comes to before anything starts. */
import { type ReactNode, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { BatonError, type ErrorReport, toReport } from '../../errors.ts';
import { type Plan, planSweep } from '../../lab/sweep/sweep.ts';
import { Icon } from '../components/icon.tsx';
import { Select } from '../components/select.tsx';
import { useLab, usePage } from '../context.ts';
import { formatBytes, plural } from '../format.ts';
import { runName } from '../presets.ts';
import { aboutText, secondsOf } from '../queue/estimate.ts';
import { settingAt, valuesOf, valueText } from '../settings.ts';
import { shownPreset } from '../store/lab-data.ts';
import { CellTable, useCellMemory } from './cell-memory.tsx';
import { type Axis, MOST_AXES, sweepFile } from './sweep-draft.ts';
import { fitting } from './sweep-fit.ts';
import { MOST_PAGE_RUNS } from './sweep-store.ts';

export function SweepEditor({ onClose }: { readonly onClose: () => void }) {
  const { sweep } = usePage();
  const experiment = useLab((data) => data.draft);
  const preset = useLab(shownPreset);
  const [axes, setAxes] = useState<readonly Axis[]>([{ path: 'method.learning_rate', values: '' }]);
  const [seeds, setSeeds] = useState('1 to 3');
  const { plan, problem, text } = usePlan({ experiment, axes, seeds });
  const change = (i: number, axis: Partial<Axis>) =>
    setAxes(axes.map((one, at) => (at === i ? { ...one, ...axis } : one)));
  const fits = plan !== null && plan.runs.length > 0 && plan.runs.length <= MOST_PAGE_RUNS;
  return (
    <section className="sweep" aria-labelledby="sweep-title">
      <header>
        <h2 id="sweep-title">New sweep</h2>
        <span className="quiet small">around the lab’s draft: {runName(preset)}</span>
        <span className="spacer" />
        <button
          className="btn bare icon-only"
          type="button"
          aria-label="Close the sweep"
          onClick={onClose}
        >
          <Icon name="close" small />
        </button>
      </header>
      {axes.map((axis, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place; nothing moves.
        <div className="axis" key={i}>
          <Select
            aria-label={`Setting ${i + 1}`}
            value={axis.path}
            onChange={({ target }) => change(i, { path: target.value, values: '' })}
          >
            {valuesOf(experiment)
              .filter(({ setting: { path } }) => path !== 'seed')
              .map(({ setting: { path, label, group } }) => (
                <option key={path} value={path}>
                  {group}: {label}
                </option>
              ))}
          </Select>
          <Field
            label={`Values of setting ${i + 1}`}
            value={axis.values}
            hint={hintOf(experiment, axis.path)}
            onChange={(values) => change(i, { values })}
          />
          <button
            className="btn bare icon-only"
            type="button"
            aria-label={`Leave setting ${i + 1} out`}
            disabled={axes.length === 1}
            onClick={() => setAxes(axes.filter((_, at) => at !== i))}
          >
            <Icon name="close" small />
          </button>
        </div>
      ))}
      <div className="axis">
        <button
          className="btn"
          type="button"
          disabled={axes.length >= MOST_AXES}
          onClick={() => setAxes([...axes, { path: 'method.beta', values: '' }])}
        >
          <Icon name="add" />
          Another setting
        </button>
        <span className="seedsfield small">
          <span aria-hidden="true">Seeds</span>
          <Field label="Seeds" value={seeds} hint="1 to 3" onChange={setSeeds} />
        </span>
      </div>
      <Outlook plan={plan} problem={problem} />
      <div className="acts">
        <button
          className="btn primary"
          type="button"
          disabled={!fits || text === null}
          onClick={async () => {
            if (text !== null && (await sweep.take(text))) onClose();
          }}
        >
          {fits ? `Make it a sweep of ${plural(plan.runs.length, 'run')}` : 'Make it a sweep'}
        </button>
        <OpenSweep onTaken={onClose} />
      </div>
      <p className="small faint">
        Values with commas between, or a range: 0.001 to 0.1 in 3, with log behind it in equal
        ratios. The file is the one of <code>lab sweep</code>.
      </p>
    </section>
  );
}

/** The plan of what is typed, as it is typed. */
function usePlan({ experiment, axes, seeds }: Parameters<typeof sweepFile>[0]) {
  const [found, setFound] = useState<{
    readonly plan: Plan | null;
    readonly problem: ErrorReport | null;
    readonly text: string | null;
  }>({ plan: null, problem: null, text: null });
  useEffect(() => {
    let current = true;
    const look = async () => {
      try {
        const file = sweepFile({ experiment, axes, seeds });
        const plan = fitting(await planSweep(file));
        if (current) setFound({ plan, problem: null, text: `${JSON.stringify(file, null, 2)}\n` });
      } catch (error) {
        if (!(error instanceof BatonError)) throw error;
        if (current) setFound({ plan: null, problem: toReport(error), text: null });
      }
    };
    void look();
    return () => {
      current = false;
    };
  }, [experiment, axes, seeds]);
  return found;
}

function hintOf(experiment: Parameters<typeof settingAt>[0], path: string): string {
  const found = settingAt(experiment, path);
  if (!found) return '';
  const { setting, value } = found;
  if (setting.kind === 'choice') return (setting.options ?? []).map((one) => one.value).join(', ');
  if (setting.kind === 'flag') return 'true, false';
  return `now ${valueText(setting, value)}`;
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly hint: string;
  readonly onChange: (value: string) => void;
}

function Field({ label, value, hint, onChange }: FieldProps) {
  return (
    <input
      className="input"
      type="text"
      aria-label={label}
      placeholder={hint}
      value={value}
      onChange={({ target }) => onChange(target.value)}
    />
  );
}

interface OutlookProps {
  readonly plan: Plan | null;
  readonly problem: ErrorReport | null;
}

/** What it would come to: runs, time, memory, and what cannot be run. */
function Outlook({ plan, problem }: OutlookProps) {
  const { stored } = usePage();
  const seeds = useStore(stored.store, (state) => state.seeds);
  const adapter = useLab((data) => data.adapter?.name);
  const memory = useCellMemory(plan);
  if (problem) return <Said>{problem.message}.</Said>;
  if (!plan) return null;
  const { runs, cells, impossible } = plan;
  const seconds = secondsOf(
    runs.map(({ experiment }) => experiment),
    seeds ?? [],
    adapter,
  );
  const perCell = cells.map((_, cell) =>
    secondsOf(
      runs.filter((run) => run.cell === cell).map(({ experiment }) => experiment),
      seeds ?? [],
      adapter,
    ),
  );
  const refused = (memory ?? []).flatMap(({ error }, cell) =>
    error ? [{ cell: cells[cell], why: error.message }] : [],
  );
  const most = Math.max(0, ...(memory ?? []).map((one) => one.memory?.total ?? 0));
  return (
    <>
      <Said>
        {plural(cells.length, 'combination')}, {plural(runs.length, 'run')}, {aboutText(seconds)}
        {most > 0 && `; one run at a time, which holds ${formatBytes(most)} of GPU memory at most`}.
        {runs.length > MOST_PAGE_RUNS &&
          ` The page runs at most ${MOST_PAGE_RUNS}: leave some out, or use lab sweep.`}
      </Said>
      {impossible.slice(0, 3).map(({ cell, why }) => (
        <Said key={JSON.stringify(cell)} bad>
          Left out: {JSON.stringify(cell)} ({why})
        </Said>
      ))}
      {impossible.length > 3 && <Said bad>And {impossible.length - 3} more are left out.</Said>}
      {refused.slice(0, 3).map(({ cell, why }) => (
        <Said key={JSON.stringify(cell)} bad>
          Would be refused before its first step: {JSON.stringify(cell)} ({why})
        </Said>
      ))}
      {runs.length > 0 && <CellTable {...{ plan, memory }} seconds={perCell} />}
    </>
  );
}

function Said({ bad = false, children }: { readonly bad?: boolean; readonly children: ReactNode }) {
  return <p className={bad ? 'small warned' : 'small quiet'}>{children}</p>;
}

/** A file of `lab sweep`. */
function OpenSweep({ onTaken }: { readonly onTaken: () => void }) {
  const { sweep } = usePage();
  return (
    <label className="btn ownfile">
      <Icon name="folder" />
      Open a sweep’s file
      <input
        className="sr"
        type="file"
        accept=".json"
        onChange={async ({ target }) => {
          const [file] = target.files ?? [];
          target.value = '';
          if (file && (await sweep.take(await file.text()))) onTaken();
        }}
      />
    </label>
  );
}
