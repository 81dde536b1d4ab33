/** The roofline: what this adapter's best product and best copy allow, and where the step's kernels stand below it. */
import { useMemo } from 'react';
import type { KernelEntry } from '../../lab/kernel-lab/protocol.ts';
import { useKernelsState } from './kernels-context.ts';
import { allowed, type RoofPoint, roofOf, shortly } from './roofline.ts';
import { sharesOf } from './step-view.ts';

const percent = (share: number) => `${(100 * share).toFixed(1)}%`;

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
  const { x, y, ticksX, ticksY, ridge, first: left } = roofOf(ceilings, points);
  const own = points.find(({ id }) => id === entry.id);
  // A slope this short leaves no room for its name to the left of it.
  const narrow = x(ridge) < 0.5;
  const said = own
    ? `${entry.id} reaches ${shortly(own.gflops)} of ${shortly(allowed(ceilings, own.intensity))} GFLOP/s at ${shortly(own.intensity)} operations a byte.`
    : `${entry.id} did not run in the step, or does no arithmetic.`;
  return (
    <figure className="chart">
      <figcaption className="chart-head">
        <h3>Roofline</h3>
        <span className="unit">GFLOP/s against operations per byte</span>
      </figcaption>
      <svg className="plot roof" role="img" aria-label={`Roofline. ${said}`}>
        <g className="grid">
          {ticksY.map((tick) => (
            <line key={tick} x1="0" x2="100%" y1={percent(y(tick))} y2={percent(y(tick))} />
          ))}
          {ticksX.map((tick) => (
            <line key={tick} x1={percent(x(tick))} x2={percent(x(tick))} y1="0" y2="100%" />
          ))}
        </g>
        <line className="axis" x1="0" x2="100%" y1="100%" y2="100%" />
        <line
          className="roofline"
          x1={percent(x(left))}
          y1={percent(y(ceilings.gbs * left))}
          x2={percent(x(ridge))}
          y2={percent(y(ceilings.gflops))}
        />
        <line
          className="roofline"
          x1={percent(x(ridge))}
          x2="100%"
          y1={percent(y(ceilings.gflops))}
          y2={percent(y(ceilings.gflops))}
        />
        {points
          .filter(({ id }) => id !== entry.id)
          .map(({ id, gflops, intensity }) => (
            <circle
              key={id}
              className="other"
              cx={percent(x(intensity))}
              cy={percent(y(gflops))}
              r="3"
            >
              <title>{id}</title>
            </circle>
          ))}
        {own && (
          <>
            <circle
              className="this"
              cx={percent(x(own.intensity))}
              cy={percent(y(own.gflops))}
              r="4.5"
            />
            <text
              className="name now"
              x={percent(x(own.intensity))}
              y={percent(y(own.gflops))}
              dy="18"
              textAnchor={x(own.intensity) > 0.6 ? 'end' : 'start'}
            >
              {own.id}
            </text>
          </>
        )}
        <text className="name" x="100%" y={percent(y(ceilings.gflops))} dy="-7" textAnchor="end">
          best matmul, {shortly(ceilings.gflops)}
        </text>
        <text
          className="name"
          x={percent(x(Math.sqrt(left * ridge)))}
          y={percent(y(ceilings.gbs * Math.sqrt(left * ridge)))}
          dx={narrow ? 10 : -8}
          dy={narrow ? 16 : -10}
          textAnchor={narrow ? 'start' : 'end'}
        >
          copy, {shortly(ceilings.gbs)} GB/s
        </text>
        <g textAnchor="end">
          {ticksY.map((tick) => (
            <text key={tick} x="-6" y={percent(y(tick))} dy="4">
              {shortly(tick)}
            </text>
          ))}
        </g>
        <g textAnchor="middle">
          {ticksX.map((tick) => (
            <text key={tick} x={percent(x(tick))} y="100%" dy="16">
              {shortly(tick)}
            </text>
          ))}
        </g>
      </svg>
      <p className="small quiet">
        Ceilings measured here: {ceilings.matmul}; copy of {ceilings.copy}.
      </p>
    </figure>
  );
}
