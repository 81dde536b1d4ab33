/** Under the chart: what choosing from sixteen comes to, decided by intervals. */
import type { Aggregator, Chooser, RerankRow } from '../../../rl/airl/rerank.ts';
import { verdictOf } from './chosen.ts';

interface Props {
  readonly rows: readonly RerankRow[];
  readonly how: Aggregator;
}

export function WhichWords({ rows, how }: Props) {
  const one = verdictOf(rows, 'one_sample');
  const lines = (
    [
      ['The learned reward', how],
      ['The majority vote', 'majority'],
      ['Its own log-probability', 'log_probability'],
    ] satisfies (readonly [string, Chooser])[]
  ).flatMap(([name, chooser]) => {
    const verdict = verdictOf(rows, chooser);
    return verdict ? [{ name, ...verdict }] : [];
  });
  if (!one) return null;
  return (
    <div className="whichwords" role="status">
      <p>One sample is right in {one.text}. Of sixteen answers,</p>
      <ul>
        {lines.map(({ name, text, gains }) => (
          <li key={name}>
            {name.replace(/^\w/, (letter) => letter.toLowerCase())} chooses a right one in {text}:{' '}
            <b>{GAINS[String(gains)]}</b>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Whether the 95 % interval of the gain over one sample leaves 0 out. */
const GAINS: Readonly<Record<string, string>> = {
  true: 'better than one sample.',
  false: 'worse than one sample.',
  null: 'not told from one sample.',
};
