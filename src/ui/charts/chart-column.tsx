import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import './charts.css';
import type { Dialect } from '../../rl/tasks/task.ts';
import type { Caption } from './captions.tsx';
import { ChartBar } from './chart-bar.tsx';
import type { ChartSpec } from './chart-spec.ts';
import { mannerCharts, writtenColumns } from './manner-charts.ts';
import { MetricChart } from './metric-chart.tsx';
import { outcomeCharts } from './outcome-charts.ts';
import { rewardCharts } from './reward-charts.ts';
import { type ChartMethod, type ChartRun, type ChartTerm, emptyText } from './runs.ts';
import { speedChart } from './speed-chart.ts';
import { StepTime } from './step-time.tsx';
import { methodChart, trainingCharts } from './training-charts.ts';
import { TransferByCut } from './transfer-by-cut.tsx';
import { transferRewardCharts } from './transfer-charts.ts';
import { useStableList } from './use-redraw.ts';

export interface ChartColumnProps {
  /** Any number of runs; none before the first. Give the same objects for as long as they are the same. */
  readonly runs: readonly ChartRun[];
  /** A person lets a run be drawn, or hides it. */
  readonly onDraw: (id: string, on: boolean) => void;
  readonly terms: readonly ChartTerm[];
  /** Of the run, or of the experiment that Run would start. Give the same object for as long as it is the same. */
  readonly method: ChartMethod;
  /** Of the task, `other` among them; none where it has one way to write only. Give the same object as long as it is the same. */
  readonly dialects?: readonly Dialect[];
  /** Steps of the experiment that Run would start: the length of empty axes. */
  readonly plannedSteps: number;
  /** Said in the empty reward chart: "Press Run", or what is being prepared. */
  readonly emptyText?: string;
  /** What tells the runs apart, in a sentence. */
  readonly note?: string;
  /** Notes at places on the curves. Give the same list as long as it is the same. */
  readonly captions?: readonly Caption[];
  /** A button in the bar, beside the runs. */
  readonly tool?: ReactNode;
  /** Stands between the bar and the charts. */
  readonly above?: ReactNode;
  /** Stands below the charts that go by steps. */
  readonly children?: ReactNode;
}

const NO_DIALECTS: readonly Dialect[] = [];
const NO_CAPTIONS: readonly Caption[] = [];

/** The lab's middle column: a bar, then every chart of the run. */
export function ChartColumn({
  runs: given,
  onDraw,
  terms,
  method,
  dialects = NO_DIALECTS,
  plannedSteps,
  emptyText: waiting = 'Press Run',
  note,
  captions = NO_CAPTIONS,
  tool,
  above,
  children,
}: ChartColumnProps) {
  const runs = useStableList(given);
  const visible = useMemo(() => runs.filter((run) => !run.hidden), [runs]);
  const [lifted, setLifted] = useState<number | null>(null);
  const sampled = method.ratio !== null;
  const names = useNames(visible);
  const written = useWritten(visible, dialects, sampled);
  // The machine's own numbers are those of one run: the one at work, or else the one above the others.
  const timed = visible.find(({ live }) => live) ?? visible[0];
  const alone = useMemo(() => (timed ? [timed] : []), [timed]);
  const termKey = terms.map(({ term, weight }) => `${term}=${weight}`).join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the terms' contents
  const first = useMemo(
    () => (method.rewarded ? rewardCharts(terms) : [methodChart(method)]),
    [termKey, method],
  );
  const training = useMemo(() => trainingCharts(method), [method]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the names decide which columns there are
  const { outcome, speed, transfer } = useMemo(
    () => ({
      outcome: outcomeCharts(visible, sampled, method.watched),
      speed: speedChart(timed),
      transfer: transferRewardCharts(visible),
    }),
    [visible, timed, names, sampled, method],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was written decides which charts there are
  const manner = useMemo(
    () => mannerCharts(visible, dialects, sampled),
    [visible, dialects, sampled, written],
  );
  const noted = useMemo(() => byChart(captions), [captions]);
  const chart = (spec: ChartSpec, { of = visible, empty = '' } = {}) => (
    <MetricChart
      key={spec.id}
      {...{ spec, empty }}
      runs={of}
      planned={plannedSteps}
      captions={noted.get(spec.id)}
    />
  );
  const [hero, ...parts] = first;
  return (
    <main className="charts" id="charts" data-lift={lifted ?? undefined}>
      <h2 className="sr">Charts</h2>
      <ChartBar runs={runs} onDraw={onDraw} onLift={setLifted}>
        {tool}
      </ChartBar>
      {above}
      <div className="grid">
        {chart(hero, { empty: emptyText(runs, visible, waiting) })}
        {parts.length > 0 ? (
          <div className="parts" data-count={Math.min(6, parts.length)}>
            {parts.map((spec) => chart(spec))}
            {runs.length > 1 ? (
              <p className="axisnote small quiet">
                {note ? `${note} ` : ''}Totals compare only between runs with the same reward; parts
                always do.
              </p>
            ) : null}
          </div>
        ) : null}
        {outcome.map((spec) => chart(spec))}
        {manner.map((spec) => chart(spec))}
        {transfer ? (
          <>
            {chart(transfer.mean)}
            <TransferByCut runs={visible} />
            <div className="fours">{transfer.small.map((spec) => chart(spec))}</div>
          </>
        ) : null}
        <div className="fours">{training.map((spec) => chart(spec))}</div>
        {chart(speed, { of: alone })}
        <StepTime run={timed} />
        {children}
      </div>
    </main>
  );
}

/** The notes of each chart, by its id. */
function byChart(captions: readonly Caption[]): ReadonlyMap<string, readonly Caption[]> {
  const charts = new Set(captions.map(({ chart }) => chart));
  return new Map([...charts].map((id) => [id, captions.filter(({ chart }) => chart === id)]));
}

/** The names of all columns; changes only when a name is new. */
function useNames(runs: readonly ChartRun[]): string {
  return useReading(
    runs,
    useCallback((all) => all.map((run) => run.series.names().length).join(' '), []),
  );
}

/** The dialects and the chatter that were written; changes only when one is new. */
function useWritten(
  runs: readonly ChartRun[],
  dialects: readonly Dialect[],
  sampled: boolean,
): string {
  return useReading(
    runs,
    useCallback((all) => writtenColumns(all, dialects, sampled).join(' '), [dialects, sampled]),
  );
}

/** What is read of the runs, again with every step. */
function useReading(
  runs: readonly ChartRun[],
  read: (runs: readonly ChartRun[]) => string,
): string {
  const [known, setKnown] = useState('');
  useEffect(() => {
    const again = () => setKnown(read(runs));
    again();
    const leave = runs.map((run) => run.series.subscribe(again));
    return () => {
      for (const stop of leave) stop();
    };
  }, [runs, read]);
  return known;
}
