/** The lines across and down a plot, behind whatever is drawn in it. */
import { crisp, type Frame, pixelX, pixelY } from './frame.ts';

export interface GridProps {
  readonly frame: Frame;
  /** Values with a line across. */
  readonly across: readonly number[];
  /** Places with a line down. */
  readonly down: readonly number[];
}

export function Grid({ frame, across, down }: GridProps) {
  const { width, height } = frame;
  return (
    <svg className="gridlines" width={width} height={height} aria-hidden="true">
      <g stroke="var(--line)">
        {across.map((value) => {
          const y = crisp(pixelY(frame, value));
          return <line key={value} x1={0} x2={width} y1={y} y2={y} />;
        })}
        {down.map((value) => {
          const x = crisp(pixelX(frame, value));
          return <line key={value} x1={x} x2={x} y1={0} y2={height} />;
        })}
      </g>
    </svg>
  );
}
