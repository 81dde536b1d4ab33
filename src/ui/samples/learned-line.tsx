/** Under an answer: where a learned reward says that something went wrong, and whether it did there. */
import type { CompletionRecord } from '../../rl/records.ts';
import { finds, type LearnedTrace, type Stretch } from './learned-reading.ts';
import { signed } from './token-colour.ts';
import { spoken } from './visible-text.ts';

interface Props {
  readonly trace: LearnedTrace;
  readonly completion: Pick<CompletionRecord, 'pieces' | 'truncated'>;
}

export function LearnedLine({ trace: { readings, lowest, fall, wrong }, completion }: Props) {
  const { pieces, truncated } = completion;
  const words = ({ from, to }: Stretch) =>
    from === pieces.length - 1 && !truncated ? 'end' : spoken(pieces.slice(from, to).join(''));
  const at = (part: Stretch) => (
    <>
      “<span className="mono">{words(part)}</span>”
    </>
  );
  return (
    <p className="sarline small quiet">
      {lowest ? (
        <span>
          lowest <b>{signed(lowest.value)}</b> at {at(lowest)}
          {hitText(lowest, wrong)}
        </span>
      ) : (
        <span>{readings === 1 ? 'one reading: nothing to pick' : 'no reading'}</span>
      )}
      {fall ? (
        <span>
          falls most, by <b>{fall.by.toFixed(2)}</b>, at {at(fall)}
          {hitText(fall, wrong)}
        </span>
      ) : null}
      {wrong ? (
        <span>first step at fault: {at(wrong)}</span>
      ) : wrong === null ? (
        <span>no step is at fault</span>
      ) : null}
    </p>
  );
}

function hitText(pick: Stretch, wrong: LearnedTrace['wrong']): string {
  if (!wrong) return '';
  return finds(pick, wrong) ? ' (a hit)' : ' (a miss)';
}
