import type { ShownCut, ShownTransfer, ShownTry } from './transfer-shown.ts';
import { visiblePieces } from './visible-text.ts';

/** Under an answer: where it was cut, and how each receiver went on from every cut, rightly or not. */
export function HandedOver({ transfer: { blank, cuts } }: { readonly transfer: ShownTransfer }) {
  return (
    <dl className="handed small">
      {cuts.map((cut, k) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a cut is its place
        <FromCut key={k} cut={cut} blank={blank} />
      ))}
    </dl>
  );
}

function FromCut({ cut, blank }: { readonly cut: ShownCut; readonly blank: boolean }) {
  const { tau, leaked, receivers } = cut;
  const seen = blank ? 'saw the question alone' : `τ ${tau.toFixed(2)}`;
  return (
    <>
      {receivers.map(({ receiver, tries }, i) => (
        <div key={receiver}>
          <dt className="faint">
            {i === 0 ? `${seen}, ` : ''}
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
          <dd className="badge outline">
            the prefix is right already: nothing was left to find out
          </dd>
        </div>
      ) : null}
    </>
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
