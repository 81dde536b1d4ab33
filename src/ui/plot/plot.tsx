/**
 * The marks of a plot, by recharts: grid, gaps, bands and lines. Text, and what follows the pointer, lies in a layer above it,
 * so that neither a hover nor a new label draws the lines again.
 */
import { memo } from 'react';
import { CartesianGrid, Line, LineChart, ReferenceArea, XAxis, YAxis } from 'recharts';
import {
  type BandPoint,
  crisp,
  type Frame,
  frameBand,
  type Point,
  pixelX,
  pixelY,
} from './frame.ts';

export interface PlotLine {
  readonly key: string;
  readonly points: readonly Point[];
  readonly className: string;
  /** A colour. */
  readonly stroke: string;
  readonly width: number;
  readonly dash?: string;
  /** A dot at every point. */
  readonly dots?: boolean;
}

export interface PlotBand {
  readonly key: string;
  readonly points: readonly BandPoint[];
  readonly className: string;
}

/** A stretch of the horizontal axis without values. */
export interface PlotGap {
  readonly key: string;
  readonly from: number;
  readonly to: number;
}

interface Props {
  readonly frame: Frame;
  readonly lines: readonly PlotLine[];
  readonly bands?: readonly PlotBand[];
  readonly gaps?: readonly PlotGap[];
  /** Values with a line across; all ticks where left out. */
  readonly across?: readonly number[];
  /** Places with a line down. */
  readonly down?: readonly number[];
}

const NO_MARGIN = { top: 0, right: 0, bottom: 0, left: 0 };
const NONE: readonly never[] = [];

export const Plot = memo(function Plot({
  frame,
  lines,
  bands = NONE,
  gaps = NONE,
  across = frame.y.ticks,
  down = NONE,
}: Props) {
  const { x, y, width, height } = frame;
  return (
    <LineChart
      width={width}
      height={height}
      margin={NO_MARGIN}
      accessibilityLayer={false}
      className="lines"
    >
      <XAxis
        type="number"
        dataKey="x"
        domain={[x.low, x.high]}
        scale={x.kind}
        hide
        allowDataOverflow
      />
      <YAxis type="number" domain={[y.low, y.high]} scale={y.kind} hide allowDataOverflow />
      <CartesianGrid
        horizontal={across.length > 0}
        vertical={down.length > 0}
        horizontalPoints={across.map((value) => crisp(pixelY(frame, value)))}
        verticalPoints={down.map((value) => crisp(pixelX(frame, value)))}
        stroke="var(--line)"
      />
      {gaps.map(({ key, from, to }) => (
        <ReferenceArea
          key={key}
          x1={from}
          x2={to}
          fill="var(--wash)"
          fillOpacity={1}
          stroke="none"
        />
      ))}
      {bands.map(({ key, points, className }) => (
        <path key={key} className={className} d={frameBand(frame, points)} />
      ))}
      {lines.map((line) => stroke(line, frame))}
    </LineChart>
  );
});

function stroke({ key, points, className, stroke, width, dash, dots }: PlotLine, { x }: Frame) {
  // What lies on an edge shows whole; what lies outside must not show at all.
  const clipDot = points.some((point) => point.x < x.low || point.x > x.high);
  return (
    <Line
      key={key}
      data={points}
      dataKey="y"
      type="linear"
      className={className}
      stroke={stroke}
      strokeDasharray={dash}
      strokeWidth={width}
      dot={dots ? { r: 2, strokeWidth: 0, fill: stroke, clipDot } : false}
      activeDot={false}
      legendType="none"
      tooltipType="none"
      isAnimationActive={false}
      connectNulls={false}
    />
  );
}
