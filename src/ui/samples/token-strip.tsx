import { Fragment, memo, type ReactNode } from 'react';
import type { CompletionRecord } from '../../rl/records.ts';
import { type ColourMode, colourStep, modeOf, tokenValue } from './token-colour.ts';
import { visiblePieces, words } from './visible-text.ts';

/** Most tokens of one completion that are drawn. */
export const TOKEN_CAP = 600;

interface Props {
  readonly completion: CompletionRecord;
  /** Which completion of the group, for the tooltip. */
  readonly index: number;
  readonly mode: ColourMode;
  readonly children?: ReactNode;
}

/**
 * A completion's tokens as coloured text. Text nodes only; white space keeps its characters, so that what is copied is
 * what was written. The strip takes the focus, and the arrow keys then go from token to token.
 */
export const TokenStrip = memo(function TokenStrip({ completion, index, mode, children }: Props) {
  const { tokens, truncated } = completion;
  const shown = tokens.length > TOKEN_CAP ? tokens.slice(0, TOKEN_CAP) : tokens;
  const end = truncated || shown.length < tokens.length ? -1 : tokens.length - 1;
  const body = end >= 0 ? shown.slice(0, end) : shown;
  const arms = modeOf(mode);
  const token = (i: number) => (
    <span
      key={i}
      className={`tok ${colourStep(tokenValue(completion, i, mode), arms)}`}
      data-token={i}
    >
      {pieces(tokens[i])}
    </span>
  );
  const range = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => token(from + i));
  const groups = words(body);
  const endMark =
    end >= 0 ? (
      <span className="tok end" data-token={end}>
        end
      </span>
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
      {shown.length < tokens.length ? (
        <span className="badge outline">{tokens.length - shown.length} more tokens</span>
      ) : null}
      {children}
    </p>
  );
});

function pieces(text: string): ReactNode {
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
