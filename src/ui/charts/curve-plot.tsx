import { useMemo } from 'react';
import { BottomLine, BottomNumbers, LeftNumbers } from '../plot/axes.tsx';
import { crisp, type Frame, pixelX, pixelY } from '../plot/frame.ts';
import { NAME_HEIGHT, spread } from '../plot/names.ts';
import { Plot, type PlotLine } from '../plot/plot.tsx';
import { type Curve, curveBand, curveClass, curvePoints, pointAt } from './curves.ts';
import { DASHES } from './runs.ts';

interface Props {
  readonly frame: Frame;
  readonly curves: readonly Curve[];
  /** Names stand beside the plot instead of in it. */
  readonly wide: boolean;
  /** The place under the cursor. */
  readonly at: number | null;
}

/** Few points are shown as dots, many are a line. */
const DOTS = 12;

/** Lines, names and cursor. Hidden from assistive technology: the slider around it says the same. */
export function CurvePlot({ frame, curves, wide, at }: Props) {
  const { width, height } = frame;
  const marks = useMemo(
    () => ({
      lines: curves.map((curve) => lineOf(frame, curve)),
      bands: curves.map((curve) => ({
        key: `${curve.key} band`,
        points: curveBand(curve),
        className: curve.hue === 'ink' ? 'band k' : `band r${curve.hue}`,
      })),
      across: frame.y.ticks.slice(1),
    }),
    [frame, curves],
  );
  const cursor = at === null ? null : crisp(pixelX(frame, at));
  return (
    <>
      <Plot frame={frame} {...marks} />
      <svg className="plot over" aria-hidden="true">
        <BottomLine {...frame} />
        <LeftNumbers frame={frame} />
        {cursor === null ? null : (
          <line className="cursor" x1={cursor} x2={cursor} y1={0} y2={height} />
        )}
        {at === null
          ? null
          : curves.map((curve) => {
              const y = pointAt(curve, at)?.y ?? Number.NaN;
              return curve.level || !Number.isFinite(y) ? null : (
                <circle
                  key={curve.key}
                  className={curve.hue === 'ink' ? 'spot k' : `spot r${curve.hue}`}
                  cx={pixelX(frame, at)}
                  cy={pixelY(frame, y)}
                  r={3.5}
                />
              );
            })}
        <BottomNumbers frame={frame} now={at} />
        {namesOf(frame, curves, wide).map(({ key, name, y }) => (
          <text
            key={key}
            className="name"
            x={wide ? width + 8 : width - 1}
            y={y}
            dy={4}
            textAnchor={wide ? 'start' : 'end'}
          >
            {name}
          </text>
        ))}
      </svg>
    </>
  );
}

function lineOf(frame: Frame, curve: Curve): PlotLine {
  const { key, hue, thin, level, dash } = curve;
  const own = hue === 'ink' ? 'var(--ink)' : `var(--run-${hue})`;
  const pattern = DASHES[dash];
  return {
    key,
    points: curvePoints(frame, curve),
    className: curveClass(curve),
    stroke: level ? 'var(--ink-3)' : own,
    width: thin || level ? 1 : 1.75,
    ...(pattern && { dash: pattern }),
    dots: !thin && !level && curve.points.length <= DOTS,
  };
}

/**
 * Where the curves' names stand by their right ends: beside the plot at the height of the end, or in it, the upper half above
 * its line and the lower half below.
 */
function namesOf(frame: Frame, curves: readonly Curve[], wide: boolean) {
  const ends = curves
    .flatMap(({ key, name, points }) => {
      const end = points.findLast(({ y }) => Number.isFinite(y));
      return end ? [{ key, name, y: pixelY(frame, end.y) }] : [];
    })
    .sort((a, b) => a.y - b.y);
  const middle = (ends.length - 1) / 2;
  const away = (i: number) => (i > middle ? NAME_HEIGHT - 2 : -10);
  const wanted = ends.map(({ y }, i) => y + (wide ? 0 : away(i)));
  const heights = spread(wanted, 8, frame.height - 6);
  return ends.map((end, i) => ({ ...end, y: heights[i] }));
}
