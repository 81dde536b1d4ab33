/** A reliability diagram: what was said of the answers of each bin against the share that is right, over how many answers each bin has. */
import type { ReliabilityBin } from '../../../rl/airl/as-judge.ts';

const TICKS = [0, 0.5, 1] as const;
/** The largest radius of a disc in pixels: its area is the bin's count. */
const LARGEST = 11;
const SMALLEST = 2.5;

export function ReliabilityPlot({ bins }: { readonly bins: readonly ReliabilityBin[] }) {
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const places = bins.flatMap(({ said, found, count, from }) =>
    said === null || found === null ? [] : [{ said, found, count, from }],
  );
  return (
    <figure className="reliability">
      <svg className="plot" role="img" aria-label={sentence(places)}>
        <g className="grid">
          {TICKS.map((tick) => (
            <g key={tick}>
              <line x1="0" x2="100%" y1={up(tick)} y2={up(tick)} />
              <line x1={across(tick)} x2={across(tick)} y1="0" y2="100%" />
            </g>
          ))}
        </g>
        <line className="even" x1="0" y1="100%" x2="100%" y2="0" />
        {places.map(({ from, said, found }) => (
          <line
            key={from}
            className="off"
            x1={across(said)}
            x2={across(said)}
            y1={up(said)}
            y2={up(found)}
          />
        ))}
        {places.map(({ from, said, found, count }) => (
          <circle
            key={from}
            cx={across(said)}
            cy={up(found)}
            r={Math.max(SMALLEST, LARGEST * Math.sqrt(count / most))}
          />
        ))}
        {TICKS.map((tick) => (
          <g key={tick}>
            <text x="-6" y={up(tick)} dy="4" textAnchor="end">
              {tick}
            </text>
            <text x={across(tick)} y="100%" dy="16" textAnchor="middle">
              {tick}
            </text>
          </g>
        ))}
        <text className="name" x="6" y="0" dy="16">
          right
        </text>
        <text className="name" x="100%" y="100%" dx="-6" dy="-6" textAnchor="end">
          says
        </text>
      </svg>
      <svg className="plot counts" aria-hidden="true">
        {bins.map(({ from, count }) => (
          <rect
            key={from}
            x={across(from)}
            width={across(1 / bins.length)}
            y={up(count / most)}
            height={across(count / most)}
          />
        ))}
        <line className="axis" x1="0" x2="100%" y1="100%" y2="100%" />
      </svg>
      <figcaption className="small quiet">
        Across: what the reward says; a disc’s size, and the bars, are how many answers a bin has.
        On the dashed line the reward says what is so.
      </figcaption>
    </figure>
  );
}

const across = (share: number) => `${(100 * share).toFixed(2)}%`;
const up = (share: number) => across(1 - share);

function sentence(
  places: readonly { readonly said: number; readonly found: number; readonly count: number }[],
): string {
  const all = places.map(
    ({ said, found, count }) =>
      `${said.toFixed(2)} said, ${found.toFixed(2)} right, of ${count} answers`,
  );
  return `Reliability, bin by bin: ${all.join('; ')}.`;
}
