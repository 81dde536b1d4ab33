import { Fragment, memo, type ReactNode } from 'react';
import type { CompletionRecord } from '../../rl/records.ts';
import { isChatter } from './chatter.ts';
import type { LearnedTrace, Stretch } from './learned-reading.ts';
import { colourStep, type Mode, tokenValue } from './token-colour.ts';
import { visiblePieces, words } from './visible-text.ts';

/** Most tokens of one completion that are drawn. */
export const TOKEN_CAP = 600;

const NO_CUTS: readonly number[] = [];

interface Props {
  readonly completion: CompletionRecord;
  /** Which completion of the group, for the tooltip. */
  readonly index: number;
  readonly mode: Mode;
  /** Tokens before each place where a receiver took over; a mark stands there. */
  readonly cuts?: readonly number[];
  /** What a learned reward points at, and what is at fault. */
  readonly trace?: LearnedTrace;
  readonly children?: ReactNode;
}

/**
 * A completion's tokens as coloured text. Text nodes only; white space keeps its characters, so that what is copied is
 * what was written. The strip takes the focus, and the arrow keys then go from token to token.
 */
export const TokenStrip = memo(function TokenStrip(props: Props) {
  const { completion, index, mode, cuts = NO_CUTS, trace, children } = props;
  const { pieces, truncated } = completion;
  const shown = pieces.length > TOKEN_CAP ? pieces.slice(0, TOKEN_CAP) : pieces;
  const end = truncated || shown.length < pieces.length ? -1 : pieces.length - 1;
  const body = end >= 0 ? shown.slice(0, end) : shown;
  // An end token that was counted as seen is not part of what a receiver gets.
  const marks = new Set(cuts.map((cut) => Math.min(cut, body.length)));
  const token = (i: number) => (
    <Fragment key={i}>
      {marks.has(i) ? <CutMark /> : null}
      {trace?.fall?.from === i ? <FallMark /> : null}
      <span
        className={`tok ${colourStep(tokenValue(completion, i, mode), mode)}${isChatter(completion, i) ? ' chatter' : ''}${marked(trace, i)}`}
        data-token={i}
      >
        {visible(pieces[i])}
      </span>
    </Fragment>
  );
  const range = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => token(from + i));
  const groups = words(body);
  const endMark =
    end >= 0 ? (
      <>
        {marks.has(body.length) ? <CutMark /> : null}
        {trace?.fall?.from === end ? <FallMark /> : null}
        <span className={`tok end${marked(trace, end)}`} data-token={end}>
          end
        </span>
      </>
    ) : null;
  // The end stays on the line of the last word.
  const lastWord = groups.findLast((word) => !word.space && word.to === body.length);
  return (
    <p
      className="strip"
      data-answer={index}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: tokens are read by keyboard, the strip is one stop
      tabIndex={0}
      dir="ltr"
    >
      {groups.map((word) => (
        <Fragment key={word.from}>
          {word.space ? (
            <>
              {range(word.from, word.to)}
              <wbr />
            </>
          ) : (
            <span className="word">
              {range(word.from, word.to)}
              {word === lastWord ? endMark : null}
            </span>
          )}
        </Fragment>
      ))}
      {lastWord ? null : endMark}
      {marks.has(body.length) && end < 0 ? <CutMark /> : null}
      {shown.length < pieces.length ? (
        <span className="badge outline">{pieces.length - shown.length} more tokens</span>
      ) : null}
      {children}
    </p>
  );
});

/** Classes of a token that a learned reward is lowest at, or that belongs to the first step at fault. */
function marked(trace: LearnedTrace | undefined, i: number): string {
  const { lowest, wrong } = trace ?? {};
  const box = within(lowest, i)
    ? ` lowest${lowest.from === i ? ' begins' : ''}${lowest.to === i + 1 ? ' ends' : ''}`
    : '';
  return box + (within(wrong, i) ? ' flaw' : '');
}

function within(part: Stretch | null | undefined, i: number): part is Stretch {
  return part != null && i >= part.from && i < part.to;
}

/** Where a receiver took over; what it did from there is told below the strip. */
function CutMark() {
  return <span className="cutmark" aria-hidden="true" />;
}

/** Where a learned reward falls most. */
function FallMark() {
  return <span className="fallmark" aria-hidden="true" />;
}

/** A token's text with marks for what would not be seen. */
export function visible(text: string): ReactNode {
  const parts = visiblePieces(text);
  if (parts.length === 1 && parts[0].kind === 'text') return parts[0].text;
  return parts.map((piece, i) => {
    if (piece.kind === 'text') return piece.text;
    const mark = piece.kind === 'break' ? '↵' : piece.text === '\t' ? '⇥' : '·';
    return piece.kind === 'mark' ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a token never change
      <span key={i} className="ctl">
        {piece.text}
      </span>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a token never change
      <span key={i} className="ws" data-mark={mark}>
        {piece.text}
      </span>
    );
  });
}
