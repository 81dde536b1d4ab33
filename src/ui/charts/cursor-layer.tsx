import type { ChartSpec } from './catalogue.ts';
import { shownStep, useCursor } from './cursor-store.ts';
import { axisLabel, type Frame, pixelX, pixelY, stepPosition, valueAt } from './frame.ts';
import type { DrawnLine } from './lines.ts';
import type { ChartRun } from './runs.ts';
import { axisTicks } from './ticks.ts';

interface Props {
  readonly spec: ChartSpec;
  readonly frame: Frame;
  readonly lines: readonly DrawnLine[];
  readonly runs: readonly ChartRun[];
  /** Pixels of a range that is being dragged. */
  readonly dragged: readonly [number, number] | null;
}

/** Pixels on either side of a label that no other label may enter. */
const CLEAR = 26;

/** What follows the pointer: the one cursor line, the discs on the lines, and the axis labels that give way to it. */
export function CursorLayer({ spec, frame, lines, runs, dragged }: Props) {
  const step = useCursor(shownStep);
  const pinned = useCursor((state) => state.pinnedStep);
  const at = positionOf(frame, runs, step);
  const held = pinned === step ? null : positionOf(frame, runs, pinned);
  return (
    <>
      {dragged ? (
        <rect
          className="dragged"
          x={Math.min(...dragged)}
          width={Math.abs(dragged[1] - dragged[0])}
          y={0}
          height={frame.height}
        />
      ) : null}
      {held === null ? null : (
        <line className="cursor held" x1={held} x2={held} y1={0} y2={frame.height} />
      )}
      {at === null ? null : <line className="cursor" x1={at} x2={at} y1={0} y2={frame.height} />}
      {at === null ? null : lines.map((line) => spot(spec, frame, line, step))}
      {spec.size === 'mini' ? null : (
        <AxisLabels frame={frame} lines={lines} runs={runs} at={at} step={step} />
      )}
    </>
  );
}

function positionOf(frame: Frame, runs: readonly ChartRun[], step: number | null): number | null {
  if (step === null) return null;
  const x = stepPosition(runs, frame.xAxis, step);
  if (x === undefined || x < frame.x[0] || x > frame.x[1]) return null;
  return Math.round(pixelX(frame, x) * 2) / 2;
}

function spot(spec: ChartSpec, frame: Frame, line: DrawnLine, step: number | null) {
  const point = valueAt(line, step);
  if (!point || !Number.isFinite(point.value)) return null;
  const y = pixelY(frame, point.value);
  if (!(y >= -1 && y <= frame.height + 1)) return null;
  const hue = spec.ink ? 'k' : `r${line.slot}`;
  return (
    <circle
      key={line.key}
      className={`spot ${hue}`}
      cx={pixelX(frame, point.x)}
      cy={y}
      r={line.spec.thin ? 3 : 3.5}
    />
  );
}

interface LabelProps {
  readonly frame: Frame;
  readonly lines: readonly DrawnLine[];
  readonly runs: readonly ChartRun[];
  readonly at: number | null;
  readonly step: number | null;
}

/** The numbers under the axis, how many values were not finite, and changes of live settings. */
function AxisLabels({ frame, lines, runs, at, step }: LabelProps) {
  const y = frame.height;
  const gap = gapLabel(frame, lines);
  const crowded = (pixel: number) =>
    (at !== null && Math.abs(pixel - at) < CLEAR) ||
    (gap !== null && Math.abs(pixel - gap.at) < CLEAR + 20);
  const ticks = axisTicks(frame.x[0], frame.x[1], frame.width < 200 ? 2 : 4);
  const changes = runs.flatMap((run) =>
    (run.changes ?? []).map((change) => ({ ...change, run: run.id })),
  );
  return (
    <>
      {changes.map((change) => {
        const x = positionOf(frame, runs, change.step);
        return x === null ? null : (
          <path
            key={`${change.run} ${change.step} ${change.label}`}
            className="change"
            d={`M${x} ${y - 5}V${y + 5}`}
          >
            <title>{`${change.label}, from step ${change.step}`}</title>
          </path>
        );
      })}
      {ticks.map((tick, i) => {
        const pixel = pixelX(frame, tick);
        const anchor = i === 0 ? 'start' : i === ticks.length - 1 ? 'end' : 'middle';
        return crowded(pixel) ? null : (
          <text key={tick} x={pixel} y={y} dy={16} textAnchor={anchor}>
            {axisLabel(frame, tick)}
          </text>
        );
      })}
      {gap ? (
        <text className="gap" x={gap.at} y={y} dy={16} textAnchor={gap.anchor}>
          {gap.count} not finite
        </text>
      ) : null}
      {at === null || step === null ? null : (
        <text className="now" x={at} y={y} dy={16} textAnchor="middle">
          {axisLabel(frame, stepPosition(runs, frame.xAxis, step) ?? step)}
        </text>
      )}
    </>
  );
}

function gapLabel(frame: Frame, lines: readonly DrawnLine[]) {
  const count = lines.reduce((sum, line) => sum + line.notFinite, 0);
  const last = lines.flatMap((line) => line.gaps).at(-1);
  if (count === 0 || !last) return null;
  const middle = pixelX(frame, (last[0] + last[1]) / 2);
  if (middle < 0 || middle > frame.width) return null;
  const anchor = middle < 32 ? 'start' : middle > frame.width - 32 ? 'end' : 'middle';
  return { at: middle, anchor, count } as const;
}
