/** The marks of a plot, by recharts: gaps, bands and lines. */
import { Line, LineChart, ReferenceArea, XAxis, YAxis } from 'recharts';
import { type Frame, frameBand } from './frame.ts';
import type { PlotBand, PlotGap, PlotLine } from './mark.ts';

const NO_MARGIN = { top: 0, right: 0, bottom: 0, left: 0 };

interface Props {
  readonly frame: Frame;
  readonly lines: readonly PlotLine[];
  readonly bands: readonly PlotBand[];
  readonly gaps: readonly PlotGap[];
}

export function Marks({ frame, lines, bands, gaps }: Props) {
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
}

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
