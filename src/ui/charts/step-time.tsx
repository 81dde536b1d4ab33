import { useMemo, useRef } from 'react';
import { About } from '../glossary/about.tsx';
import { shownStep, useCursor } from './cursor-store.ts';
import { indexAt } from './lines.ts';
import type { ChartRun } from './runs.ts';
import { useRedraw, useVisible } from './use-redraw.ts';

const PREFIX = 'timings/phases/';
const GREYS = ['a', 'b', 'c', 'd', 'e'] as const;

/** Where the time of one step went, at the cursor or at the last step of a run. */
export function StepTime({ run }: { readonly run: ChartRun | undefined }) {
  const figure = useRef<HTMLElement>(null);
  const visible = useVisible(figure);
  const sources = useMemo(() => (run ? [run.series] : []), [run]);
  useRedraw(sources, visible);
  const step = useCursor(shownStep);
  const at = run ? timesAt(run, step) : undefined;
  const total = at?.phases.reduce((sum, phase) => sum + phase.seconds, 0) ?? 0;
  let from = 0;
  return (
    <figure className="chart time" ref={figure}>
      <figcaption className="chart-head">
        <h3>Time of one step</h3>
        <About title="Time of one step" asked={{ chart: 'step-time' }} />
        <span className="unit">
          {at ? `${seconds(at.total)} at step ${at.step}` : 'measured with the first step'}
        </span>
      </figcaption>
      <svg className="timebar" aria-hidden="true">
        {at?.phases.map((phase, i) => {
          const start = from;
          from += phase.seconds;
          return (
            <rect
              key={phase.name}
              className={`seg-${GREYS[i % GREYS.length]}`}
              x={`${(100 * start) / total}%`}
              width={`${(100 * phase.seconds) / total}%`}
              y={0}
              height="100%"
            />
          );
        })}
        {at ? null : <rect className="seg-none" width="100%" height="100%" />}
      </svg>
      <dl className="facts">
        {at?.phases.map((phase, i) => (
          <div key={phase.name}>
            <dt>
              <svg className="swatch" viewBox="0 0 10 10" aria-hidden="true">
                <rect className={`seg-${GREYS[i % GREYS.length]}`} width="10" height="10" />
              </svg>
              {phase.name}
            </dt>
            <dd>{seconds(phase.seconds)}</dd>
          </div>
        ))}
      </dl>
      {at && run ? <Scoring run={run} phases={at.phases} /> : null}
    </figure>
  );
}

type Phases = readonly { readonly name: string; readonly seconds: number }[];

/**
 * What a phase adds to the rest of the step: `score`, the rewards themselves, or `measure`, what they only measure.
 * Evaluations are no part of a step.
 */
export function shareOf(phases: Phases, phase: 'score' | 'measure'): number | undefined {
  const of = (name: string) => phases.find((one) => one.name === name)?.seconds ?? 0;
  const rest = of('generate') + of('train');
  return rest > 0 && of(phase) > 0 ? of(phase) / rest : undefined;
}

const shareText = (share: number) =>
  share < 0.01 ? 'less than 1 %' : `${Math.round(100 * share)} %`;

function Scoring({ run, phases }: { readonly run: ChartRun; readonly phases: Phases }) {
  const share = shareOf(phases, 'score');
  if (share === undefined) return null;
  const measured = shareOf(phases, 'measure');
  const transfer = run.series.column('rewards/transfer/mean').length > 0;
  return (
    <p className="small quiet">
      Scoring adds {shareText(share)} to a step.
      {transfer ? ' For the transfer reward the RLTR paper reports 7 %.' : ''}
      {measured === undefined
        ? ''
        : ` Tries that only measure it (from scratch, and twice) add ${shareText(measured)} more.`}
    </p>
  );
}

function timesAt({ series }: ChartRun, step: number | null) {
  const steps = series.steps();
  const i = step === null ? steps.length - 1 : indexAt(steps, step);
  if (i < 0) return undefined;
  const phases = series
    .names()
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => ({ name: name.slice(PREFIX.length), seconds: series.column(name)[i] }))
    .filter((phase) => phase.seconds > 0);
  return { step: steps[i], total: series.column('timings/step_time')[i], phases };
}

function seconds(value: number): string {
  if (!Number.isFinite(value)) return 'not measured';
  if (value < 0.1) return `${(1000 * value).toPrecision(2)} ms`;
  return `${value < 10 ? value.toFixed(2) : value.toFixed(1)} s`;
}
