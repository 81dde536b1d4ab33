import { visiblePieces } from '../samples/visible-text.ts';

/** A token's text with what would not be seen as marks. */
export function Cell({ token }: { token: string }) {
  return visiblePieces(token).map(({ kind, text }, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a token never change
    <span key={i} className={kind === 'text' ? undefined : `piece ${kind}`}>
      {text}
    </span>
  ));
}
