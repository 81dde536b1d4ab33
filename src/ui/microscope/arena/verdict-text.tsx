/** A critic's text: its reasoning, and its verdict as a tag of its own. */

import type { CriticVerdict } from '../../../rl/critic/verdict.ts';
import { verdictText } from '../../samples/critic-shown.ts';

interface Props {
  readonly text: string;
  /** As it was said; null where it cannot be read. */
  readonly verdict: CriticVerdict | null;
}

/** Letters of a verdict's tag, at the end of a text that has one. */
const TAG = 2;

export function VerdictText({ text, verdict }: Props) {
  const reasoning = verdict === null ? text : text.slice(0, -TAG);
  return (
    <p className="said-by-critic">
      <span className="mono">{reasoning}</span>{' '}
      <span className={verdict === null ? 'badge outline' : 'verdicttag'}>
        {verdictText(verdict)}
      </span>
    </p>
  );
}
