import type { ShownTransfer, ShownTry } from './transfer-shown.ts';
import { visiblePieces } from './visible-text.ts';

/** Under an answer: where it was cut, and how each receiver went on from there, rightly or not. */
export function HandedOver({ transfer }: { readonly transfer: ShownTransfer }) {
  const { tau, leaked, receivers } = transfer;
  return (
    <dl className="handed small">
      {receivers.map(({ receiver, tries }, i) => (
        <div key={receiver}>
          <dt className="faint">
            {i === 0 ? `τ ${tau.toFixed(2)}, ` : ''}
            {receiver}
          </dt>
          {tries === null ? <dd className="quiet">has no room for the prefix</dd> : null}
          {tries?.map((one, t) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a try is its place
            <Try key={t} {...one} />
          ))}
        </div>
      ))}
      {leaked ? (
        <div>
          <dt className="sr">leaked</dt>
          <dd className="badge outline" title="There was nothing left for a receiver to find out.">
            the prefix is right already
          </dd>
        </div>
      ) : null}
    </dl>
  );
}

function Try({ text, correct, truncated }: ShownTry) {
  return (
    <dd>
      <span className={`dot ${correct ? 'yes' : 'no'}`} />
      <span className="sr">{correct ? 'right: ' : 'wrong: '}</span>
      <span className="mono">{text === '' ? <i>nothing more</i> : readable(text)}</span>
      {truncated ? <span className="faint"> cut off</span> : null}
    </dd>
  );
}

function readable(text: string): string {
  return visiblePieces(text)
    .map(({ kind, text: piece }) => (kind === 'break' ? '↵' : piece))
    .join('');
}
