/** One training step as a line of time: phases, and in them the dispatches of the open kernel. */
import { useMemo } from 'react';
import { KernelBadge } from '../components/kernel-badge.tsx';
import { useLab } from '../context.ts';
import { useKernels, useKernelsState } from './kernels-context.ts';
import { entryIn } from './kernels-store.ts';
import { formatMs, type Stretch, type Timeline, timelineOf } from './step-view.ts';

const percent = (share: number) => `${(100 * share).toFixed(2)}%`;

/** Milliseconds from which a clock's step is worth a word: many dispatches take less. */
const COARSE = 0.01;

export function StepHead() {
  const kernels = useKernels();
  const draft = useLab((data) => data.draft);
  const step = useKernelsState((state) => state.step);
  const machine = useKernelsState((state) => state.machine);
  const entry = useKernelsState(entryIn);
  const busy = useKernelsState((state) => state.busy !== null);
  const timeline = useMemo(
    () => step && timelineOf(step, entry?.kernels ?? []),
    [step, entry?.kernels],
  );
  const coarse =
    step && step.clockStep >= COARSE ? `, in steps of ${formatMs(step.clockStep)}` : '';
  const how =
    step?.timedBy === 'timestamps'
      ? `timed by timestamp queries${coarse}`
      : 'no timestamp queries here: dispatches waited for and timed from outside';
  const some = step && step.timed < step.dispatches.length ? ' (of decode steps one in eight)' : '';
  return (
    <section className="stephead" aria-label="One training step">
      <div className="line">
        <h1 className="sr">Kernels</h1>
        {step && timeline ? (
          <p>
            <b>One step, {formatMs(timeline.ms)} of GPU time</b>{' '}
            <span className="quiet">
              {step.dispatches.length.toLocaleString('en-GB')} dispatches of{' '}
              {step.policy.split('/').at(-1)} on {machine?.name}, {how}
              {some}
            </span>
          </p>
        ) : (
          <p>
            <b>One step, not measured yet</b>{' '}
            <span className="quiet">
              One training step of {draft.policy} shows where the time goes, kernel by kernel
            </span>
          </p>
        )}
        <span className="spacer" />
        <KernelBadge />
        {timeline && entry && (
          <span className="small quiet marked">
            <svg className="swatch" viewBox="0 0 10 10" aria-hidden="true">
              <rect className="on" width="10" height="10" />
            </svg>
            {entry.id}
          </span>
        )}
        <button className="btn" type="button" onClick={() => kernels.showReport()}>
          Check this adapter
        </button>
        <button
          className="btn"
          type="button"
          disabled={busy}
          onClick={() => kernels.measure(draft)}
        >
          {step ? 'Measure again' : 'Measure a step'}
        </button>
      </div>
      {timeline && <Line timeline={timeline} name={entry?.id ?? ''} />}
    </section>
  );
}

function Bars({ stretches, tone }: { stretches: readonly Stretch[]; tone: string }) {
  return stretches.map(({ from, to }) => (
    <rect
      key={from}
      className={tone}
      x={percent(from)}
      width={percent(Math.max(to - from - 0.0003, 0.0004))}
      y="1.25rem"
      height="1.125rem"
    />
  ));
}

function Line({ timeline, name }: { timeline: Timeline; name: string }) {
  const { phases, marked, all } = timeline;
  const within = phases.filter((phase) =>
    marked.some(({ from, to }) => to > phase.from && from < phase.to),
  );
  const where = within.length ? within.map(({ phase }) => phase).join(', ') : 'no phase';
  return (
    <svg
      className="timeline"
      role="img"
      aria-label={`One step by phase: ${phases
        .map(({ phase, ms }) => `${phase} ${formatMs(ms)}`)
        .join(', ')}. ${name} runs in ${where}.`}
    >
      <Bars stretches={all} tone="off" />
      <Bars stretches={marked} tone="on" />
      {phases.map(({ phase, from, to, ms }, i) => (
        <g key={phase}>
          <line className="axis" x1={percent(from)} x2={percent(from)} y1="0" y2="100%" />
          {(to - from > 0.09 || i === phases.length - 1) && (
            <text
              x={to - from > 0.09 ? percent(from) : '100%'}
              y="0.75rem"
              dx={to - from > 0.09 && from > 0 ? 4 : 0}
              textAnchor={to - from > 0.09 ? 'start' : 'end'}
            >
              {phase} <tspan>{formatMs(ms)}</tspan>
            </text>
          )}
        </g>
      ))}
    </svg>
  );
}
