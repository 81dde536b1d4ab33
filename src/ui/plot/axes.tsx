/** The numbers along a plot's left and bottom edge, and the line it stands on. */
import { type Frame, pixelX, pixelY } from './frame.ts';

/** Where a number under the axis is anchored: the ends stay within the plot. */
export function anchorOf(i: number, count: number): 'start' | 'middle' | 'end' {
  if (i === 0) return 'start';
  return i === count - 1 ? 'end' : 'middle';
}

export function BottomLine({ width, height }: Frame) {
  return <line className="axis" x1={0} x2={width} y1={height} y2={height} />;
}

interface LeftProps {
  readonly frame: Frame;
  /** Values that have a number; all ticks where left out. */
  readonly shown?: readonly number[];
  readonly label?: (value: number) => string;
}

export function LeftNumbers({ frame, shown = frame.y.ticks, label = frame.y.label }: LeftProps) {
  return (
    <g textAnchor="end">
      {shown.map((tick) => (
        <text key={tick} x={-6} y={pixelY(frame, tick)} dy={4}>
          {label(tick)}
        </text>
      ))}
    </g>
  );
}

interface BottomProps {
  readonly frame: Frame;
  readonly label?: (value: number) => string;
  /** The place that is looked at. */
  readonly now?: number | null;
  /** All numbers stand centred under their places, those at the ends too. */
  readonly centred?: boolean;
}

export function BottomNumbers({ frame, label = frame.x.label, now, centred }: BottomProps) {
  const { ticks } = frame.x;
  return ticks.map((tick, i) => (
    <text
      key={tick}
      className={tick === now ? 'now' : undefined}
      x={pixelX(frame, tick)}
      y={frame.height}
      dy={16}
      textAnchor={centred ? 'middle' : anchorOf(i, ticks.length)}
    >
      {label(tick)}
    </text>
  ));
}
