import { perplexityText, type ShownSar } from './sar-shown.ts';
import { signed } from './token-colour.ts';

/** Under an answer: how surprised the policy was with the question and without it, and what that makes of R_SA. */
export function SarLine({ sar }: { readonly sar: ShownSar }) {
  const { given, alone, r, raw, note } = sar;
  return (
    <p className="sarline small quiet">
      <span title="Perplexity of the answer given its question">
        ppl with question <b>{perplexityText(given)}</b>
      </span>
      {r === null ? (
        <span>R_SA not asked for{note ? `: ${note}` : ''}</span>
      ) : (
        <>
          <span title="Perplexity of the same tokens with the question emptied">
            without <b>{perplexityText(alone)}</b>
          </span>
          <span title={raw === null || raw < r ? 'At its floor' : undefined}>
            R_SA <b>{signed(r)}</b>
            {raw === null || raw < r ? ' (floor)' : ''}
          </span>
        </>
      )}
    </p>
  );
}
