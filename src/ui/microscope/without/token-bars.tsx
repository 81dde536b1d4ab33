/** The answer set large, a bar over each token for what the question adds to its log-prob, on the text's own scale. */
import { type CSSProperties, useMemo } from 'react';
import { colourStep, modeOf, signed } from '../../samples/token-colour.ts';
import { spoken } from '../../samples/visible-text.ts';
import { Cell } from '../cell.tsx';
import { percent, type TokenLine, tokenLines, widthOf } from '../token-lines.ts';
import { barOf, barScale, barSentence } from './bars.ts';
import type { AnswerScore } from './score-answers.ts';

const MODE = modeOf('sar/v');
/** Room between two bars, in characters. */
const GAP = 0.12;

export function TokenBars({ score, stale }: { score: AnswerScore; stale: boolean }) {
  const { tokens } = score;
  const v = score.v ?? [];
  const lines = useMemo(() => tokenLines(tokens.map(widthOf), []), [tokens]);
  const widest = Math.max(1, ...lines.map(({ width }) => width));
  return (
    <div className="scroller">
      <div
        className="ruler told"
        style={{ '--chars': widest } as CSSProperties}
        aria-busy={stale}
        role="img"
        aria-label={barSentence(score)}
      >
        {lines.map((line) => (
          <div className="told-line" key={line.from} style={{ width: share(line, widest) }}>
            <Bars line={line} v={v} />
            <div className="cells mono">
              {tokens.slice(line.from, line.to).map((token, i) => {
                const at = line.from + i;
                const end = at === tokens.length - 1;
                return (
                  <span
                    key={at}
                    className={`tok ${end ? 'end ' : ''}${colourStep(v[at], MODE)}`}
                    style={{ flexGrow: line.edges[i + 1] - line.edges[i] }}
                    title={v[at] === undefined ? undefined : `${spoken(token)}: ${signed(v[at])}`}
                  >
                    <Cell token={token} />
                  </span>
                );
              })}
            </div>
          </div>
        ))}
      </div>
    </div>
  );
}

function share(line: TokenLine, widest: number): string {
  return `${(100 * line.width) / widest}%`;
}

function Bars({ line, v }: { line: TokenLine; v: readonly number[] }) {
  const scale = barScale(v);
  const y = (value: number) => `${100 * barOf(value, scale).top}%`;
  return (
    <svg className="plot bars" aria-hidden="true">
      {scale.ticks.map((tick) => (
        <g key={tick} className={tick === 0 ? undefined : 'grid'}>
          <line
            className={tick === 0 ? 'axis' : undefined}
            x1="0"
            x2="100%"
            y1={tickPlace(tick, scale)}
            y2={tickPlace(tick, scale)}
          />
          <text x={-6} y={tickPlace(tick, scale)} dy={4} textAnchor="end">
            {scale.label(tick)}
          </text>
        </g>
      ))}
      {v.slice(line.from, line.to).map((value, i) => {
        const left = line.edges[i];
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a token is its place in the answer
            key={i}
            className={value < 0 ? 'down' : 'up'}
            x={percent(left + GAP, line)}
            width={percent(line.edges[i + 1] - left - 2 * GAP, line)}
            y={y(value)}
            height={`${100 * barOf(value, scale).height}%`}
          />
        );
      })}
    </svg>
  );
}

/** Where a grid line stands, from above. */
function tickPlace(tick: number, scale: ReturnType<typeof barScale>): string {
  return `${(100 * (scale.high - tick)) / (scale.high - scale.low)}%`;
}
