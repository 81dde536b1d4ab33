/** The roofline: what this adapter's best product and best copy allow, and where the step's kernels stand below it. */
import { useMemo, useRef } from 'react';
import type { Ceilings, KernelEntry } from '../../lab/kernel-lab/protocol.ts';
import { useSize } from '../charts/use-redraw.ts';
import { BottomLine, BottomNumbers, LeftNumbers } from '../plot/axes.tsx';
import { type Frame, pixelX, pixelY } from '../plot/frame.ts';
import type { PlotLine } from '../plot/mark.ts';
import { Plot } from '../plot/plot.tsx';
import { useKernelsState } from './kernels-context.ts';
import { allowed, type RoofPoint, ridgeOf, roofFrame, shortly } from './roofline.ts';
import { sharesOf } from './step-view.ts';

export function Roofline({ entry }: { entry: KernelEntry }) {
  const ceilings = useKernelsState((state) => state.ceilings);
  const catalogue = useKernelsState((state) => state.catalogue);
  const step = useKernelsState((state) => state.step);
  const points = useMemo((): RoofPoint[] => {
    if (!step || !catalogue) return [];
    return [...sharesOf(step, catalogue.kernels)]
      .map(([id, { gflops, intensity }]) => ({ id, gflops, intensity }))
      .filter(({ gflops, intensity }) => gflops > 0 && intensity > 0);
  }, [step, catalogue]);
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  if (!ceilings) {
    return (
      <section>
        <h3>Roofline</h3>
        <p className="small quiet">
          Measuring a step, or timing the variants, also measures this adapter’s best product and
          best copy, and draws how near each kernel comes to them.
        </p>
      </section>
    );
  }
  const own = points.find(({ id }) => id === entry.id);
  const said = own
    ? `${entry.id} reaches ${shortly(own.gflops)} of ${shortly(allowed(ceilings, own.intensity))} GFLOP/s at ${shortly(own.intensity)} operations a byte.`
    : `${entry.id} did not run in the step, or does no arithmetic.`;
  return (
    <figure className="chart">
      <figcaption className="chart-head">
        <h3>Roofline</h3>
        <span className="unit">GFLOP/s against operations per byte</span>
      </figcaption>
      <div className="plotbox roof" ref={box} role="img" aria-label={`Roofline. ${said}`}>
        {size.width < 20 ? null : <Roof {...{ ceilings, points, own, size }} />}
      </div>
      <p className="small quiet">
        Ceilings measured here: {ceilings.matmul}; copy of {ceilings.copy}.
      </p>
    </figure>
  );
}

interface RoofProps {
  readonly ceilings: Ceilings;
  readonly points: readonly RoofPoint[];
  readonly own: RoofPoint | undefined;
  readonly size: Pick<Frame, 'width' | 'height'>;
}

function Roof({ ceilings, points, own, size }: RoofProps) {
  const { frame, lines } = useMemo(() => {
    const frame = roofFrame(ceilings, points, size);
    return { frame, lines: [roofLine(ceilings, frame)] };
  }, [ceilings, points, size]);
  const x = (intensity: number) => pixelX(frame, intensity);
  const y = (gflops: number) => pixelY(frame, gflops);
  const ridge = ridgeOf(ceilings);
  // A slope this short leaves no room for its name to the left of it.
  const narrow = frame.x.share(ridge) < 0.5;
  const slope = Math.sqrt(frame.x.low * ridge);
  return (
    <>
      <Plot frame={frame} lines={lines} down={frame.x.ticks} />
      <svg className="plot over" aria-hidden="true">
        <BottomLine {...frame} />
        {points
          .filter((point) => point !== own)
          .map(({ id, gflops, intensity }) => (
            <circle key={id} className="other" cx={x(intensity)} cy={y(gflops)} r="3">
              <title>{id}</title>
            </circle>
          ))}
        {own && (
          <>
            <circle className="this" cx={x(own.intensity)} cy={y(own.gflops)} r="4.5" />
            <text
              className="name now"
              x={x(own.intensity)}
              y={y(own.gflops)}
              dy="18"
              textAnchor={frame.x.share(own.intensity) > 0.6 ? 'end' : 'start'}
            >
              {own.id}
            </text>
          </>
        )}
        <text className="name" x={frame.width} y={y(ceilings.gflops)} dy="-7" textAnchor="end">
          best matmul, {shortly(ceilings.gflops)}
        </text>
        <text
          className="name"
          x={x(slope)}
          y={y(ceilings.gbs * slope)}
          dx={narrow ? 10 : -8}
          dy={narrow ? 16 : -10}
          textAnchor={narrow ? 'start' : 'end'}
        >
          copy, {shortly(ceilings.gbs)} GB/s
        </text>
        <LeftNumbers frame={frame} label={shortly} />
        <BottomNumbers frame={frame} label={shortly} centred />
      </svg>
    </>
  );
}

/** What the adapter allows: the slope of its copy, and from the ridge on its best product. */
function roofLine(ceilings: Ceilings, { x: { low, high } }: Frame): PlotLine {
  const at = [low, ridgeOf(ceilings), high];
  return {
    key: 'roof',
    points: at.map((x) => ({ x, y: allowed(ceilings, x) })),
    className: 'roofline',
    ...{ stroke: 'var(--ink-2)', width: 1.5 },
  };
}
