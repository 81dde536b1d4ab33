import { shorten } from '../../rl/experiment/field.ts';
import { anchorOf } from '../plot/axes.tsx';
import { crisp, pixelX, pixelY } from '../plot/frame.ts';
import { changeNames } from './change-names.ts';
import type { ChartSpec } from './chart-spec.ts';
import { heldStep, shownStep, useCursor } from './cursor-store.ts';
import type { DrawnLine } from './lines.ts';
import { type MetricFrame, stepPosition, valueAt } from './metric-frame.ts';
import type { ChartRun } from './runs.ts';

interface Props {
  readonly spec: ChartSpec;
  readonly frame: MetricFrame;
  readonly lines: readonly DrawnLine[];
  readonly runs: readonly ChartRun[];
  /** Pixels of a range that is being dragged. */
  readonly dragged: readonly [number, number] | null;
  /** False off screen, where nothing follows the pointer. */
  readonly live: boolean;
}

/** Pixels on either side of a label that no other label may enter. */
const CLEAR = 26;

/** Width of "5 not finite", in pixels. */
const GAP_WIDTH = 60;

/** What follows the pointer: the one cursor line, the discs on the lines, and the axis labels that give way to it. */
export function CursorLayer({ spec, frame, lines, runs, dragged, live }: Props) {
  const step = useCursor(live ? shownStep : heldStep);
  const pinned = useCursor(heldStep);
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
        <AxisLabels {...{ frame, lines, runs, at, step }} named={spec.size === 'hero'} />
      )}
    </>
  );
}

function positionOf(
  frame: MetricFrame,
  runs: readonly ChartRun[],
  step: number | null,
): number | null {
  if (step === null) return null;
  const x = stepPosition(runs, frame.xAxis, step);
  return x !== undefined && x >= frame.x.low && x <= frame.x.high ? crisp(pixelX(frame, x)) : null;
}

function spot(spec: ChartSpec, frame: MetricFrame, line: DrawnLine, step: number | null) {
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
  readonly frame: MetricFrame;
  readonly lines: readonly DrawnLine[];
  readonly runs: readonly ChartRun[];
  readonly at: number | null;
  readonly step: number | null;
  /** Changes of live settings and notes are named at their ticks. */
  readonly named: boolean;
}

/** Pixels that a flag is wider than a tick. */
const FLAG = 5;

/** Most letters of a note beside its flag; the whole of it stands in the list above the charts. */
const MOST_LETTERS = 32;

/** The numbers under the axis, how many values were not finite, changes of live settings, notes, and the newest checkpoint. */
function AxisLabels({ frame, lines, runs, at, step, named }: LabelProps) {
  const y = frame.height;
  const gap = gapLabel(frame, lines, at);
  const { ticks, label } = frame.x;
  const nearest = at === null ? -1 : nearestInner(frame, ticks, at);
  const crowded = (tick: number, i: number) => {
    const pixel = pixelX(frame, tick);
    const inGap = gap !== null && pixel > gap.from - CLEAR && pixel < gap.from + GAP_WIDTH + CLEAR;
    return i === nearest || inGap || (at !== null && Math.abs(pixel - at) < CLEAR);
  };
  const changes = runs.flatMap((run) =>
    (run.changes ?? []).flatMap((change) => {
      const x = positionOf(frame, runs, change.step);
      const key = `${run.id} ${change.step} ${change.label}`;
      return x === null ? [] : [{ key, x, step: change.step, label: change.label }];
    }),
  );
  const notes = runs.flatMap((run) =>
    (run.notes ?? []).flatMap(({ step, text }) => {
      const x = positionOf(frame, runs, step);
      const key = `${run.id} note ${step}`;
      return x === null ? [] : [{ key, x, step, text, label: shorten(text, MOST_LETTERS) }];
    }),
  );
  const besideFlags = notes.map((note) => ({ ...note, x: note.x + FLAG }));
  const kept = runs.flatMap(({ id, keptAt: step = null }) => {
    const x = positionOf(frame, runs, step);
    return x === null ? [] : [{ id, x, step }];
  });
  return (
    <>
      {kept.map(({ id, x, step }) => (
        <path key={id} className="kept" d={`M${x} ${y}l4 6h-8z`}>
          <title>{`Kept up to step ${step}`}</title>
        </path>
      ))}
      {changes.map((change) => (
        <path key={change.key} className="change" d={`M${change.x} ${y - 5}V${y + 5}`}>
          <title>{`${change.label}, from step ${change.step}`}</title>
        </path>
      ))}
      {notes.map(({ key, x, step, text }) => (
        <path key={key} className="note" d={`M${x} ${y + 5}v-15h7l-2 3 2 3h-7`}>
          <title>{`Step ${step}: ${text}`}</title>
        </path>
      ))}
      {(named ? changeNames([...changes, ...besideFlags], frame.width) : []).map(
        ({ key, x, label: name, anchor }) => (
          <text
            key={key}
            className="name"
            x={anchor === 'start' ? x + 5 : x - 5}
            y={y}
            dy={-6}
            textAnchor={anchor}
          >
            {name}
          </text>
        ),
      )}
      {ticks.map((tick, i) => {
        const pixel = pixelX(frame, tick);
        return crowded(tick, i) ? null : (
          <text key={tick} x={pixel} y={y} dy={16} textAnchor={anchorOf(i, ticks.length)}>
            {label(tick)}
          </text>
        );
      })}
      {gap ? (
        <text className="gap" x={gap.from} y={y} dy={16}>
          {gap.count} not finite
        </text>
      ) : null}
      {at === null || step === null ? null : (
        <text className="now" x={at} y={y} dy={16} textAnchor="middle">
          {label(stepPosition(runs, frame.xAxis, step) ?? step)}
        </text>
      )}
    </>
  );
}

/** The tick that the cursor's own label replaces: the nearest between the two ends. */
function nearestInner(frame: MetricFrame, ticks: readonly number[], at: number): number {
  let best = -1;
  for (let i = 1; i < ticks.length - 1; i += 1) {
    const away = Math.abs(pixelX(frame, ticks[i]) - at);
    if (best < 0 || away < Math.abs(pixelX(frame, ticks[best]) - at)) best = i;
  }
  return best;
}

/** Where the count of values that are not finite stands: under the last gap, giving way to the cursor's label. */
function gapLabel(frame: MetricFrame, lines: readonly DrawnLine[], cursor: number | null) {
  const count = lines.reduce((sum, line) => sum + line.notFinite, 0);
  const last = lines.flatMap((line) => line.gaps).at(-1);
  if (count === 0 || !last) return null;
  const middle = pixelX(frame, (last[0] + last[1]) / 2);
  if (middle < 0 || middle > frame.width) return null;
  let from = Math.max(0, Math.min(frame.width - GAP_WIDTH, middle - GAP_WIDTH / 2));
  if (cursor !== null && cursor > from - 12 && cursor < from + GAP_WIDTH + 12) {
    const left = cursor - 12 - GAP_WIDTH;
    const right = cursor + 12;
    const fitsRight = right + GAP_WIDTH <= frame.width + 6;
    from = (cursor >= middle && left >= -24) || !fitsRight ? left : right;
  }
  return { from, count };
}
