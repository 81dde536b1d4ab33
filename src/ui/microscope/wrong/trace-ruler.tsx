/**
 * The trace as a ruler. One token is one cell, coloured by the reading that is chosen. Under it the reward as stairs, because a reading holds for all
 * tokens for which it stands; then all four readings as strips, and how likely the policy finds each token.
 */
import { type CSSProperties, useMemo } from 'react';
import type { Reading } from '../../../rl/airl/granularity.ts';
import type { Stretch } from '../../samples/learned-reading.ts';
import { colourStep, modeOf, negative, signed } from '../../samples/token-colour.ts';
import { spoken } from '../../samples/visible-text.ts';
import { Cell } from '../cell.tsx';
import { percent, placeOf, type TokenLine, tokenLines, widthOf } from '../token-lines.ts';
import { leastLikely, type TraceReading } from './readings.ts';
import { Stairs } from './stairs.tsx';
import { LikelyStrip, ReadingStrip } from './strips.tsx';
import type { ReadTrace } from './trace.ts';

const MODE = modeOf('learned_reward');

interface Props {
  readonly trace: ReadTrace;
  readonly rows: readonly TraceReading[];
  readonly shown: TraceReading;
  readonly reading: Reading;
  readonly clip: number;
  /** The trace before it was edited. */
  readonly before: { readonly trace: ReadTrace; readonly shown: TraceReading } | null;
}

export function TraceRuler({ trace, rows, shown, clip, before }: Props) {
  const { pieces, logprobs } = trace;
  const lines = useMemo(
    () =>
      tokenLines(
        pieces.map(widthOf),
        shown.parts.map(({ to }) => to),
      ),
    [pieces, shown],
  );
  const widest = Math.max(1, ...lines.map(({ width }) => width));
  const { wrong, lowest, fall } = shown.trace;
  const least = leastLikely(logprobs);
  return (
    <div className="scroller">
      <div className="ruler wrongruler" style={{ '--chars': widest } as CSSProperties}>
        {lines.map((line, l) => (
          <div
            className="wrong-line"
            key={line.from}
            style={{ width: `${(100 * line.width) / widest}%` }}
          >
            <p className="flags" aria-hidden="true">
              {fall && begins(fall, line) && (
                <span
                  className="fallflag"
                  style={{ left: percent(placeOf(fall.from, line), line) }}
                >
                  falls most, by {fall.by.toFixed(2)}
                </span>
              )}
            </p>
            <div className="cells mono">
              {pieces.slice(line.from, line.to).map((piece, i) => {
                const at = line.from + i;
                return (
                  <span
                    key={at}
                    className={cellClass(at, pieces.length, shown.rewards[at], { lowest, wrong })}
                    style={{ flexGrow: line.edges[i + 1] - line.edges[i] }}
                    title={cellTitle(piece, shown.rewards[at], logprobs?.[at])}
                  >
                    <Cell token={piece} />
                  </span>
                );
              })}
            </div>
            <Stairs {...{ line, shown, clip }} before={l === 0 ? before : null} />
            <div className="readrows">
              {rows.map((row) => (
                <ReadingStrip
                  key={row.granularity}
                  {...{ row, line }}
                  current={row === shown}
                  last={l === lines.length - 1}
                />
              ))}
              {logprobs && (
                <LikelyStrip {...{ logprobs, line, least, wrong }} last={l === lines.length - 1} />
              )}
            </div>
          </div>
        ))}
      </div>
    </div>
  );
}

function begins({ from }: Stretch, line: TokenLine): boolean {
  return from >= line.from && from < line.to;
}

function within(i: number, part: Stretch | null | undefined): boolean {
  return !!part && i >= part.from && i < part.to;
}

function cellClass(
  i: number,
  count: number,
  reward: number,
  {
    lowest,
    wrong,
  }: { readonly lowest: Stretch | null; readonly wrong?: Stretch | null | undefined },
): string {
  const boxed = within(i, lowest)
    ? `lowest${lowest?.from === i ? ' begins' : ''}${lowest?.to === i + 1 ? ' ends' : ''}`
    : '';
  const flaw = within(i, wrong) ? 'flaw' : '';
  const end = i === count - 1 ? 'end' : '';
  return ['tok', colourStep(reward, MODE), boxed, flaw, end].filter(Boolean).join(' ');
}

function cellTitle(piece: string, reward: number, logprob: number | undefined): string {
  const likely = logprob === undefined ? '' : `, log-prob ${negative(logprob)}`;
  return `${spoken(piece)}: reward ${signed(reward)}${likely}`;
}
