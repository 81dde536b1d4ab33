/** One chart of curves: title and values as text, a plot that is read with the pointer or the arrow keys, and its numbers. */
import { type KeyboardEvent, type PointerEvent, useMemo, useRef, useState } from 'react';
import { About } from '../glossary/about.tsx';
import { reading } from '../plot/numbers.ts';
import { CurvePlot } from './curve-plot.tsx';
import { CurveTable } from './curve-table.tsx';
import {
  type Curve,
  type CurveSpec,
  curveClass,
  curveFrame,
  curvesCsv,
  nearestPlace,
  placeSentence,
  placesOf,
  pointAt,
} from './curves.ts';
import { DASHES } from './runs.ts';
import { saveFile } from './save-file.ts';

import { useSize } from './use-redraw.ts';

interface Props {
  readonly spec: CurveSpec;
  readonly curves: readonly Curve[];
  /** Over the whole width. */
  readonly wide?: boolean;
  /** Takes the place of the plot where there are no curves. */
  readonly off?: string;
  /** What its saved numbers are called, without an ending; its id where nothing is said. */
  readonly file?: string;
}

export function CurveChart({ spec, curves, wide = false, off, file = spec.id }: Props) {
  const plot = useRef<HTMLDivElement>(null);
  const size = useSize(plot);
  const [at, setAt] = useState<number | null>(null);
  const [table, setTable] = useState(false);
  const places = useMemo(() => placesOf(curves), [curves]);
  const frame = useMemo(
    () => (size.width < 20 || curves.length === 0 ? null : curveFrame(spec, curves, size)),
    [spec, curves, size],
  );
  const last = places.length - 1;
  const shown = at === null ? last : Math.min(at, last);
  const x = places[shown];
  const point = (event: PointerEvent<HTMLDivElement>) => {
    if (!frame) return;
    setAt(
      nearestPlace(frame, places, event.clientX - event.currentTarget.getBoundingClientRect().left),
    );
  };
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const to = MOVES[event.key]?.(shown, last);
    if (to === undefined) return;
    event.preventDefault();
    setAt(Math.min(last, Math.max(0, to)));
  };
  return (
    <figure className={wide ? 'chart half curves wide' : 'chart half curves'} data-chart={spec.id}>
      <figcaption className="chart-head">
        <h3>{spec.title}</h3>
        <About title={spec.title} asked={{ chart: spec.id }} />
        {spec.unit ? <span className="unit">{spec.unit}</span> : null}
        {x === undefined ? null : <Values spec={spec} curves={curves} x={x} />}
      </figcaption>
      {off === undefined ? (
        <div
          className="plotbox"
          ref={plot}
          role="slider"
          tabIndex={0}
          aria-label={`${spec.title} by ${spec.axis}`}
          aria-valuemin={0}
          aria-valuemax={Math.max(0, last)}
          aria-valuenow={Math.max(0, shown)}
          aria-valuetext={x === undefined ? 'no values yet' : placeSentence(spec, curves, x)}
          data-arrow-keys
          onPointerMove={point}
          onPointerDown={point}
          onPointerLeave={() => setAt(null)}
          onKeyDown={move}
        >
          {frame && x !== undefined ? (
            <CurvePlot
              {...{ frame, curves }}
              beside={size.width - frame.width}
              at={at === null ? null : x}
            />
          ) : null}
        </div>
      ) : (
        <p className="off small quiet">{off}</p>
      )}
      {curves.length > 0 ? (
        <p className="axisnote small quiet curve-foot">
          <span>{spec.axis}</span>
          <span className="spacer" />
          <button className="link" type="button" onClick={() => setTable(true)}>
            Data table<span className="sr"> of {spec.title}</span>
          </button>
          <button
            className="link"
            type="button"
            onClick={() => saveFile(`${file}.csv`, curvesCsv(spec, curves), 'text/csv')}
          >
            CSV<span className="sr"> of {spec.title}</span>
          </button>
        </p>
      ) : null}
      {table ? <CurveTable spec={spec} curves={curves} onClose={() => setTable(false)} /> : null}
    </figure>
  );
}

/** Where a key moves the cursor, from a place, of the last one. */
const MOVES: Readonly<Record<string, (at: number, last: number) => number>> = {
  ArrowLeft: (at) => at - 1,
  ArrowDown: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  ArrowUp: (at) => at + 1,
  Home: () => 0,
  End: (_, last) => last,
};

/** The values at a place, each with its piece of line. */
function Values({
  spec,
  curves,
  x,
}: {
  readonly spec: CurveSpec;
  readonly curves: readonly Curve[];
  readonly x: number;
}) {
  // Where there are many, what is compared with stands in the table alone.
  const read = curves.length > 3 ? curves.filter(({ thin, level }) => !thin && !level) : curves;
  return (
    <dl className="readout">
      <div>
        <dt className="faint">{spec.place(x)}</dt>
      </div>
      {read.map((curve) => (
        <div key={curve.key}>
          <dt>
            <svg className="key" viewBox="0 0 20 10" preserveAspectRatio="none" aria-hidden="true">
              <path
                className={curveClass(curve)}
                strokeDasharray={DASHES[curve.dash]}
                d="M0 5H20"
              />
            </svg>
            {/* Lines that end close together have their names in a row there: here each stands beside its line. */}
            <span className={read.length > 1 ? undefined : 'sr'}>{curve.name}</span>
          </dt>
          <dd>{reading(pointAt(curve, x)?.y ?? Number.NaN)}</dd>
        </div>
      ))}
    </dl>
  );
}
