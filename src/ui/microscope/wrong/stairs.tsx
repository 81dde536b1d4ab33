/** The reward along a line of the trace: steps and never a slope, with the fall as a zone and the first wrong step between two lines. */
import { signed } from '../../samples/token-colour.ts';
import { percent, placeOf, type TokenLine } from '../token-lines.ts';
import type { TraceReading } from './readings.ts';
import type { ReadTrace } from './trace.ts';

interface Props {
  readonly line: TokenLine;
  readonly shown: TraceReading;
  readonly clip: number;
  readonly before: { readonly trace: ReadTrace; readonly shown: TraceReading } | null;
}

export function Stairs({ line, shown, clip, before }: Props) {
  const { fall, wrong } = shown.trace;
  const y = (value: number) => `${50 - (50 * value) / clip}%`;
  const x = (token: number) => percent(placeOf(token, line), line);
  const touches = (part: { from: number; to: number } | null | undefined) =>
    part && part.from < line.to && part.to > line.from ? part : null;
  const zone = touches(fall);
  const truth = touches(wrong);
  return (
    <svg className="plot stairs" role="img" aria-label={sentence(shown, line)}>
      {[clip, 0, -clip].map((tick) => (
        <g key={tick} className={tick === 0 ? undefined : 'grid'}>
          <line className={tick === 0 ? 'axis' : undefined} x2="100%" y1={y(tick)} y2={y(tick)} />
          <text x={-6} y={y(tick)} dy={4} textAnchor="end">
            {String(tick).replace('-', '−')}
          </text>
        </g>
      ))}
      {zone && (
        <rect
          className="pickzone"
          x={x(zone.from)}
          width={percent(placeOf(zone.to, line) - placeOf(zone.from, line), line)}
          y={0}
          height="100%"
        />
      )}
      {truth && (
        <>
          <line className="trueline" x1={x(truth.from)} x2={x(truth.from)} y1={-8} y2="100%" />
          <line className="trueline" x1={x(truth.to)} x2={x(truth.to)} y1={-8} y2="100%" />
          <text className="name" x={x(truth.from)} y="100%" dx={5} dy={-6}>
            first wrong step
          </text>
        </>
      )}
      <svg
        viewBox="0 0 1000 100"
        width="100%"
        height="100%"
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {before && <path className="ln k3" d={stairs(before.shown, line, clip)} />}
        <path className="ln k lifted" d={stairs(shown, line, clip)} />
      </svg>
    </svg>
  );
}

/** The path in a box of 1000 by 100. Tokens beyond the line end it, as of an earlier trace that was longer. */
function stairs({ parts }: TraceReading, line: TokenLine, clip: number): string {
  const inside = parts.filter(({ from, to }) => from < line.to && to > line.from);
  const x = (token: number) => ((1000 * placeOf(token, line)) / Math.max(1, line.width)).toFixed(1);
  const y = (value: number) => (50 - (50 * value) / clip).toFixed(2);
  return inside
    .map(({ from, to, value }, i) => `${i === 0 ? 'M' : 'L'}${x(from)} ${y(value)}H${x(to)}`)
    .join('');
}

function sentence({ parts, trace: { fall } }: TraceReading, line: TokenLine): string {
  const own = parts.filter(({ from, to }) => from < line.to && to > line.from);
  const values = own.map(({ value }) => signed(value)).join(', ');
  const where = fall ? ` It falls most, by ${fall.by.toFixed(2)}, at token ${fall.from + 1}.` : '';
  return `Reward along the trace, from reading to reading: ${values}.${where}`;
}
