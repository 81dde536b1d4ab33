/** Compared groups as bars, or by two numbers. */
import { type ReactNode, useMemo, useRef } from 'react';
import { useSize } from '../charts/use-redraw.ts';
import { BottomLine, BottomNumbers, LeftNumbers } from '../plot/axes.tsx';
import { type Frame, pixelY } from '../plot/frame.ts';
import { Plot } from '../plot/plot.tsx';
import type { Metric } from '../stored/group-words.ts';
import type { Bar, Place } from './standing.ts';
import { barFrame, barShapes, placeFrame, placeShapes, type Shape } from './standing-shapes.ts';

interface BarsProps {
  readonly bars: readonly Bar[];
  readonly metric: Metric;
}

export function Bars({ bars, metric }: BarsProps) {
  const box = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(box);
  const frame = useMemo(() => barFrame(bars, metric, width, height), [bars, metric, width, height]);
  const shapes = useMemo(() => barShapes(frame, bars), [frame, bars]);
  return (
    <div className="plotbox standing" ref={box} aria-hidden="true">
      {width > 20 && (
        <Drawn frame={frame} shapes={shapes}>
          <line className="axis" x1={0} x2={width} y1={pixelY(frame, 0)} y2={pixelY(frame, 0)} />
        </Drawn>
      )}
    </div>
  );
}

interface PlacesProps {
  readonly places: readonly Place[];
  /** Along, and up. */
  readonly metrics: readonly [Metric, Metric];
}

export function Places({ places, metrics }: PlacesProps) {
  const box = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(box);
  const frame = useMemo(
    () => placeFrame(places, metrics, width, height),
    [places, metrics, width, height],
  );
  const shapes = useMemo(() => placeShapes(frame, places), [frame, places]);
  return (
    <div className="plotbox standing" ref={box} aria-hidden="true">
      {width > 20 && (
        <Drawn frame={frame} shapes={shapes}>
          <BottomLine {...frame} />
          <BottomNumbers frame={frame} />
        </Drawn>
      )}
    </div>
  );
}

interface DrawnProps {
  readonly frame: Frame;
  readonly shapes: readonly Shape[];
  readonly children: ReactNode;
}

function Drawn({ frame, shapes, children }: DrawnProps) {
  return (
    <>
      <Plot frame={frame} lines={[]} />
      <svg className="plot over" aria-hidden="true">
        {children}
        <LeftNumbers frame={frame} />
        {shapes.map((shape) => (
          <Mark key={shape.key} shape={shape} />
        ))}
      </svg>
    </>
  );
}

function Mark({ shape }: { readonly shape: Shape }) {
  switch (shape.kind) {
    case 'bar': {
      const { x, y, width, height, slot } = shape;
      return <rect className={`sbar r${slot}`} {...{ x, y, width, height }} />;
    }
    case 'line': {
      const [x1, y1, x2, y2] = shape.ends;
      const named = shape.slot === 0 ? 'leader' : `sline r${shape.slot}`;
      return <line className={named} {...{ x1, y1, x2, y2 }} />;
    }
    case 'mean':
      return <circle className={`smean r${shape.slot}`} cx={shape.x} cy={shape.y} r={4.5} />;
    case 'seed':
      return <circle className={`sseed r${shape.slot}`} cx={shape.x} cy={shape.y} r={2.5} />;
    case 'front':
      return <path className="sfront" d={shape.path} />;
    case 'name':
      return (
        <text x={shape.x} y={shape.y} textAnchor={shape.middle ? 'middle' : 'start'}>
          {shape.text}
        </text>
      );
  }
}
