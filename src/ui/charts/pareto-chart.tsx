import { useMemo, useRef, useState } from 'react';
import { About } from '../glossary/about.tsx';
import './pareto.css';
import { BottomLine, BottomNumbers, LeftNumbers } from '../plot/axes.tsx';
import { crisp, type Frame, pixelX, pixelY } from '../plot/frame.ts';
import type { PlotLine } from '../plot/mark.ts';
import { lettersWidth } from '../plot/names.ts';
import { type LabelPlace, placeLabels } from '../plot/place-labels.ts';
import { Plot } from '../plot/plot.tsx';
import { linearScale } from '../plot/scale.ts';
import {
  frontier,
  hasLost,
  type KeptRun,
  LAST_STEPS,
  type ParetoPoint,
  paretoPoints,
  relativeTo,
} from './pareto.ts';
import type { ChartRun } from './runs.ts';
import { useRedraw, useSize, useVisible } from './use-redraw.ts';

/** Milliseconds between two redraws: means move slowly. */
const PERIOD = 1000;
/** How far the relative view reaches from its origin at the least, on either side: points that lie on it need a scale too. */
const LEAST_AWAY = 0.05;

const PARETO_HELP =
  'Unbeaten is a run where no other is both shorter and more often right. Runs that are less often right than where they began are left out. ' +
  '“From GRPO” measures all from plain GRPO, which has the task’s own reward alone.';

interface Props {
  readonly runs: readonly ChartRun[];
  /** Runs of this page that are over and cleared. */
  readonly kept: readonly KeptRun[];
}

/** Accuracy against mean length, one point per run: what is above and to the left is better. */
export function ParetoChart({ runs, kept }: Props) {
  const box = useRef<HTMLElement>(null);
  const visible = useVisible(box);
  const sources = useMemo(() => runs.map(({ series }) => series), [runs]);
  const version = useRedraw(sources, visible, PERIOD);
  const [wish, setWish] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for the contents of the series
  const { points, source } = useMemo(() => paretoPoints(runs, kept), [runs, kept, version]);
  const away = useMemo(() => relativeTo(points), [points]);
  const relative = wish && away !== null;
  return (
    <figure className="chart half pareto" data-chart="pareto" ref={box}>
      <figcaption className="chart-head">
        <h3>Accuracy against length</h3>
        <About title="Accuracy against length" asked={{ chart: 'pareto', help: PARETO_HELP }} />
        <span className="unit">
          {relative
            ? '%, points'
            : source === 'evaluated'
              ? 'last evaluation'
              : `last ${LAST_STEPS} steps`}
        </span>
        <label className="check small">
          <input
            type="checkbox"
            checked={relative}
            disabled={away === null || points.length < 2}
            onChange={(event) => setWish(event.currentTarget.checked)}
          />
          from GRPO
        </label>
      </figcaption>
      {points.length < 2 ? (
        <p className="off small quiet">
          One point per run, and there {points.length === 1 ? 'is only one' : 'is none'} yet. A run
          that you reset keeps its point; run another experiment to compare.
        </p>
      ) : (
        <>
          <Places points={relative && away ? away : points} relative={relative} />
          <Table points={relative && away ? away : points} relative={relative} />
        </>
      )}
    </figure>
  );
}

function Places({ points, relative }: { points: readonly ParetoPoint[]; relative: boolean }) {
  const plot = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(plot);
  const frame = useMemo((): Frame => {
    const range = (values: readonly number[]) =>
      linearScale(
        Math.min(...values, ...(relative ? [-LEAST_AWAY] : [])),
        Math.max(...values, ...(relative ? [LEAST_AWAY] : [])),
      );
    return {
      ...{ width, height },
      x: range(points.map(({ length }) => length)),
      y: range(points.map(({ accuracy }) => accuracy)),
    };
  }, [points, relative, width, height]);
  const best = useMemo(() => [frontierLine(points)], [points]);
  const x = ({ length }: ParetoPoint) => pixelX(frame, length);
  const y = ({ accuracy }: ParetoPoint) => pixelY(frame, accuracy);
  const places = placeLabels(
    points.map((point) => ({
      x: x(point),
      y: y(point),
      width: lettersWidth(point.label.length),
    })),
    frame,
  );
  return (
    <div className="plotbox" ref={plot} aria-hidden="true">
      {width < 20 ? null : (
        <>
          <Plot frame={frame} lines={best} />
          <svg className="plot over" aria-hidden="true">
            <BottomLine {...frame} />
            <LeftNumbers
              frame={frame}
              {...(relative && { label: (tick: number) => points100(tick, 0) })}
            />
            <BottomNumbers frame={frame} {...(relative && { label: percent })} />
            {relative ? (
              <path
                className="zero"
                d={`M${crisp(pixelX(frame, 0))} 0V${height}M0 ${crisp(pixelY(frame, 0))}H${width}`}
              />
            ) : null}
            {points.map((point) => (
              <circle
                key={point.id}
                className={`spot r${point.slot}`}
                cx={x(point)}
                cy={y(point)}
                r={5}
              />
            ))}
            {points.map(({ id, label }, i) => (
              <Name key={id} label={label} place={places[i]} />
            ))}
          </svg>
        </>
      )}
    </div>
  );
}

function Name({ label, place }: { readonly label: string; readonly place: LabelPlace }) {
  return (
    <>
      {place.leader ? <line className="leader" {...place.leader} /> : null}
      <text className="name" x={place.x} y={place.y} dy={4}>
        {label}
      </text>
    </>
  );
}

function frontierLine(points: readonly ParetoPoint[]): PlotLine {
  return {
    key: 'frontier',
    points: frontier(points).map(({ length, accuracy }) => ({ x: length, y: accuracy })),
    className: 'frontier',
    ...{ stroke: 'var(--ink-3)', width: 1, dash: '2 3' },
  };
}

/** The points in numbers: there are few. */
function Table({ points, relative }: { points: readonly ParetoPoint[]; relative: boolean }) {
  const best = new Set(frontier(points).map(({ id }) => id));
  return (
    <table className="data">
      <thead>
        <tr>
          <th scope="col">Run</th>
          <th scope="col" className="n">
            {relative ? 'length' : 'tokens'}
          </th>
          <th scope="col" className="n">
            accuracy
          </th>
          <th scope="col">unbeaten</th>
        </tr>
      </thead>
      <tbody>
        {points.map(({ id, label, slot, length, accuracy, began }) => (
          <tr key={id}>
            <th scope="row">
              <span className="named">
                <svg className="swatch" viewBox="0 0 10 10" aria-hidden="true">
                  <circle className={`r${slot}`} cx="5" cy="5" r="5" />
                </svg>
                {label}
              </span>
            </th>
            <td className="n">{relative ? percent(length) : length.toFixed(1)}</td>
            <td className="n">{relative ? points100(accuracy) : percent(accuracy, false)}</td>
            <td>
              {hasLost({ length, accuracy, ...(began !== undefined && { began }) })
                ? 'below its start'
                : best.has(id)
                  ? 'yes'
                  : 'no'}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function percent(share: number, sign = true): string {
  const text = `${Math.abs(100 * share).toFixed(sign ? 0 : 1)} %`;
  if (!sign || Math.abs(share) < 0.005) return text;
  return `${share < 0 ? '−' : '+'}${text}`;
}

/** A difference of shares in percentage points. */
function points100(difference: number, decimals = 1): string {
  const text = Math.abs(100 * difference).toFixed(decimals);
  if (Number(text) === 0) return '0';
  return `${difference < 0 ? '−' : '+'}${text}`;
}
