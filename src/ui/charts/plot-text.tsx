import { memo } from 'react';
import type { ChartSpec } from './catalogue.ts';
import { type Frame, pixelX, pixelY, valueAt } from './frame.ts';
import type { DrawnLine } from './lines.ts';
import { reading } from './ticks.ts';

interface Props {
  readonly spec: ChartSpec;
  readonly frame: Frame;
  readonly lines: readonly DrawnLine[];
}

/** What stands still between two redraws: the scale's numbers, the axis, names and live marks at line ends. */
export const PlotText = memo(function PlotText({ spec, frame, lines }: Props) {
  const { ticks, label } = frame.scale;
  const shown = spec.size === 'mini' ? [ticks[0], ticks[ticks.length - 1]] : ticks;
  const ends = lines.flatMap((line) => {
    const end = valueAt(line, null);
    const inside = end && end.x >= frame.x[0] && end.x <= frame.x[1];
    return end && inside && (!frame.log || end.value > 0)
      ? [{ line, x: pixelX(frame, end.x), y: pixelY(frame, end.value), value: end.value }]
      : [];
  });
  const named = namedEnds(spec, frame, ends);
  return (
    <>
      <line className="axis" x1="0" x2="100%" y1={frame.height} y2={frame.height} />
      {lines.map((line) =>
        line.band.length > 1 ? (
          <path key={line.key} className={`band r${line.slot}`} d={bandPath(frame, line.band)} />
        ) : null,
      )}
      <g textAnchor="end">
        {(lines.length > 0 ? shown : []).map((tick) => (
          <text key={tick} x={-6} y={pixelY(frame, tick)} dy={4}>
            {spec.size === 'mini' ? endLabel(tick, shown) : label(tick)}
          </text>
        ))}
      </g>
      {frame.scale.factor ? (
        <text className="gap" x={2} y={0} dy={4}>
          × {frame.scale.factor}
        </text>
      ) : null}
      {ends.map(({ line, x, y }) =>
        line.run.live && !spec.ink && !line.spec.thin ? (
          <g key={line.key} className={`r${line.slot}`}>
            <circle className={`halo r${line.slot}`} cx={x} cy={y} r={6} />
            <circle className={`spot live r${line.slot}`} cx={x} cy={y} r={2.75} />
          </g>
        ) : null,
      )}
      {named.map(({ key, x, y, name, value, anchor }) => (
        <text key={key} className="name" x={x} y={y} dy={4} textAnchor={anchor}>
          {name}
          {value ? <tspan className="faint-t"> {value}</tspan> : null}
        </text>
      ))}
    </>
  );
});

/** An interval as a closed shape: along its upper side, and back along its lower one. */
function bandPath(frame: Frame, band: DrawnLine['band']): string {
  const point = (x: number, y: number) =>
    `${pixelX(frame, x).toFixed(1)} ${pixelY(frame, y).toFixed(1)}`;
  const upper = band.map(({ x, high }) => point(x, high));
  const lower = band.map(({ x, low }) => point(x, low)).reverse();
  return `M${[...upper, ...lower].join('L')}Z`;
}

/** One of two ends: as many decimals as it needs itself, at least one beside a fraction. */
function endLabel(tick: number, ends: readonly number[]): string {
  if (tick === 0) return '0';
  const text = String(Number(tick.toPrecision(3))).replace('-', '−');
  return Number.isInteger(tick) && ends.some((end) => !Number.isInteger(end)) ? `${text}.0` : text;
}

interface End {
  readonly line: DrawnLine;
  readonly x: number;
  readonly y: number;
  readonly value: number;
}

/** Names at line ends, where a chart has several lines: right of the end when there is room, else above it; never closer than a line of text. */
function namedEnds(spec: ChartSpec, frame: Frame, ends: readonly End[]) {
  const quantities = spec.lines.length > 1;
  const runs = new Set(ends.map((end) => end.line.run.id)).size;
  if (spec.size === 'mini' || (!quantities && (runs < 2 || spec.size !== 'hero'))) return [];
  // One name a quantity is enough: the keys above tell the runs apart.
  const seen = new Set<string>();
  const labels = ends
    .filter(({ line }) => {
      const id = quantities ? line.spec.columns[0] : line.run.id;
      return !seen.has(id) && seen.add(id);
    })
    .map(({ line, x, y, value }) => {
      const name = quantities ? (line.spec.name ?? '') : line.run.label;
      const text = spec.ink ? reading(value) : '';
      const room = frame.width - x > 12 + 6.6 * (name.length + (text ? text.length + 1 : 0));
      return {
        key: line.key,
        name,
        value: text,
        x: room ? x + 9 : frame.width - 1,
        y: room ? y : y - 14,
        anchor: room ? ('start' as const) : ('end' as const),
      };
    })
    .sort((a, b) => a.y - b.y);
  for (let i = 1; i < labels.length; i += 1) {
    labels[i].y = Math.max(labels[i].y, labels[i - 1].y + 14);
  }
  const over = (labels.at(-1)?.y ?? 0) - (frame.height - 4);
  if (over > 0) {
    for (let i = labels.length - 1; i >= 0; i -= 1) {
      const limit = i === labels.length - 1 ? frame.height - 4 : labels[i + 1].y - 14;
      labels[i].y = Math.min(labels[i].y, limit);
    }
  }
  return labels;
}
