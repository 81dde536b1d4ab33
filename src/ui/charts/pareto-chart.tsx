import { type ReactNode, useMemo, useRef, useState } from 'react';
import './pareto.css';
import {
  frontier,
  type KeptRun,
  LAST_STEPS,
  type ParetoPoint,
  paretoPoints,
  relativeTo,
} from './pareto.ts';
import type { ChartRun } from './runs.ts';
import { axisTicks, linearScale, type Scale } from './ticks.ts';
import { useRedraw, useSize, useVisible } from './use-redraw.ts';

/** Milliseconds between two redraws: means move slowly. */
const PERIOD = 1000;
/** How far the relative view reaches from its origin at the least, on either side: points that lie on it need a scale too. */
const LEAST_AWAY = 0.05;
/** Least distance between two names, in pixels. */
const NAME_HEIGHT = 14;

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
        <span className="unit">
          {relative
            ? '%, points'
            : source === 'evaluated'
              ? 'last evaluation'
              : `last ${LAST_STEPS} steps`}
        </span>
        <label
          className="check small"
          title="Plain GRPO, with the task’s own reward alone, is the origin"
        >
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
          <Plot points={relative && away ? away : points} relative={relative} />
          <Table points={relative && away ? away : points} relative={relative} />
        </>
      )}
    </figure>
  );
}

function Plot({ points, relative }: { points: readonly ParetoPoint[]; relative: boolean }) {
  const plot = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(plot);
  const range = (values: readonly number[]) =>
    linearScale(
      Math.min(...values, ...(relative ? [-LEAST_AWAY] : [])),
      Math.max(...values, ...(relative ? [LEAST_AWAY] : [])),
    );
  const xs = range(points.map(({ length }) => length));
  const ys = range(points.map(({ accuracy }) => accuracy));
  const x = (value: number) => ((value - xs.low) / (xs.high - xs.low)) * width;
  const y = (value: number) => (1 - (value - ys.low) / (ys.high - ys.low)) * height;
  const best = frontier(points);
  return (
    <div className="plotbox" ref={plot}>
      {width < 20 ? null : (
        <svg className="plot over" aria-hidden="true">
          <Lines scale={ys}>
            {(tick) => {
              const at = Math.round(y(tick) * 2) / 2;
              return (
                <>
                  <line className="gridline" x1={0} x2={width} y1={at} y2={at} />
                  <text x={-6} y={at} dy={4} textAnchor="end">
                    {relative ? points100(tick, 0) : ys.label(tick)}
                  </text>
                </>
              );
            }}
          </Lines>
          <line className="axis" x1={0} x2={width} y1={height} y2={height} />
          {axisTicks(xs.low, xs.high).map((tick, i, all) => (
            <text
              key={tick}
              x={x(tick)}
              y={height}
              dy={16}
              textAnchor={i === 0 ? 'start' : i === all.length - 1 ? 'end' : 'middle'}
            >
              {relative ? percent(tick) : Number(tick.toFixed(1))}
            </text>
          ))}
          {relative ? (
            <>
              <line className="zero" x1={x(0)} x2={x(0)} y1={0} y2={height} />
              <line className="zero" x1={0} x2={width} y1={y(0)} y2={y(0)} />
            </>
          ) : null}
          <path
            className="frontier"
            d={best.map((p, i) => `${i ? 'L' : 'M'}${x(p.length)} ${y(p.accuracy)}`).join('')}
          />
          {points.map((point) => (
            <circle
              key={point.id}
              className={`spot r${point.slot}`}
              cx={x(point.length)}
              cy={y(point.accuracy)}
              r={5}
            />
          ))}
          {names(points, (p) => Math.min(height - 10, y(p.accuracy))).map(({ point, top }) => {
            const left = x(point.length) > width * 0.6;
            return (
              <text
                key={point.id}
                className="name"
                x={x(point.length) + (left ? -9 : 9)}
                y={top}
                dy={4}
                textAnchor={left ? 'end' : 'start'}
              >
                {point.label}
              </text>
            );
          })}
        </svg>
      )}
    </div>
  );
}

function Lines({ scale, children }: { scale: Scale; children: (tick: number) => ReactNode }) {
  return scale.ticks.map((tick) => <g key={tick}>{children(tick)}</g>);
}

/** Names at the height of their points, none over another. */
function names(points: readonly ParetoPoint[], y: (point: ParetoPoint) => number) {
  const placed = points.map((point) => ({ point, top: y(point) })).sort((a, b) => a.top - b.top);
  for (let i = 1; i < placed.length; i++) {
    placed[i].top = Math.max(placed[i].top, placed[i - 1].top + NAME_HEIGHT);
  }
  return placed;
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
          <th scope="col" title="No other run is both shorter and more often right">
            unbeaten
          </th>
        </tr>
      </thead>
      <tbody>
        {points.map(({ id, label, slot, length, accuracy }) => (
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
            <td>{best.has(id) ? 'yes' : 'no'}</td>
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
