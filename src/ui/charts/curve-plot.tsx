import { useMemo } from 'react';
import { BottomLine, BottomNumbers, LeftNumbers } from '../plot/axes.tsx';
import { crisp, type Frame, pixelX, pixelY } from '../plot/frame.ts';
import type { PlotLine } from '../plot/mark.ts';
import { BESIDE, nameWidth, spread } from '../plot/names.ts';
import { Plot } from '../plot/plot.tsx';
import { type Curve, curveBand, curveClass, curvePoints, pointAt } from './curves.ts';
import { DASHES } from './runs.ts';

interface Props {
  readonly frame: Frame;
  readonly curves: readonly Curve[];
  /** Pixels right of the frame that are kept for names. */
  readonly beside: number;
  /** The place under the cursor. */
  readonly at: number | null;
}

/** Few points are shown as dots, many are a line. */
const DOTS = 12;

/** Lines, names and cursor. Hidden from assistive technology: the slider around it says the same. */
export function CurvePlot({ frame, curves, beside, at }: Props) {
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
        {namesOf(frame, curves, beside).map(({ key, name, y, fits }) => (
          <text
            key={key}
            className="name"
            x={width + (fits ? BESIDE : beside - 1)}
            y={y}
            dy={4}
            textAnchor={fits ? 'start' : 'end'}
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

/** Where the curves' names stand: beside their right ends, or above them where a name is too long for that. */
function namesOf(frame: Frame, curves: readonly Curve[], beside: number) {
  const ends = curves.flatMap(({ key, name, points }) => {
    const end = points.findLast(({ y }) => Number.isFinite(y));
    const fits = nameWidth(name.length) <= beside + 1;
    return end ? [{ key, name, fits, wanted: pixelY(frame, end.y) - (fits ? 0 : 10) }] : [];
  });
  const heights = spread(
    ends.map(({ wanted }) => wanted),
    4,
    frame.height - 6,
  );
  return ends.map((end, i) => ({ ...end, y: heights[i] }));
}
