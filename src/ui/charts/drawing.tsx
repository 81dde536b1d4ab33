import { memo } from 'react';
import { CartesianGrid, Line, LineChart, ReferenceArea, XAxis, YAxis } from 'recharts';
import type { ChartSpec } from './catalogue.ts';
import type { Frame } from './frame.ts';
import type { DrawnLine } from './lines.ts';
import { DASHES } from './runs.ts';

const NO_MARGIN = { top: 0, right: 0, bottom: 0, left: 0 };

interface Props {
  readonly spec: ChartSpec;
  readonly frame: Frame;
  readonly lines: readonly DrawnLine[];
}

/**
 * The lines of a chart, by recharts. Everything that is text, and everything that follows the pointer, lies in layers
 * above it, so that neither a hover nor a new label draws the lines again.
 */
export const Drawing = memo(function Drawing({ spec, frame, lines }: Props) {
  const { ticks, low, high } = frame.scale;
  const grid = spec.size === 'mini' ? [ticks[0], ticks[ticks.length - 1]] : ticks;
  const gaps = lines.flatMap((line) => line.gaps.map(([x1, x2]) => ({ key: line.key, x1, x2 })));
  return (
    <LineChart
      width={frame.width}
      height={frame.height}
      margin={NO_MARGIN}
      accessibilityLayer={false}
      className="lines"
    >
      <XAxis type="number" dataKey="x" domain={[...frame.x]} hide allowDataOverflow />
      <YAxis
        type="number"
        domain={[low, high]}
        scale={frame.log ? 'log' : 'linear'}
        ticks={[...grid]}
        interval={0}
        hide
        allowDataOverflow
      />
      <CartesianGrid
        vertical={false}
        horizontalPoints={grid.map((tick) => gridPixel(frame, tick))}
        stroke="var(--line)"
      />
      {gaps.map((gap) => (
        <ReferenceArea
          key={`${gap.key} ${gap.x1}`}
          x1={gap.x1}
          x2={gap.x2}
          fill="var(--wash)"
          fillOpacity={1}
          stroke="none"
        />
      ))}
      {lines.map((line) => line.rawPoints.length > 0 && stroke(spec, line, true, frame))}
      {lines.map((line) => stroke(spec, line, false, frame))}
    </LineChart>
  );
});

function stroke(spec: ChartSpec, line: DrawnLine, raw: boolean, frame: Frame) {
  const hue = spec.ink ? 'k' : `r${line.slot}`;
  const dash = raw || spec.ink ? undefined : DASHES[line.slot];
  return (
    <Line
      key={raw ? `${line.key} raw` : line.key}
      data={raw ? line.rawPoints : line.points}
      dataKey="y"
      type="linear"
      className={`ln ${hue}${raw ? ' raw' : ''}${line.spec.thin ? ' thin' : ''}`}
      stroke={spec.ink ? 'var(--ink)' : `var(--run-${line.slot})`}
      strokeDasharray={dash}
      strokeWidth={raw ? 1 : line.spec.thin || spec.size !== 'hero' ? 1.5 : 1.75}
      dot={raw ? false : dots(spec, line, frame)}
      activeDot={false}
      legendType="none"
      tooltipType="none"
      isAnimationActive={false}
      connectNulls={false}
    />
  );
}

/** Few measured points have dots, and so has a point that no line joins to another yet. */
function dots(spec: ChartSpec, line: DrawnLine, frame: Frame) {
  const { points, slot } = line;
  const few = spec.sparse && !line.spec.thin && points.length <= 30;
  if (!few && points.length !== 1) return false;
  const fill = spec.ink ? 'var(--ink)' : `var(--run-${slot})`;
  // The first evaluation lies on the left edge and shows whole; what lies outside a chosen range must not show at all.
  const clipDot = points.some(({ x }) => x < frame.x[0] || x > frame.x[1]);
  return { r: 2, strokeWidth: 0, fill, clipDot };
}

function gridPixel({ scale, log, height }: Frame, tick: number): number {
  const share = log
    ? Math.log(tick / scale.low) / Math.log(scale.high / scale.low)
    : (tick - scale.low) / (scale.high - scale.low);
  return Math.round((1 - share) * height * 2) / 2;
}
