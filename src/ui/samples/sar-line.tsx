import { perplexityText, type ShownSar } from './sar-shown.ts';
import { signed } from './token-colour.ts';

/** Under an answer: how surprised the policy was with the question and without it, and what that makes of R_SA. */
export function SarLine({ sar }: { readonly sar: ShownSar }) {
  const { given, alone, r, raw, note } = sar;
  return (
    <p className="sarline small quiet">
      <span>
        Perplexity with question <b>{perplexityText(given)}</b>
      </span>
      {r === null ? (
        <span>R_SA not asked for{note ? `: ${note}` : ''}</span>
      ) : (
        <>
          <span>
            without <b>{perplexityText(alone)}</b>
          </span>
          <span>
            R_SA <b>{signed(r)}</b>
            {raw === null || raw < r ? ' (at its floor)' : ''}
          </span>
        </>
      )}
    </p>
  );
}
