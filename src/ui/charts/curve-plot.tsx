import {
  CURVE_DASHES,
  type Curve,
  type CurveFrame,
  type CurveSpec,
  curveBand,
  curveClass,
  curvePath,
  curveX,
  curveY,
  pointAt,
} from './curves.ts';

interface Props {
  readonly spec: CurveSpec;
  readonly frame: CurveFrame;
  readonly curves: readonly Curve[];
  /** Names stand beside the plot instead of in it. */
  readonly wide: boolean;
  /** The place under the cursor. */
  readonly at: number | null;
}

/** Few points are shown as dots, many are a line. */
const DOTS = 12;
/** Least distance between two names at line ends, in pixels. */
const NAME_HEIGHT = 14;

/** Grid, bands, lines, names and cursor. Hidden from assistive technology: the slider around it says the same. */
export function CurvePlot({ spec, frame, curves, wide, at }: Props) {
  const { width, height, scale } = frame;
  const cursor = at === null ? null : Math.round(curveX(frame, at) * 2) / 2;
  return (
    <svg className="plot over" aria-hidden="true">
      {scale.ticks.map((tick) => {
        const y = Math.round(curveY(frame, tick) * 2) / 2;
        return (
          <g key={tick}>
            {tick === scale.low ? null : (
              <line className="gridline" x1={0} x2={width} y1={y} y2={y} />
            )}
            <text x={-6} y={y} dy={4} textAnchor="end">
              {scale.label(tick)}
            </text>
          </g>
        );
      })}
      <line className="axis" x1={0} x2={width} y1={height} y2={height} />
      {curves.map((curve) => (
        <path
          key={curve.key}
          className={curve.hue === 'ink' ? 'band k' : `band r${curve.hue}`}
          d={curveBand(frame, curve)}
        />
      ))}
      {curves.map((curve) => (
        <path
          key={curve.key}
          className={curveClass(curve)}
          strokeDasharray={CURVE_DASHES[curve.dash]}
          d={curvePath(frame, curve)}
        />
      ))}
      {curves.flatMap((curve) =>
        curve.thin || curve.level || curve.points.length > DOTS
          ? []
          : curve.points
              .filter(({ y }) => Number.isFinite(y))
              .map(({ x, y }) => (
                <circle
                  key={`${curve.key} ${x}`}
                  className={curve.hue === 'ink' ? 'spot k plain' : `r${curve.hue}`}
                  cx={curveX(frame, x)}
                  cy={curveY(frame, y)}
                  r={2}
                />
              )),
      )}
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
                cx={curveX(frame, at)}
                cy={curveY(frame, y)}
                r={3.5}
              />
            );
          })}
      {frame.ticks.map((tick, i) => (
        <text
          key={tick}
          className={tick === at ? 'now' : undefined}
          x={curveX(frame, tick)}
          y={height}
          dy={16}
          textAnchor={anchorOf(i, frame.ticks.length)}
        >
          {spec.scale === 'log2' ? tick : Number(tick.toFixed(1))}
        </text>
      ))}
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
  );
}

function anchorOf(i: number, count: number): 'start' | 'middle' | 'end' {
  if (i === 0) return 'start';
  return i === count - 1 ? 'end' : 'middle';
}

/**
 * Where the curves' names stand by their right ends: beside the plot at the height of the end, or in it, the upper half above
 * its line and the lower half below. Never one over another.
 */
function namesOf(frame: CurveFrame, curves: readonly Curve[], wide: boolean) {
  const ends = curves
    .flatMap((curve) => {
      const end = curve.points.findLast(({ y }) => Number.isFinite(y));
      return end ? [{ key: curve.key, name: curve.name, y: curveY(frame, end.y) }] : [];
    })
    .sort((a, b) => a.y - b.y);
  const middle = (ends.length - 1) / 2;
  const beside = (i: number) => (i > middle ? 12 : -10);
  const names = ends.map((end, i) => ({ ...end, y: Math.max(8, end.y + (wide ? 0 : beside(i))) }));
  for (let i = 1; i < names.length; i++) {
    names[i].y = Math.max(names[i].y, names[i - 1].y + NAME_HEIGHT);
  }
  for (let i = names.length - 1; i >= 0; i--) {
    const floor = i === names.length - 1 ? frame.height - 6 : names[i + 1].y - NAME_HEIGHT;
    names[i].y = Math.min(names[i].y, floor);
  }
  return names;
}
