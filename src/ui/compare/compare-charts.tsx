/** The curves of compared groups, and the difference of two seed by seed. */
import { useMemo, useRef } from 'react';
import { seriesOf } from '../../lab/run-groups/over-steps.ts';
import type { PairedPoint } from '../../lab/run-groups/paired.ts';
import { dashOf } from '../charts/runs.ts';
import { useSize } from '../charts/use-redraw.ts';
import { BottomLine, BottomNumbers, LeftNumbers } from '../plot/axes.tsx';
import { crisp, type Frame, pixelY } from '../plot/frame.ts';
import type { PlotBand, PlotLine } from '../plot/mark.ts';
import { Plot } from '../plot/plot.tsx';
import { exactScale, linearScale } from '../plot/scale.ts';
import type { Metric } from '../stored/group-words.ts';
import { signedOf } from './compare-words.ts';
import type { Comparison } from './comparison.ts';

const hue = (slot: number) => `var(--run-${((slot - 1) % 5) + 1})`;

/** What the curves are drawn in. @param width and height in pixels */
export function overlayFrame({ groups, metric }: Comparison, width: number, height: number): Frame {
  const points = groups.flatMap(({ curve }) => curve);
  const values = points.flatMap(({ estimate: { mean, low, high } }) => [
    mean,
    low ?? mean,
    high ?? mean,
  ]);
  const within = metric.share ? { within: [0, 1] as const } : {};
  return {
    ...{ width, height },
    x: exactScale(0, Math.max(1, ...points.map(({ step }) => step)), { counts: 'whole' }),
    y: linearScale(Math.min(...values), Math.max(...values), { most: 5, ...within }),
  };
}

/** Means as lines, 95 % as bands; where one group is looked at, its seeds as thin lines. */
export function overlayMarks({ groups, metric }: Comparison): {
  readonly lines: readonly PlotLine[];
  readonly bands: readonly PlotBand[];
} {
  const alone = groups.length === 1;
  return {
    bands: groups.map(({ row, slot, curve }) => ({
      key: `${row.key} band`,
      className: `band r${slot}`,
      points: curve.flatMap(({ step, estimate: { low, high } }) =>
        low === null || high === null ? [] : [{ x: step, low, high }],
      ),
    })),
    lines: groups.flatMap(({ row, slot, curve }) => [
      ...(alone ? row.group.runs : []).map((run): PlotLine => {
        const { steps, values } = seriesOf(run, metric.id);
        return {
          ...{ key: run.id, className: 'seedline', stroke: hue(slot), width: 1 },
          points: steps.map((x, i) => ({ x, y: values[i] })),
        };
      }),
      {
        ...{ key: row.key, className: 'meanline', stroke: hue(slot), width: 1.75 },
        points: curve.map(({ step, estimate }) => ({ x: step, y: estimate.mean })),
        dash: dashOf({ slot }),
        dots: curve.length < 4,
      },
    ]),
  };
}

export function Overlay({ comparison }: { readonly comparison: Comparison }) {
  const box = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(box);
  const frame = useMemo(() => overlayFrame(comparison, width, height), [comparison, width, height]);
  const marks = useMemo(() => overlayMarks(comparison), [comparison]);
  return (
    <div className="plotbox" ref={box} aria-hidden="true">
      {width > 20 && (
        <>
          <Plot frame={frame} {...marks} />
          <svg className="plot over" aria-hidden="true">
            <BottomLine {...frame} />
            <LeftNumbers frame={frame} />
            <BottomNumbers frame={frame} />
          </svg>
        </>
      )}
    </div>
  );
}

interface DifferenceProps {
  readonly metric: Metric;
  readonly curve: readonly PairedPoint[];
  readonly last: PairedPoint;
}

/** What the difference is drawn in. */
export function differenceFrame(
  curve: readonly PairedPoint[],
  width: number,
  height: number,
): Frame {
  const values = curve.flatMap(({ estimate: { mean, low, high } }) => [
    mean,
    low ?? mean,
    high ?? mean,
  ]);
  const singles = curve.at(-1)?.differences.map(({ value }) => value) ?? [];
  const all = [0, ...values, ...singles];
  return {
    ...{ width, height },
    x: exactScale(0, Math.max(1, ...curve.map(({ step }) => step)), { counts: 'whole' }),
    y: linearScale(Math.min(...all), Math.max(...all), { most: 4 }),
  };
}

export function differenceMarks(curve: readonly PairedPoint[]) {
  return {
    bands: [
      {
        ...{ key: 'band', className: 'band k' },
        points: curve.flatMap(({ step, estimate: { low, high } }) =>
          low === null || high === null ? [] : [{ x: step, low, high }],
        ),
      },
    ],
    lines: [
      {
        ...{ key: 'mean', className: 'meanline', stroke: 'var(--ink)', width: 1.5 },
        points: curve.map(({ step, estimate }) => ({ x: step, y: estimate.mean })),
        dots: curve.length < 4,
      },
    ],
  };
}

/** The mean difference with its interval; beside it the single differences at the end, as open rings. */
export function DifferencePlot({ metric, curve, last }: DifferenceProps) {
  const box = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(box);
  const frame = useMemo(() => differenceFrame(curve, width, height), [curve, width, height]);
  const marks = useMemo(() => differenceMarks(curve), [curve]);
  const { mean, low, high } = last.estimate;
  const y = (value: number) => pixelY(frame, value);
  const middle = width + 36;
  return (
    <div className="plotbox beside" ref={box} aria-hidden="true">
      {width > 20 && (
        <>
          <Plot frame={frame} {...marks} />
          <svg className="plot over" aria-hidden="true">
            <BottomLine {...frame} />
            <line className="zeroline" x1={0} x2={width + 84} y1={crisp(y(0))} y2={crisp(y(0))} />
            <LeftNumbers
              frame={frame}
              label={(tick) => signedOf(metric, tick).replace(/\.0$/, '')}
            />
            <BottomNumbers frame={frame} />
            {low !== null && high !== null && (
              <line className="pm" x1={middle - 14} x2={middle - 14} y1={y(low)} y2={y(high)} />
            )}
            <circle className="pmean" cx={middle - 14} cy={y(mean)} r={3.5} />
            {last.differences.map(({ seed, value }, i) => (
              <circle
                key={seed}
                className="pd"
                cx={middle + 4 + (i % 5) * 8}
                cy={y(value)}
                r={2.75}
              />
            ))}
            <text x={middle + 12} y={height} dy={16} textAnchor="middle">
              step {last.step}
            </text>
          </svg>
        </>
      )}
    </div>
  );
}
