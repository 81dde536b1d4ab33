import { memo } from 'react';
import { BottomLine, LeftNumbers } from '../plot/axes.tsx';
import { pixelX, pixelY } from '../plot/frame.ts';
import { BESIDE, lettersWidth, NAME_HEIGHT, nameWidth, spread } from '../plot/names.ts';
import { reading } from '../plot/numbers.ts';
import type { ChartSpec } from './chart-spec.ts';
import { type Box, levelNames, plateOf } from './levels.ts';
import type { DrawnLine } from './lines.ts';
import { type MetricFrame, valueAt } from './metric-frame.ts';

interface Props {
  readonly spec: ChartSpec;
  readonly frame: MetricFrame;
  readonly lines: readonly DrawnLine[];
  /** Runs that are compared, with a line here or not. */
  readonly runs: number;
}

/** What stands still between two redraws: the scale's numbers, the axis, names and live marks at line ends. */
export const PlotText = memo(function PlotText({ spec, frame, lines, runs }: Props) {
  const { ticks, factor, label } = frame.y;
  const shown = spec.size === 'mini' ? [ticks[0], ticks[ticks.length - 1]] : ticks;
  const ends = lines.flatMap((line): End[] => {
    const end = valueAt(line, null);
    if (!end || end.x < frame.x.low || end.x > frame.x.high) return [];
    const y = pixelY(frame, end.value);
    return Number.isFinite(y) ? [{ line, x: pixelX(frame, end.x), y, value: end.value }] : [];
  });
  const names = namedEnds(spec, frame, ends, runs);
  const taken = names.map(boxOf);
  return (
    <>
      <BottomLine {...frame} />
      {lines.length > 0 ? (
        <LeftNumbers
          frame={frame}
          shown={shown}
          label={spec.size === 'mini' ? (tick) => endLabel(tick, shown) : label}
        />
      ) : null}
      {factor ? (
        <text className="gap" x={2} y={0} dy={4}>
          × {factor}
        </text>
      ) : null}
      {lines.length > 0
        ? levelNames(spec, frame, lines, taken).map(({ name, x, y }) => (
            <g key={name}>
              <rect className="plate" {...plateOf(name, x, y)} />
              <text className="name level" x={x} y={y} dy={4}>
                {name}
              </text>
            </g>
          ))
        : null}
      {ends.map(({ line, x, y }) =>
        line.run.live && !spec.ink && !line.spec.thin ? (
          <g key={line.key} className={`r${line.slot}`}>
            <circle className={`halo r${line.slot}`} cx={x} cy={y} r={6} />
            <circle className={`spot live r${line.slot}`} cx={x} cy={y} r={2.75} />
          </g>
        ) : null,
      )}
      {names.map(({ key, x, y, name, value, anchor }) => (
        <text key={key} className="name" x={x} y={y} dy={4} textAnchor={anchor}>
          {name}
          {value ? <tspan className="faint-t"> {value}</tspan> : null}
        </text>
      ))}
    </>
  );
});

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

/** Whether a chart names its lines at their ends: several quantities, or several runs where there is room for them. */
function isNamed(spec: ChartSpec, lines: readonly DrawnLine[]): boolean {
  if (spec.size === 'mini') return false;
  return (
    spec.lines.length > 1 ||
    (spec.nameEach === true && isQuantityNamed(spec)) ||
    (spec.size === 'hero' && new Set(lines.map(({ run }) => run.id)).size > 1)
  );
}

const isQuantityNamed = ({ lines }: ChartSpec) => lines.some(({ name }) => name !== undefined);

const nameOf = (spec: ChartSpec, { spec: { name }, run }: DrawnLine) =>
  (spec.lines.length > 1 || spec.nameEach ? name : undefined) ?? run.label;

/** Letters of a name and of the value beside it. */
const lettersOf = (name: string, value: string) => name.length + (value ? value.length + 1 : 0);

/** Letters of the names that lines have at their ends; none where a chart has no names. */
export function nameLetters(spec: ChartSpec, lines: readonly DrawnLine[], runs: number): number[] {
  if (!isNamed(spec, lines)) return [];
  const full = namesBoth(spec, runs) ? fullName : nameOf;
  return lines.map((line) => lettersOf(full(spec, line), spec.ink ? '99.9k' : ''));
}

/** Whether a quantity has its name at each run's line, which must then say whose it is: also where one of the runs alone has the quantity. */
function namesBoth(spec: ChartSpec, runs: number): boolean {
  return spec.nameEach === true && runs > 1 && isQuantityNamed(spec);
}

const fullName = (spec: ChartSpec, line: DrawnLine) => `${nameOf(spec, line)}, ${line.run.label}`;

/** Ends of one name that lie on one another get that name once; the others say whose they are. */
function oneName(spec: ChartSpec, ends: readonly End[]): { end: End; name: string }[] {
  const near = (a: End, b: End) =>
    nameOf(spec, a.line) === nameOf(spec, b.line) && Math.abs(a.y - b.y) < NAME_HEIGHT;
  return ends.flatMap((end, i) => {
    if (ends.slice(0, i).some((other) => near(other, end))) return [];
    const shared = ends.some((other) => other !== end && near(other, end));
    return [{ end, name: (shared ? nameOf : fullName)(spec, end.line) }];
  });
}

interface EndName {
  readonly key: string;
  readonly name: string;
  /** Said after the name; empty where it is not. */
  readonly value: string;
  readonly x: number;
  /** The middle of its letters. */
  readonly y: number;
  readonly anchor: 'start' | 'end';
}

/** Pixels on either side of a name that are kept free of others. */
const CLEAR = 8;

function boxOf({ name, value, x, y, anchor }: EndName): Box {
  const letters = lettersWidth(lettersOf(name, value));
  const height = NAME_HEIGHT - 2;
  const left = anchor === 'start' ? x : x - letters;
  return { x: left - CLEAR, y: y - height / 2, width: letters + 2 * CLEAR, height };
}

/**
 * Names at line ends: beside the end where there is room, else above it, and never closer than a line of text. One name a
 * quantity is enough, at the line that has got furthest: the keys above tell the runs apart. A chart may ask for a name at each line.
 */
function namedEnds(
  spec: ChartSpec,
  frame: MetricFrame,
  ends: readonly End[],
  runs: number,
): EndName[] {
  const lines = ends.map(({ line }) => line);
  if (!isNamed(spec, lines)) return [];
  const byName = new Map<string, End>();
  for (const end of ends) {
    const quantity = spec.lines.length > 1 ? (end.line.spec.columns[0] ?? '') : end.line.run.id;
    const id = spec.nameEach ? end.line.key : quantity;
    const known = byName.get(id);
    if (!known || end.x > known.x) byName.set(id, end);
  }
  const named = namesBoth(spec, runs)
    ? oneName(spec, [...byName.values()])
    : [...byName.values()].map((end) => ({ end, name: nameOf(spec, end.line) }));
  const labels = named.map(({ end: { line, x, y, value }, name }) => {
    const text = spec.ink ? reading(value) : '';
    const fits = frame.width + frame.beside - x >= nameWidth(lettersOf(name, text)) - 1;
    return {
      key: line.key,
      name,
      value: text,
      x: fits ? x + BESIDE : frame.width + frame.beside - 1,
      wanted: fits ? y : y - 14,
      anchor: fits ? ('start' as const) : ('end' as const),
    };
  });
  const heights = spread(
    labels.map(({ wanted }) => wanted),
    4,
    frame.height - 4,
  );
  return labels.map((one, i) => ({ ...one, y: heights[i] }));
}
