/** R_SA with the numbers of this answer in it. */
import { perplexityText, type ShownSar } from '../../samples/sar-shown.ts';
import { signed } from '../../samples/token-colour.ts';

export function Formula({ sar }: { sar: ShownSar | undefined }) {
  if (!sar || sar.r === null) {
    return <p className="quiet">R_SA is not known: {sar?.note ?? 'it was not asked for'}.</p>;
  }
  const { given, alone, r, raw } = sar;
  const floored = raw === null || raw < r;
  const [q, a] = [perplexityText(given), perplexityText(alone)];
  const result = signed(r).replace('+', '');
  return (
    <p className="formula">
      <span className="sr">
        {`R SA is perplexity alone minus perplexity given the question, over perplexity alone: ${a} minus ${q}, over ${a}, is ${result}${floored ? ', its floor' : ''}.`}
      </span>
      <span aria-hidden="true">
        <i>R</i>
        <sub>SA</sub>
      </span>
      <span aria-hidden="true">=</span>
      <Fraction above="ppl(a) − ppl(a|q)" below="ppl(a)" />
      <span aria-hidden="true">=</span>
      <Fraction above={`${a} − ${q}`} below={a} />
      <span aria-hidden="true">=</span>
      {floored && raw !== null ? (
        <>
          <span aria-hidden="true">{signed(raw)}</span>
          <span aria-hidden="true" className="faint">
            floored at
          </span>
        </>
      ) : null}
      <b aria-hidden="true">{result}</b>
    </p>
  );
}

function Fraction({ above, below }: { above: string; below: string }) {
  return (
    <span className="fraction" aria-hidden="true">
      <span>{above}</span>
      <span>{below}</span>
    </span>
  );
}
